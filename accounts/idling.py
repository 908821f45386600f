"""How long a log-in lasts: an idle limit that depends on the role, and ten hours at most."""

import datetime as dt
import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.utils import timezone

from accounts.addresses import client_address

SHORT = dt.timedelta(minutes=15)
LONG = dt.timedelta(minutes=60)
ABSOLUTE = dt.timedelta(hours=10)
SAVE_EVERY = dt.timedelta(minutes=1)

BEGAN, SEEN = "began", "seen"

# A page that asks again by itself sends this header, or watching a report would keep a session open all night.
POLL_HEADER = "X-Poll"

_short_for: list[Callable] = []


def shorten_for(is_short: Callable) -> None:
    """Apps to the right say here, when Django starts, which users get the short limit: `is_short(user) -> bool`."""
    if is_short not in _short_for:
        _short_for.append(is_short)


def idle_limit(user) -> dt.timedelta:
    if user.is_administrator or any(is_short(user) for is_short in _short_for):
        return SHORT
    return LONG


def begin(session) -> None:
    session[BEGAN] = session[SEEN] = int(time.time())


def stay(request) -> bool:
    """False once the session is over; else notes that its owner is here, at most once a minute."""
    session, now = request.session, time.time()
    seconds_idle = now - session.get(SEEN, 0)
    if now - session.get(BEGAN, 0) > ABSOLUTE.total_seconds():
        return False
    if seconds_idle > SHORT.total_seconds() and seconds_idle > idle_limit(request.user).total_seconds():
        return False
    if seconds_idle >= SAVE_EVERY.total_seconds() and POLL_HEADER not in request.headers:
        note_presence(request)
    return True


def note_presence(request) -> None:
    request.session[SEEN] = int(time.time())
    UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=timezone.now(), ip=client_address(request)
    )


def seconds_left(request) -> int:
    """Until this log-in ends, should nothing more be heard of its owner."""
    session, now = request.session, time.time()
    idle_end = session.get(SEEN, 0) + idle_limit(request.user).total_seconds()
    return max(0, int(min(idle_end, session.get(BEGAN, 0) + ABSOLUTE.total_seconds()) - now))
