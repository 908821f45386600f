"""Mails of ours; only where a mail server is set up, and sent by the worker."""

import logging
from urllib.parse import urlencode

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts import resetting
from accounts.models import User
from accounts.text import clean_line

logger = logging.getLogger(__name__)


def ask_for_reset(username: str, address: str) -> None:
    """Rings in any case, so that nobody can tell from the time whether there is such a user with an address."""
    from accounts.tasks import send_reset_mail  # which leads back here

    users = User.objects.filter(username__iexact=clean_line(username), is_active=True).exclude(email="")
    user_id = users.values_list("pk", flat=True).first()
    try:
        send_reset_mail.delay(user_id, address)
    except OperationalError:
        logger.exception("mail for a new password not asked for: no broker")


def send_reset(user_id: int | None, address: str) -> None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    code, _row = resetting.make_code(user, lasts=resetting.BY_MAIL)
    link = f"{address}?{urlencode({'username': user.username, 'code': code})}"
    text = render_to_string("accounts/resetting/mail.txt", {"user": user, "link": link, "code": code})
    send_mail(_("Sổ Chi bộ: đặt lại mật khẩu"), text, None, [user.email])
