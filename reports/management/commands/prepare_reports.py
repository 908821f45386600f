"""`manage.py prepare_reports PERIOD`: requests the drafts of all organisations, as beat does at a quarter's end."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from reports.asking import asked_organisation, asked_period
from reports.running import begin


class Command(BaseCommand):
    help = "Requests the draft report of every organisation for a period; workers or run_jobs build them."

    def add_arguments(self, parser):
        parser.add_argument("period")
        parser.add_argument("--organisation", help="only of this organisation and what stands below it")

    def handle(self, *args, **options):
        top = asked_organisation(options["organisation"]) if options["organisation"] else None
        run = begin(asked_period(options["period"], None), top)
        self.stdout.write(_("Đã yêu cầu %d báo cáo.") % run.reports.count())
