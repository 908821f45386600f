from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.resetting import make_code


class Command(BaseCommand):
    help = "In mã dùng một lần để một người đặt mật khẩu mới, khi không còn người quản trị nào vào được."

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="USER", help="tên đăng nhập")

    def handle(self, *, username, **options):
        user = User.objects.filter(username__iexact=username, is_active=True).first()
        if user is None:
            raise CommandError(f"Không có tài khoản {username} đang dùng được.")
        code, row = make_code(user)
        ends = timezone.localtime(row.expires_at)
        self.stdout.write(code)
        self.stdout.write(
            f"Nhập mã trước {ends:%H:%M, %d/%m/%Y} tại {settings.SITE_ADDRESS}{reverse('accounts:one_time_code')}"
        )
