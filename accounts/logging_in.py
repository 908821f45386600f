"""What happens around a log-in besides the log-in itself: the clock of the session and the audit trail."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts import idling
from accounts.auditing import record
from accounts.models import User
from accounts.text import clean_line
from accounts.throttling import account_digest


@receiver(user_logged_in)
def note_log_in(request, user, **kwargs):
    if hasattr(request, "session"):
        idling.begin(request.session)
    record("login.ok", actor=user, target=user, request=request)


@receiver(user_logged_out)
def note_log_out(request, user, **kwargs):
    if user:
        record("logout", actor=user, target=user, request=request)


@receiver(user_login_failed)
def note_failure(credentials, request=None, **kwargs):
    # The name as typed is not kept: people type passwords into that field.
    typed = clean_line(str(credentials.get("username", "")))
    user = User.objects.filter(username__iexact=typed).first()
    record("login.failed", target=user, detail={"account": account_digest(typed)}, request=request)
