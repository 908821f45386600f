"""Which periods of the recurring duties were done, are missing, or are still to come."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cells.dated import FOREVER
from speakers.models import HeldActivity, RecurringDuty, RosterReview
from speakers.rotating import end_of, following

JANUARY = 1
YEAR, HALF, QUARTER = 12, 6, 3


@dataclass(frozen=True)
class Due:
    """One period of a duty; `day` is when it was first done."""

    first_day: dt.date
    last_day: dt.date
    label: str
    day: dt.date | None = None
    is_over: bool = False

    @property
    def is_missing(self) -> bool:
        return self.day is None and self.is_over


@dataclass(frozen=True)
class DutyRow:
    duty: RecurringDuty
    periods: list[Due]

    @property
    def done(self) -> int:
        return sum(one.day is not None for one in self.periods)

    @property
    def missing(self) -> list[Due]:
        return [one for one in self.periods if one.is_missing]


def duty_rows(organisation: int, year: int, today: dt.date) -> list[DutyRow]:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    days = days_done(organisation, first, last)
    duties = RecurringDuty.unscoped.filter(organisation=organisation, first_day__lte=last).exclude(last_day__lt=first)
    return [DutyRow(duty, list(periods(duty, year, days[duty.kind], today))) for duty in duties]


def days_done(organisation: int, first: dt.date, last: dt.date) -> dict[str, list[dt.date]]:
    found = defaultdict(list)
    held = HeldActivity.unscoped.filter(organisation=organisation, day__range=(first, last)).order_by("day")
    for kind, day in held.values_list("kind", "day"):
        found[kind].append(day)
    reviews = RosterReview.unscoped.filter(organisation=organisation, finished_at__isnull=False)
    found[RecurringDuty.Kind.REVIEW] += reviews.filter(day__range=(first, last)).values_list("day", flat=True)
    return found


def periods(duty: RecurringDuty, year: int, days: Iterable[dt.date], today: dt.date):
    """Those of the calendar year that lie wholly inside the days of the duty, as months and quarters do elsewhere."""
    for month in range(JANUARY, JANUARY + YEAR, duty.months):
        first = dt.date(year, month, 1)
        last = end_of(following(first, duty.months - 1))
        if first >= duty.first_day and last <= (duty.last_day or FOREVER):
            day = min((day for day in days if first <= day <= last), default=None)
            yield Due(first, last, label_of(first, duty.months), day, last < today)


def label_of(first: dt.date, months: int) -> str:
    part = (first.month - 1) // months + 1
    if months == YEAR:
        return _("Năm %d") % first.year
    if months == HALF:
        return _("6 tháng đầu năm") if part == 1 else _("6 tháng cuối năm")
    return _("Quý %s") % ("I", "II", "III", "IV")[part - 1] if months == QUARTER else _("Tháng %d") % part
