from django.core.management.base import BaseCommand

from accounts import retaining


class Command(BaseCommand):
    help = "Xóa những gì đã hết thời hạn lưu; việc này vốn chạy tự động mỗi ngày."

    def handle(self, **options):
        for name, count in retaining.apply().items():
            self.stdout.write(f"{name}: {count}")
