"""Exit 0: nothing was changed; 1: something was, each on a line of its own; 2: the trail cannot be read."""

import sys

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from accounts import copying
from accounts.models import AuditEntry, AuditSeal
from accounts.sealing import Fault, Kind, faults

MOST_LINES = 100


class Command(BaseCommand):
    help = "Kiểm tra nhật ký có bị sửa, xóa hay chèn thêm dòng nào không."

    def handle(self, **options):
        try:
            found = list(all_faults())
            sealed, entries = AuditSeal.objects.count(), AuditEntry.objects.count()
        except DatabaseError as error:
            self.stderr.write(f"Không đọc được nhật ký: {type(error).__name__}")
            sys.exit(2)
        for fault in found[:MOST_LINES]:
            self.stderr.write(str(fault))
        self.stdout.write(f"{entries} dòng, {sealed} dòng đã niêm phong, {len(found)} chỗ không khớp.")
        if found:
            sys.exit(1)


def all_faults():
    yield from faults()
    missing = copying.cut_off()
    if missing:
        yield Fault(Kind.SEAL_MISSING, missing)
