"""What allauth asks of a project: its steps of a log-in, its words, how its secrets are kept."""

import base64
import ipaddress

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.addresses import client_address


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return client_address(request)

    def get_login_stages(self):
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_reauthentication_methods(self, user):
        """By password alone: it is what the next person at this computer does not know."""
        return [{"id": "reauthenticate", "description": _("Mật khẩu"), "url": reverse("account_reauthenticate")}]

    def add_message(self, *args, **kwargs):
        """Our pages say themselves what was done."""

    def send_notification_mail(self, *args, **kwargs):
        """Most users have no address; what happened to their log-in stands in the audit trail."""


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        "incorrect_code": _("Mã không đúng hoặc đã dùng rồi. Hãy nhập mã đang hiện trên điện thoại."),
        "cannot_delete_authenticator": _("Vai trò của đồng chí phải có xác thực hai lớp, nên không tắt được."),
        "cannot_generate_recovery_codes": _("Hãy bật xác thực hai lớp trước."),
    }

    def encrypt(self, text):
        return secrets_box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        try:
            return secrets_box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise second_factor.SecretsLost from error

    def can_delete_authenticator(self, authenticator):
        return not second_factor.is_last(authenticator) or not second_factor.is_demanded(authenticator.user)

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user, type):
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Khóa truy cập %(number)d") % {"number": number}


def secrets_box() -> MultiFernet:
    """A stolen database must not hold the seeds of second factors, so they are locked with the key of the machine."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(derived(key)) for key in keys])


def derived(key: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"accounts.second_factor")
    return base64.urlsafe_b64encode(kdf.derive(key.encode()))


def offers_passkeys(request) -> bool:
    """Browsers keep passkeys for names reached over https, and for this very machine as `localhost`."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return host == "localhost" or (request.is_secure() and not is_number(host))


def is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
