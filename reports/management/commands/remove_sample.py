from django.core.management.base import BaseCommand, CommandError

from reports.sample import removing


class Command(BaseCommand):
    help = "Xóa đúng dữ liệu mẫu đã nạp; không xóa gì khi trên đó đã có dữ liệu ghi thêm."

    def handle(self, **options):
        try:
            counts = removing.remove()
        except removing.NoSample:
            raise CommandError("Không có dữ liệu mẫu nào để xóa.") from None
        except removing.RealData as refusal:
            raise CommandError(f"Chưa xóa gì: trên dữ liệu mẫu đã có dữ liệu ghi thêm ({refusal}).") from None
        self.stdout.write("Đã xóa dữ liệu mẫu: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()) + ".")
