"""The periods as they are and as they will be, and what would be wrong with such a tree on some day."""

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from cells.changing import Changes, as_values
from cells.dated import FOREVER
from cells.lineage import PeriodRow, TreeError, climb
from cells.models import CELL_KINDS, Organisation, OrganisationPeriod

ONE_DAY = dt.timedelta(days=1)
KEPT = ("organisation", "name", "kind", "parent", "search", "sort_key")


class Tree:
    """All stored periods, by organisation, and the changes to them that are being thought out."""

    def __init__(self, changes: Changes):
        self.changes = changes
        self.rows: dict[int, list[OrganisationPeriod]] = defaultdict(list)
        for period in OrganisationPeriod.unscoped.select_related("organisation", "parent").order_by("first_day"):
            self.rows[period.organisation_id].append(period)

    def on(self, organisation: Organisation, day: dt.date) -> OrganisationPeriod | None:
        return next((row for row in self.rows[organisation.pk] if covers(row, day)), None)

    def lasts_from(self, organisation: Organisation, day: dt.date) -> bool:
        """In force on the day and on every later one."""
        rows = [row for row in self.rows[organisation.pk] if end_of(row) >= day]
        return bool(rows) and rows[0].first_day <= day and follow_on(rows) and rows[-1].last_day is None

    def begins_later(self, organisation: Organisation, day: dt.date) -> dt.date | None:
        """When it changes again after the day, if it does."""
        return next((row.first_day for row in self.rows[organisation.pk] if row.first_day > day), None)

    def children_from(self, organisation: Organisation, day: dt.date) -> list[OrganisationPeriod]:
        """Periods below it that reach the day or begin later."""
        return [row for row in self.all() if row.parent_id == organisation.pk and end_of(row) >= day]

    def turn(self, period: OrganisationPeriod, day: dt.date, decision: str, **values) -> None:
        """From the day on the period is another one; one that begins then or later is changed as a whole."""
        if period.first_day >= day:
            self.changes.change(period, **values, decision=decision)
            return
        self.changes.create(self.continued(period, day, decision, values))
        self.changes.change(period, last_day=day - ONE_DAY)

    def continued(self, period: OrganisationPeriod, day: dt.date, decision: str, values: dict) -> OrganisationPeriod:
        kept = {name: getattr(period, name) for name in KEPT}
        return OrganisationPeriod(**kept | values, first_day=day, last_day=period.last_day, decision=decision)

    def end(self, organisation: Organisation, day: dt.date) -> None:
        """`day` is the first one without it."""
        for period in self.rows[organisation.pk]:
            if period.first_day >= day:
                self.changes.delete(period)
            elif end_of(period) >= day:
                self.changes.change(period, last_day=day - ONE_DAY)

    def as_stored(self) -> list[PeriodRow]:
        return as_rows(as_values(row) for row in self.all())

    def planned(self) -> list[PeriodRow]:
        return as_rows(self.changes.after(OrganisationPeriod, self.all()))

    def all(self) -> Iterator[OrganisationPeriod]:
        return (row for rows in self.rows.values() for row in rows)


def as_rows(periods: Iterable[dict]) -> list[PeriodRow]:
    """For the closure, from values by column; organisations still to be founded bear negative numbers."""
    numbers: dict[int, int] = {}

    def number(organisation):
        is_new = isinstance(organisation, Organisation)
        return numbers.setdefault(id(organisation), -1 - len(numbers)) if is_new else organisation

    return [
        PeriodRow(
            number(values["organisation_id"]),
            number(values["parent_id"]),
            values["kind"] in CELL_KINDS,
            values["first_day"],
            values["last_day"] or FOREVER,
        )
        for values in periods
    ]


def covers(row, day: dt.date) -> bool:
    return row.first_day <= day <= end_of(row)


def end_of(row) -> dt.date:
    return row.last_day or FOREVER


def follow_on(rows: Iterable) -> bool:
    """Without a gap, in this order."""
    return all(end_of(before) + ONE_DAY == after.first_day for before, after in pairwise(rows))


def faults(periods: Iterable[PeriodRow]) -> set[PeriodRow]:
    """Periods that hang, on some day, below themselves, below what is not in force or below a cell."""
    periods = list(periods)
    by_organisation = defaultdict(list)
    for period in periods:
        by_organisation[period.organisation].append(period)
    found = {period for period in periods if not hangs_well(period, by_organisation)}
    for organisation in by_organisation:
        try:
            deque(climb(organisation, by_organisation), maxlen=0)
        except TreeError:
            found.update(by_organisation[organisation])
    return found


def hangs_well(period: PeriodRow, by_organisation: Mapping[int, list[PeriodRow]]) -> bool:
    if period.parent is None:
        return True
    rows = by_organisation.get(period.parent, ())
    above = [row for row in rows if row.last_day >= period.first_day and row.first_day <= period.last_day]
    above.sort(key=lambda row: row.first_day)
    covered = bool(above) and above[0].first_day <= period.first_day and above[-1].last_day >= period.last_day
    return covered and follow_on(above) and not any(row.is_cell for row in above)
