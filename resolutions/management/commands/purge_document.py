import uuid

from django.core.management.base import BaseCommand, CommandError

from resolutions import purging
from resolutions.models import Document


class Command(BaseCommand):
    help = "Xóa hẳn nội dung của một văn bản: tệp, chữ để tìm, tên ở mọi nơi; chỉ ra nơi nào khác còn giữ."

    def add_arguments(self, parser):
        parser.add_argument("document", help="mã trong địa chỉ của trang văn bản")

    def handle(self, **options):
        try:
            document = Document.unscoped.get(public_id=uuid.UUID(options["document"]))
        except (ValueError, Document.DoesNotExist) as error:
            raise CommandError("Không có văn bản nào với mã này.") from error
        purged = purging.purge(document)
        purging.rewrite_tables()
        self.stdout.write(f"Đã xóa {purged.files} tệp của {purged.outlines} bản đề cương, chữ để tìm và tên văn bản.")
        for line in purged.held:
            self.stdout.write(f"Còn giữ: {line}")
