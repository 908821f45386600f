import json

from django.core.management.base import BaseCommand

from cells.reading import one_state
from reports.asking import asked_day, asked_organisation, asked_period
from reports.belonging import STRUCTURES, THEN
from reports.statistics import figures


class Command(BaseCommand):
    help = "Print the figures of one organisation and period as JSON."

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument("period", help="2024-07, 2024-Q3, 2024-H1 or 2024")
        parser.add_argument("--structure", choices=STRUCTURES, default=THEN)
        parser.add_argument("--on", metavar="DATE", help="reference day of 'now'")
        parser.add_argument("--until", metavar="DATE", help="cut-off day")

    def handle(self, *, code, period, structure, on, until, **options):
        with one_state():
            found = figures(asked_organisation(code), asked_period(period, until), structure, asked_day(on))
        self.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
