"""Deletes each day what has been kept long enough; the periods are settings, and apps to the right add their own."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.auditing import record
from accounts.models import AuditValues, IdempotencyKey, LoginAttempt


@dataclass(frozen=True)
class Kept:
    """`delete(before)` removes what is older than an instant and says how many rows went."""

    name: str
    setting: str
    delete: Callable[[dt.datetime], int]

    @property
    def days(self) -> int:
        return getattr(settings, self.setting)


def old_keys(before: dt.datetime) -> int:
    return IdempotencyKey.objects.filter(at__lt=before).delete()[0]


def old_attempts(before: dt.datetime) -> int:
    return LoginAttempt.objects.filter(at__lt=before).delete()[0]


def old_values(before: dt.datetime) -> int:
    """Before and after of personal fields; who did what stays in the trail, and the chain holds."""
    return AuditValues.objects.filter(entry__at__lt=before).delete()[0]


def over_sessions(before: dt.datetime) -> int:
    return Session.objects.filter(expire_date__lt=before).delete()[0]


_kept = [
    Kept("idempotency_keys", "RETENTION_FORM_KEYS_DAYS", old_keys),
    Kept("login_attempts", "RETENTION_LOGIN_ATTEMPTS_DAYS", old_attempts),
    Kept("audit_values", "RETENTION_AUDIT_VALUES_DAYS", old_values),
    Kept("sessions", "RETENTION_SESSIONS_DAYS", over_sessions),
]


def keep(name: str, setting: str, delete: Callable[[dt.datetime], int]) -> None:
    """Called in `AppConfig.ready`."""
    added = Kept(name, setting, delete)
    if added not in _kept:
        _kept.append(added)


def apply() -> dict[str, int]:
    """{what: how many rows went}; each kind in a transaction of its own, so that one fault does not keep the rest."""
    gone = {}
    for kept in _kept:
        with transaction.atomic():
            gone[kept.name] = kept.delete(timezone.now() - dt.timedelta(days=kept.days))
    if any(gone.values()):
        record("retention.applied", detail=gone)
    return gone
