from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts import backing_up
from accounts.auditing import record
from accounts.refusing import Refused


class Command(BaseCommand):
    help = "Phục hồi một bản sao lưu vào DATA_DIR và cơ sở dữ liệu còn trống; kiểm tra toàn bộ trước khi ghi gì."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="thư mục do lệnh backup lập ra")

    def handle(self, *, folder, **options):
        try:
            backing_up.restore(folder)
        except Refused as refusal:
            raise CommandError(f"Chưa phục hồi gì. {refusal.text}") from None
        call_command("migrate", interactive=False, verbosity=0)
        record("backup.restored", detail={"backup": folder.resolve().name})
        self.stdout.write(f"Đã phục hồi {folder}.")
