import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from cells.exchange.exporting import export_workbook
from cells.models import Organisation


class Command(BaseCommand):
    help = "Write the exchange workbook: the whole database, or one organisation with what it needs to stand alone."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", metavar="CODE")

    def handle(self, *, file, organisation, **options):
        root = None
        if organisation:
            root = Organisation.unscoped.filter(code=organisation).first()
            if root is None:
                self.stderr.write(f"Không có tổ chức mang mã “{organisation}”.")
                sys.exit(1)
        try:
            counts = export_workbook(file, root)
        except OSError as error:
            self.stderr.write(f"Không ghi được tệp {file}: {error.strerror}.")
            sys.exit(1)
        for title, count in counts.items():
            self.stdout.write(f"{title}: {count}")
