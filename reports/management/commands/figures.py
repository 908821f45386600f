import datetime as dt
import json
import sys

from django.core.management.base import BaseCommand

from cells.models import Organisation
from reports.belonging import STRUCTURES, THEN
from reports.periods import Period, PeriodError
from reports.statistics import figures


class Command(BaseCommand):
    help = "Print the figures of one organisation and period as JSON."

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument("period", help="2024-07, 2024-Q3, 2024-H1 or 2024")
        parser.add_argument("--structure", choices=STRUCTURES, default=THEN)
        parser.add_argument("--on", type=dt.date.fromisoformat, metavar="DATE", help="reference day of 'now'")
        parser.add_argument("--until", type=dt.date.fromisoformat, metavar="DATE", help="cut-off day")

    def handle(self, *, code, period, structure, on, until, **options):
        organisation = Organisation.unscoped.filter(code=code).first()
        if organisation is None:
            self.refuse(f"Không có tổ chức mang mã “{code}”.")
        try:
            found = figures(organisation, Period.parse(period, until), structure, on)
        except PeriodError as error:
            self.refuse(str(error))
        self.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))

    def refuse(self, text: str) -> None:
        self.stderr.write(text)
        sys.exit(1)
