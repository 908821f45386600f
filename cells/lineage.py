"""Keeps the dated closure of the tree equal to what the periods say. The only place that writes `Lineage`."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from django.db import transaction

from cells.dated import FOREVER
from cells.models import CELL_KINDS, Lineage, OrganisationPeriod


class TreeError(Exception):
    """An organisation hangs below itself on some day."""


class PeriodRow(NamedTuple):
    organisation: int
    parent: int | None
    is_cell: bool
    first_day: dt.date
    last_day: dt.date


class LineageRow(NamedTuple):
    ancestor: int
    descendant: int
    depth: int
    is_cell: bool
    first_day: dt.date
    last_day: dt.date


@transaction.atomic
def rebuild() -> int:
    """Make the closure agree with all periods; returns how many rows were written or removed."""
    wanted = set(derive(stored_periods()))
    stored = {LineageRow(*row[1:]): row[0] for row in stored_lineage()}
    stale = [pk for row, pk in stored.items() if row not in wanted]
    for start in range(0, len(stale), 500):
        Lineage.unscoped.filter(pk__in=stale[start : start + 500]).delete()
    fresh = [as_lineage(row) for row in sorted(wanted - stored.keys())]
    Lineage.unscoped.bulk_create(fresh, batch_size=1000)
    return len(stale) + len(fresh)


def derive(periods: Iterable[PeriodRow]) -> Iterator[LineageRow]:
    """The closure of these periods, contiguous days of one state joined into one row."""
    by_organisation = defaultdict(list)
    for period in periods:
        by_organisation[period.organisation].append(period)
    for organisation in by_organisation:
        yield from joined(climb(organisation, by_organisation))


def climb(organisation: int, periods: Mapping[int, list[PeriodRow]]) -> Iterator[LineageRow]:
    # By spans and not by organisation: A may hang below B in one year and B below A in another.
    for period in periods[organisation]:
        steps = [(organisation, 0, period.first_day, period.last_day)]
        while steps:
            ancestor, depth, first_day, last_day = steps.pop()
            if depth > len(periods):
                raise TreeError(organisation)
            for above in periods.get(ancestor, ()):
                first, last = max(first_day, above.first_day), min(last_day, above.last_day)
                if first > last:
                    continue
                yield LineageRow(ancestor, organisation, depth, period.is_cell, first, last)
                if above.parent is not None:
                    steps.append((above.parent, depth + 1, first, last))


def joined(rows: Iterable[LineageRow]) -> Iterator[LineageRow]:
    current = None
    for row in sorted(set(rows)):
        if current and continues(current, row):
            current = current._replace(last_day=row.last_day)
            continue
        if current:
            yield current
        current = row
    if current:
        yield current


def continues(before: LineageRow, after: LineageRow) -> bool:
    return before[:4] == after[:4] and (after.first_day - before.last_day).days == 1


def stored_periods() -> list[PeriodRow]:
    rows = OrganisationPeriod.unscoped.values_list("organisation_id", "parent_id", "kind", "first_day", "last_day")
    return [PeriodRow(o, p, kind in CELL_KINDS, first, last or FOREVER) for o, p, kind, first, last in rows]


def stored_lineage():
    return Lineage.unscoped.values_list(
        "pk", "ancestor_id", "descendant_id", "depth", "is_cell", "first_day", "last_day"
    )


def as_lineage(row: LineageRow) -> Lineage:
    return Lineage(
        ancestor_id=row.ancestor,
        descendant_id=row.descendant,
        depth=row.depth,
        is_cell=row.is_cell,
        first_day=row.first_day,
        last_day=row.last_day,
    )
