"""What a roll-call adds up to, and the roll-up by organisation and month; alone in writing `MonthlyRollup`."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth

from cells.models import Estimate, Lineage
from sessions.models import COUNTERS, REGULAR_KINDS, THEMATIC_KINDS, Mark, MonthlyRollup, Session

ADDED_UP = (
    *COUNTERS,
    "sessions",
    "sessions_regular",
    "sessions_thematic",
    "guests",
    "guests_nearly",
    "guests_about",
    "guests_over",
)


def count_marks(marks: Iterable[tuple[str, bool]]) -> dict[str, int]:
    """Counters of one session from its (mark, is_expected) pairs; nobody may be unmarked."""
    counters = dict.fromkeys(COUNTERS, 0)
    for mark, is_expected in marks:
        if not is_expected:
            counters["exempt_present"] += 1
            continue
        counters["expected"] += 1
        if mark == Mark.PRESENT_ONLINE:
            counters["present_online"] += 1
        counters[COUNTED_AS[mark]] += 1
    return counters


COUNTED_AS = {
    Mark.PRESENT: "present",
    Mark.PRESENT_ONLINE: "present",
    Mark.EXCUSED: "excused",
    Mark.UNEXCUSED: "unexcused",
}


def count_roll_call(session: Session) -> dict[str, int]:
    return count_marks(session.roll_call.values_list("mark", "is_expected"))


def month_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def addends(session: Session) -> dict[str, int]:
    """What one closed session adds to each roll-up row above it."""
    return {name: getattr(session, name) for name in COUNTERS} | {
        "sessions": 1,
        "sessions_regular": int(session.kind in REGULAR_KINDS),
        "sessions_thematic": int(session.kind in THEMATIC_KINDS),
        "guests": session.guests,
        "guests_nearly": int(session.guests_estimate == Estimate.NEARLY),
        "guests_about": int(session.guests_estimate == Estimate.ABOUT),
        "guests_over": int(session.guests_estimate == Estimate.OVER),
    }


@transaction.atomic
def add_to_rollup(session: Session, times: int = 1) -> None:
    """Add a session that was just closed, or with `times=-1` take out one that is being reopened."""
    above = Lineage.unscoped.on(session.day).filter(descendant=session.cell_id).order_by("depth")
    organisations = list(above.values_list("ancestor_id", flat=True))
    month = month_of(session.day)
    MonthlyRollup.unscoped.bulk_create(
        [MonthlyRollup(organisation_id=organisation, month=month) for organisation in organisations],
        ignore_conflicts=True,
    )
    changes = {name: F(name) + times * value for name, value in addends(session).items()}
    # One row at a time, leaf to root: two closings at once take the shared rows in the same order.
    for organisation in organisations:
        MonthlyRollup.unscoped.filter(organisation=organisation, month=month).update(**changes)


@transaction.atomic
def rebuild_rollup(months: Iterable[dt.date] | None = None) -> int:
    """Make the roll-up agree with the closed sessions, of these months (first days) or of all; returns rows changed."""
    stored = MonthlyRollup.unscoped.all()
    sessions = Session.unscoped.closed()
    if months is not None:
        months = sorted(set(months))
        stored = stored.filter(month__in=months)
        sessions = sessions.filter(month_filter(months))
    wanted = {(row.pop("ancestor"), row.pop("month")): row for row in sums_by_month(sessions)}
    current = {(row.organisation_id, row.month): row for row in stored}
    stale = [row.pk for key, row in current.items() if key not in wanted]
    changed = [key for key, sums in wanted.items() if key not in current or differs(current[key], sums)]
    for start in range(0, len(stale), 500):
        MonthlyRollup.unscoped.filter(pk__in=stale[start : start + 500]).delete()
    MonthlyRollup.unscoped.bulk_create(
        [MonthlyRollup(organisation_id=o, month=month, **wanted[o, month]) for o, month in changed],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["organisation", "month"],
        update_fields=ADDED_UP,
    )
    return len(stale) + len(changed)


def month_filter(months: list[dt.date]) -> Q:
    if not months:
        return Q(pk__in=[])
    # The span first: it can use the index on the day. A few months in between cost little.
    after_last = (months[-1] + dt.timedelta(days=32)).replace(day=1)
    return Q(day__gte=months[0], day__lt=after_last, day__month__in={month.month for month in months}) & Q(
        day__year__in={month.year for month in months}
    )


def sums_by_month(sessions) -> list[dict]:
    """One row per ancestor and month, as the tree stood on the day of each session."""
    return list(
        sessions.filter(cell__ancestries__first_day__lte=F("day"), cell__ancestries__last_day__gte=F("day"))
        .order_by()
        .values(ancestor=F("cell__ancestries__ancestor"), month=TruncMonth("day"))
        .annotate(**session_sums())
    )


def session_sums() -> dict:
    """The aggregates of `ADDED_UP` over closed sessions, one table, no joins."""
    return {name: Sum(name, default=0) for name in (*COUNTERS, "guests")} | {
        "sessions": Count("pk"),
        "sessions_regular": Count("pk", filter=Q(kind__in=REGULAR_KINDS)),
        "sessions_thematic": Count("pk", filter=Q(kind__in=THEMATIC_KINDS)),
        "guests_nearly": Count("pk", filter=Q(guests_estimate=Estimate.NEARLY)),
        "guests_about": Count("pk", filter=Q(guests_estimate=Estimate.ABOUT)),
        "guests_over": Count("pk", filter=Q(guests_estimate=Estimate.OVER)),
    }


def differs(row: MonthlyRollup, sums: dict) -> bool:
    return any(getattr(row, name) != value for name, value in sums.items())
