"""Sends the letters that wait, outside the quiet hours; what cannot be sent waits longer each time and is never lost.

The row is claimed by one conditional update with a lease, as jobs are. A worker killed between the server's "accepted"
and our "sent" lets the letter go out twice, with the same Message-ID, by which mail programs know it for one.
"""

import datetime as dt
import logging
import smtplib
import time
import uuid

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.retaining import keep
from cells.jobs.timing import from_now
from reports.obligations import reminding, writing
from reports.obligations.models import Letter

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(minutes=1), dt.timedelta(hours=1)
MAX_REFUSALS = 8
A_ROUND = 120  # seconds; beat comes again
AWAY = (OSError, smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError)
State = Letter.State


def remind() -> None:
    if not settings.SENDS_MAIL:
        return
    try:
        reminding.plan(timezone.localdate())
    except Exception:
        logger.exception("not everybody's letters are planned; the next round goes on")
    send_waiting()


def is_quiet(now: dt.time) -> bool:
    first, last = settings.QUIET_HOURS
    return first <= now < last if first <= last else now >= first or now < last


def send_waiting() -> int:
    """How many were sent. Ends at the first sign that the mail server is away, for the others would wait there too."""
    if not settings.SENDS_MAIL or is_quiet(timezone.localtime().time()):
        return 0
    sent, until = 0, time.monotonic() + A_ROUND
    while time.monotonic() < until and (letter := claim()) is not None:
        try:
            sent += deliver(letter)
        except smtplib.SMTPResponseException as error:
            wait(letter, f"{type(error).__name__} {error.smtp_code}", is_refusal=True)
        except smtplib.SMTPRecipientsRefused:
            wait(letter, "SMTPRecipientsRefused", is_refusal=True)
        except AWAY as error:
            wait(letter, type(error).__name__)
            logger.warning("mail server not reached (%s)", type(error).__name__)
            break
        except Exception as error:
            logger.exception("letter %s not written", letter.pk)
            wait(letter, type(error).__name__, is_refusal=True)
    return sent


def claim() -> Letter | None:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    due = Letter.unscoped.filter(free, state=State.WAITING, try_at__lte=Now())
    for pk in due.order_by("try_at", "pk").values_list("pk", flat=True)[:20]:
        token = uuid.uuid4()
        if due.filter(pk=pk).update(token=token, lease_until=from_now(LEASE), attempts=F("attempts") + 1):
            return Letter.unscoped.select_related("user").get(token=token)
    return None


def deliver(letter: Letter) -> bool:
    text = writing.text_of(letter, timezone.localdate())
    if text is None:
        end(letter, State.NOTHING)
        return False
    message = EmailMessage(
        subject=writing.subject_of(letter),
        body=text,
        to=[letter.user.email],
        headers={
            "Message-ID": f"<{letter.kind}-{letter.day:%Y%m%d}-{letter.user.public_id}@so-chi-bo>",
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(),
    )
    message.send()
    end(letter, State.SENT)
    return True


def held(letter: Letter):
    return Letter.unscoped.filter(pk=letter.pk, token=letter.token, state=State.WAITING)


def end(letter: Letter, state: str) -> None:
    sent_at = Now() if state == State.SENT else None
    held(letter).update(state=state, sent_at=sent_at, token=None, lease_until=None, error="")


def wait(letter: Letter, error: str, *, is_refusal: bool = False) -> None:
    """Twice as long as the time before. Only what the server itself refuses, again and again, is given up."""
    refusals = letter.refusals + is_refusal
    is_over = refusals >= MAX_REFUSALS
    held(letter).update(
        state=State.FAILED if is_over else State.WAITING,
        try_at=from_now(min(FIRST_WAIT * 2 ** min(letter.attempts - 1, 10), LONGEST_WAIT)),
        refusals=refusals,
        error=error[:200],
        token=None,
        lease_until=None,
    )


def old_letters(before: dt.datetime) -> int:
    return Letter.unscoped.filter(created__lt=before).exclude(state=State.WAITING).delete()[0]


def keep_for_a_while() -> None:
    """Called in `AppConfig.ready`."""
    keep("letters", "RETENTION_LETTERS_DAYS", old_letters)
