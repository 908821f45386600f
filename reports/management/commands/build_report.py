"""`manage.py build_report CODE PERIOD --output FILE.pdf`: the draft that the worker would build, without the queue."""

import json
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cells.papers.confining import ChildError, ChildKilled, ChildTooSlow, run_confined
from reports.asking import asked_organisation, asked_period
from reports.building import counted, seconds_for
from reports.models import Report


class Command(BaseCommand):
    help = "Builds the report of an organisation and period (2024-07, 2024-Q3, 2024-H1, 2024) as a PDF file."

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument("period")
        parser.add_argument("--until", help="cut-off day within the period, as 2024-09-15; its last day if not given")
        parser.add_argument("--output", required=True)

    def handle(self, *args, **options):
        period = asked_period(options["period"], options["until"])
        report = Report(organisation=asked_organisation(options["code"]), period=period.code, until=period.until)
        write_pdf(counted(report), Path(options["output"]))
        self.stdout.write(options["output"])


def write_pdf(content: dict, target: Path) -> None:
    """Under its own name the file stands whole or not at all."""
    source = json.dumps(content, ensure_ascii=False).encode()
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".pdf", delete=False) as draft:
            try:
                typeset(source, draft)
                os.chmod(draft.name, 0o644)
                os.replace(draft.name, target)
            finally:
                Path(draft.name).unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(
            _("Không ghi được tệp %(file)s: %(why)s") % {"file": target, "why": error.strerror}
        ) from error


def typeset(source: bytes, output) -> None:
    try:
        run_confined(
            settings.RENDER_COMMAND, source, output, seconds=seconds_for(source), memory=settings.RENDER_MEMORY
        )
    except (ChildError, ChildKilled, ChildTooSlow) as error:
        raise CommandError(_("Không dàn trang được: %s") % (error or type(error).__name__)) from error
