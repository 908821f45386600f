"""A forgotten password: a code is handed over on paper (or mailed), and its owner chooses a new one.

Nothing changes until the code is used, and a second factor stays; that is taken away by two persons together.
"""

import datetime as dt
from collections.abc import Callable

from allauth.core.internal.cryptokit import generate_user_code, normalize_user_code
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import ending
from accounts.auditing import record
from accounts.models import ResetCode, SecondFactorReset, User
from accounts.text import clean_line

ON_PAPER = dt.timedelta(hours=72)
BY_MAIL = dt.timedelta(hours=1)
LETTERS = 12

_helpers: list[tuple[Callable, Callable]] = []


class CodeUsedUp(Exception):
    """In the meantime it was used, replaced, or its time was over."""


def allow(is_helper: Callable, may_help: Callable) -> None:
    """Apps to the right say here, when Django starts, who helps besides administrators, and whom."""
    if (is_helper, may_help) not in _helpers:
        _helpers.append((is_helper, may_help))


def is_helper(actor) -> bool:
    return actor.is_administrator or any(is_helper(actor) for is_helper, _ in _helpers)


def may_reset(actor, user) -> bool:
    """Never oneself: whoever is logged in changes the password with the old one."""
    if actor.pk == user.pk or not user.is_active:
        return False
    return actor.is_administrator or any(is_helper(actor) and may_help(actor, user) for is_helper, may_help in _helpers)


def digest(code: str) -> str:
    return salted_hmac("accounts.resetting", normalize_user_code(code), algorithm="sha256").hexdigest()


def make_code(user, *, actor=None, lasts: dt.timedelta = ON_PAPER, request=None) -> tuple[str, ResetCode]:
    """The code, shown this once, and its row. Earlier ones of the same user are void."""
    code = generate_user_code(length=LETTERS)
    fields = {"digest": digest(code), "made_by": actor, "expires_at": timezone.now() + lasts, "used_at": None}
    with transaction.atomic():
        row, _created = ResetCode.objects.update_or_create(user=user, defaults=fields)
        action = "password.code_sent" if lasts == BY_MAIL else "password.code_made"
        record(action, actor=actor, target=user, request=request)
    return code, row


def find(username: str, code: str) -> ResetCode | None:
    return (
        good_codes()
        .filter(user__username__iexact=clean_line(username), user__is_active=True, digest=digest(code))
        .select_related("user")
        .first()
    )


def good_codes():
    return ResetCode.objects.filter(used_at=None, expires_at__gt=timezone.now())


@transaction.atomic
def choose_password(row: ResetCode, form, request) -> None:
    """Uses the code up and ends all log-ins; the same code at the same moment elsewhere comes too late."""
    taken = good_codes().filter(pk=row.pk, digest=row.digest).update(used_at=timezone.now())
    if not taken:
        raise CodeUsedUp
    form.save()
    ending.end_all(row.user)
    record("password.reset", target=row.user, request=request)


@transaction.atomic
def ask_second_factor_reset(user, request) -> SecondFactorReset:
    asked, _created = SecondFactorReset.objects.get_or_create(user=user, defaults={"asked_by": request.user})
    record("second_factor.reset_asked", target=user, request=request)
    return asked


def waiting_for(actor) -> list[SecondFactorReset]:
    """Requests about users whom this one may help, including those still waiting for another person."""
    asked = SecondFactorReset.objects.select_related("user", "asked_by").order_by("asked_at")
    return [one for one in asked if may_reset(actor, one.user)]


@transaction.atomic
def reset_second_factor(asked: SecondFactorReset, request) -> User:
    take_second_factor_away(asked.user, request, asked_by=asked.asked_by_id)
    asked.delete()
    return asked.user


@transaction.atomic
def take_second_factor_away(user, request=None, **detail) -> None:
    """All of them with the recovery codes, and all log-ins that rested on them."""
    Authenticator.objects.filter(user_id=user.pk).delete()
    ending.end_all(user)
    record("second_factor.reset", target=user, detail=detail, request=request)


@transaction.atomic
def drop_second_factor_reset(asked: SecondFactorReset, request) -> None:
    record("second_factor.reset_dropped", target=asked.user, request=request)
    asked.delete()
