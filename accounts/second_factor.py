"""Who needs a second factor, who has one, and codes that count once."""

import logging
from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction

from accounts import ending

PASSED = "second_factor"  # in the session: this log-in has shown one
TYPED = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
LAST_STEP = "last_step"

logger = logging.getLogger(__name__)

_demanded_of: list[Callable] = []


class SecretsLost(Exception):
    """The second factors were locked with another SECRET_KEY than this installation has."""


def demand_of(is_demanded: Callable) -> None:
    """Apps to the right say here, when Django starts, which users need one: `is_demanded(user) -> bool`."""
    if is_demanded not in _demanded_of:
        _demanded_of.append(is_demanded)


def is_demanded(user) -> bool:
    if not settings.SECOND_FACTOR:
        return False
    return user.is_administrator or any(is_demanded(user) for is_demanded in _demanded_of)


def factors():
    """Recovery codes are none by themselves."""
    return Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)


def of(user):
    return factors().filter(user_id=user.pk)


def kinds_of(user) -> set[str]:
    return set(of(user).values_list("type", flat=True))


def passkeys_of(user):
    return of(user).filter(type=Authenticator.Type.WEBAUTHN).order_by("created_at")


def codes_of(user) -> Authenticator | None:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()


def codes_left(user) -> int:
    codes = codes_of(user)
    return len(codes.wrap().get_unused_codes()) if codes else 0


def is_last(authenticator: Authenticator) -> bool:
    return not of(authenticator.user).exclude(pk=authenticator.pk).exists()


def has_passed(request) -> bool:
    """Shown when logging in, or set up since."""
    if request.session.get(PASSED):
        return True
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def begin(request) -> None:
    """Whoever has just set one up has shown it; log-ins that have not are over."""
    request.session[PASSED] = True
    ending.end_others(request)


@transaction.atomic
def take(user, code: str) -> Authenticator | None:
    """The second factor to which this code belongs, and never again; None when there is none."""
    for authenticator in Authenticator.objects.select_for_update().filter(user_id=user.pk, type__in=TYPED):
        try:
            is_right = use_up(authenticator, code)
        except SecretsLost:
            logger.exception("second factor %s cannot be read: SECRET_KEY is not the one that locked it", user.pk)
            continue
        if is_right:
            authenticator.refresh_from_db()
            return authenticator
    return None


def use_up(authenticator: Authenticator, code: str) -> bool:
    if authenticator.type == Authenticator.Type.TOTP:
        return take_step(authenticator, code)
    return authenticator.wrap().validate_code(code)


def take_step(authenticator: Authenticator, code: str) -> bool:
    """In the database, since the next web process must know that a code was used; older codes are used up with it."""
    secret = decrypt(authenticator.data["secret"])
    for step in yield_hotp_counters_from_time():
        is_fresh = step > authenticator.data.get(LAST_STEP, 0)
        if is_fresh and compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            authenticator.data[LAST_STEP] = step
            authenticator.save(update_fields=["data"])
            return True
    return False
