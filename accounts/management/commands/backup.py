from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts import backing_up


class Command(BaseCommand):
    help = "Sao lưu cơ sở dữ liệu và các tệp vào một thư mục mới, kèm mã kiểm tra; khóa SECRET_KEY không nằm trong đó."

    def add_arguments(self, parser):
        parser.add_argument("place", metavar="FOLDER", nargs="?", type=Path, help="nơi đặt; mặc định DATA_DIR/backups")
        parser.add_argument("--keep", metavar="N", type=int, default=0, help="chỉ giữ N bản mới nhất ở nơi đó")

    def handle(self, *, place, keep, **options):
        place = place or settings.DATA_DIR / "backups"
        folder = backing_up.back_up(place)
        if keep > 0:
            backing_up.forget_old(place, keep)
        self.stdout.write(f"Đã sao lưu: {folder}")
