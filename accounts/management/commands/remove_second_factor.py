from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.resetting import take_second_factor_away


class Command(BaseCommand):
    help = "Gỡ xác thực hai lớp của một người, khi không còn người quản trị nào vào được; người đó phải bật lại."

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="USER", help="tên đăng nhập")

    def handle(self, *, username, **options):
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist as error:
            raise CommandError(f"Không có tài khoản {username}.") from error
        take_second_factor_away(user, by="command line")
        self.stdout.write(f"Đã gỡ xác thực hai lớp của {user.username} và kết thúc mọi phiên đăng nhập.")
