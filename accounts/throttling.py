"""Slows the guessing of passwords, without letting a stranger lock the owner out."""

import datetime as dt

from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.addresses import client_address, neighbourhood
from accounts.auditing import record
from accounts.models import AuditEntry, LoginAttempt
from accounts.text import clean_line

WINDOW = dt.timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 10
PER_ADDRESS = 50
CODES_PER_ACCOUNT = 30  # from everywhere: six digits are few, and whoever is asked for them knew the password
MAILS_PER_ACCOUNT = 3


class TooManyAttempts(Exception):
    def __init__(self, again_at: dt.datetime):
        super().__init__(again_at)
        self.again_at = again_at


def account_digest(username: str) -> str:
    """Names that were typed are not stored: now and then they are passwords."""
    return salted_hmac("accounts.throttling", clean_line(username).casefold(), algorithm="sha256").hexdigest()


def begin(username: str, address: str, per_account: int | None = None) -> LoginAttempt:
    """Counts an attempt before its password is looked at; raises TooManyAttempts when there were enough.

    `per_account` limits those from all addresses together, for secrets so short that many senders would find them.
    Written first and counted afterwards, so that attempts arriving together at several processes all see each other.
    """
    now = timezone.now()
    LoginAttempt.objects.filter(at__lt=now - WINDOW).delete()
    attempt = LoginAttempt.objects.create(account=account_digest(username), address=neighbourhood(address))
    others = LoginAttempt.objects.filter(at__gte=now - WINDOW).exclude(pk=attempt.pk)
    from_here = others.filter(address=attempt.address)
    limits = [(from_here.filter(account=attempt.account), PER_ACCOUNT_AND_ADDRESS), (from_here, PER_ADDRESS)]
    if per_account:
        limits.append((others.filter(account=attempt.account), per_account))
    for rows, limit in limits:
        times = rows.order_by("-at").values_list("at", flat=True)[:limit]
        if len(times) >= limit:
            attempt.delete()  # what is refused costs nothing and does not prolong the wait
            raise TooManyAttempts(times[limit - 1] + WINDOW)
    return attempt


def note_refusal(name: str, request) -> None:
    """One entry for each sender and quarter of an hour: a flood of guesses must not become one of the trail."""
    sender = neighbourhood(client_address(request))
    noted = AuditEntry.objects.filter(action="login.throttled", at__gte=timezone.now() - WINDOW, detail__sender=sender)
    if not noted.exists():
        record("login.throttled", detail={"account": account_digest(name), "sender": sender}, request=request)


def forgive(attempt: LoginAttempt) -> None:
    """The owner is in: their slips from this address are forgotten, those at other accounts are not."""
    LoginAttempt.objects.filter(account=attempt.account, address=attempt.address).delete()
