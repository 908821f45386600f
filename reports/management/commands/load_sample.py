import datetime as dt
import logging

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.sample import loading
from reports.sample.people import DEMO_LOGINS


class Command(BaseCommand):
    help = "Nạp dữ liệu mẫu vào cơ sở dữ liệu còn trống."

    def add_arguments(self, parser):
        parser.add_argument("--size", choices=list(loading.PLANS), default="small")
        parser.add_argument("--today", type=dt.date.fromisoformat, default=None, metavar="YYYY-MM-DD")

    def handle(self, *, size, today, **options):
        logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
        try:
            loaded = loading.loaded_day(size)
            if loaded is None:
                counts = loading.load(size, today or timezone.localdate(), self.say)
        except loading.NotEmpty:
            raise CommandError(
                "Cơ sở dữ liệu đã có tổ chức khác: chỉ nạp dữ liệu mẫu vào cơ sở dữ liệu trống."
            ) from None
        except loading.TooEarly as early:
            raise CommandError(f"Dữ liệu mẫu chỉ lập được cho ngày từ {early.args[0]:%d/%m/%Y} trở đi.") from None
        if loaded is None:
            self.report(counts)
        elif today in (None, loaded):
            self.stdout.write(f"Dữ liệu mẫu đã được nạp từ trước (đến ngày {loaded:%d/%m/%Y}).")
        else:
            raise CommandError(f"Dữ liệu mẫu đã được nạp cho ngày khác ({loaded:%d/%m/%Y}).")

    def say(self, text):
        self.stderr.write(text)

    def report(self, counts):
        self.stdout.write(
            "Đã nạp dữ liệu mẫu: {organisation} tổ chức, {person} người, {session} buổi sinh hoạt, "
            "{attendance} lượt điểm danh, {studyconference} hội nghị.".format(**counts)
        )
        if not settings.IS_DEMO:
            self.stdout.write("Không tạo tài khoản dùng thử, vì PROFILE không phải là demo.")
            return
        for username, password, role, _organisation in DEMO_LOGINS:
            self.stdout.write(f"  {username:10} {password}  {role}")
