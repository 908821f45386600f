"""By when a month's regular session is due where the cell put it off.

Its rule, from Directive 50-CT/TW of 23-7-2025: who cannot meet on the day says why and sets another one. The day told
counts if it lies in the month it was planned for and was told while the session was not yet due; put off again in
time, the later day counts.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from sessions.models import REGULAR_KINDS, Session, SessionNotice
from sessions.rules import Rulebook, month_start

Told = tuple[dt.date, dt.date]  # the day on which it was told, the day that was set


def deferrals(cells: Iterable[int], first: dt.date, last: dt.date, *, on: dt.date) -> Mapping[tuple, list[Told]]:
    """{(cell, first day of the month): what was told up to the day `on`, in turn}; one query."""
    rows = SessionNotice.unscoped.filter(
        kind=SessionNotice.Kind.POSTPONED,
        session__cell__in=cells,
        session__kind__in=REGULAR_KINDS,
        old_day__range=(month_start(first), last),
    )
    rows = rows.filter(~Q(session__state=Session.State.CANCELLED) | Q(called_off_after(on))).order_by("given_at", "pk")
    found = defaultdict(list)
    for cell, old_day, new_day, given_at in rows.values_list("session__cell", "old_day", "new_day", "given_at"):
        told_on, month = timezone.localdate(given_at), month_start(old_day)
        if told_on <= on and month == month_start(new_day):
            found[cell, month].append((told_on, new_day))
    return found


def called_off_after(on: dt.date) -> Exists:
    """On the day `on` it still was to be held on its new day."""
    notices = SessionNotice.unscoped.filter(session=OuterRef("session"), kind=SessionNotice.Kind.CANCELLED)
    return Exists(notices.filter(given_at__date__gt=on))


def due_day(cell: int, day: dt.date, rulebook: Rulebook, told: Mapping[tuple, list[Told]]) -> dt.date:
    """The last day on which the regular session of this day's month is not yet late."""
    return deferred(rulebook.session_day(cell, day), told.get((cell, month_start(day)), ()))


def deferred(due: dt.date, told: Iterable[Told]) -> dt.date:
    for told_on, new_day in told:
        if told_on <= due:
            due = max(due, new_day)
    return due
