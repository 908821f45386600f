"""What happens around a log-in besides the log-in itself: the clock, the list of log-ins and the audit trail."""

from allauth.core import context
from allauth.mfa import signals as second_factor
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from accounts import idling
from accounts.addresses import client_address
from accounts.auditing import record
from accounts.models import User
from accounts.text import clean_line
from accounts.throttling import account_digest


@receiver(user_logged_in)
def note_log_in(request, user, **kwargs):
    if hasattr(request, "session"):
        idling.begin(request.session)
        if not request.session.session_key:  # begun anew for another user
            request.session.save()
        UserSession.objects.update_or_create(
            session_key=request.session.session_key,
            defaults={
                "user": user,
                "ip": client_address(request),
                "user_agent": clean_line(request.META.get("HTTP_USER_AGENT", ""))[:200],
                "created_at": timezone.now(),
                "last_seen_at": timezone.now(),
            },
        )
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


@receiver(second_factor.authentication_failed)
def note_wrong_code(request, user, **kwargs):
    record("login.second_factor_failed", target=user, request=request)


@receiver(second_factor.authenticator_used)
def note_second_factor(request, user, authenticator, **kwargs):
    record("login.second_factor", actor=user, target=user, detail=about(authenticator), request=request)


# By the rows, in their transaction: allauth tells only after the commit, and not of all ways.
@receiver(post_save, sender=Authenticator)
def note_added(instance, created, **kwargs):
    if created:
        record("second_factor.added", target=instance.user, detail=about(instance), request=context.request)


@receiver(post_delete, sender=Authenticator)
def note_removed(instance, **kwargs):
    record("second_factor.removed", target=instance.user, detail=about(instance), request=context.request)


def about(authenticator) -> dict:
    return {"kind": authenticator.type, "id": authenticator.pk}
