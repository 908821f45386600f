from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.refusing import Refused
from reports.first_start import first_link


class Command(BaseCommand):
    help = "In đường liên kết dùng một lần để lập người quản trị đầu tiên."

    def handle(self, *args, **options):
        try:
            token = first_link()
        except Refused as refusal:
            raise CommandError(refusal.text) from None
        self.stdout.write("Mở địa chỉ này để lập người quản trị đầu tiên (dùng một lần, không đưa cho ai khác):")
        self.stdout.write(f"  {settings.SITE_ADDRESS}{reverse('cells:invitation_open', args=[token])}")
