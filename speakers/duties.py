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

    @property
    def full_label(self) -> str:
        """`quý III/2026`, where the year is not said beside it."""
        year = str(self.first_day.year)
        return self.label.lower() if year in self.label else f"{self.label[0].lower()}{self.label[1:]}/{year}"


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
    return rows_of_all([organisation], [year], today)


def rows_of_all(organisations: Iterable[int], years: list[int], today: dt.date) -> list[DutyRow]:
    """A row for each duty and year, by three queries."""
    first, last = dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31)
    days = days_done(organisations, first, last)
    duties = RecurringDuty.unscoped.filter(organisation__in=organisations, first_day__lte=last)
    return [
        DutyRow(duty, list(periods(duty, year, days[duty.organisation_id, duty.kind], today)))
        for duty in duties.exclude(last_day__lt=first)
        for year in years
    ]


def days_done(organisations: Iterable[int], first: dt.date, last: dt.date) -> dict[tuple, list[dt.date]]:
    """{(organisation, kind): days}"""
    found = defaultdict(list)
    held = HeldActivity.unscoped.filter(organisation__in=organisations, day__range=(first, last)).order_by("day")
    for organisation, kind, day in held.values_list("organisation", "kind", "day"):
        found[organisation, kind].append(day)
    reviews = RosterReview.unscoped.filter(organisation__in=organisations, finished_at__isnull=False)
    for organisation, day in reviews.filter(day__range=(first, last)).values_list("organisation", "day"):
        found[organisation, RecurringDuty.Kind.REVIEW].append(day)
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
