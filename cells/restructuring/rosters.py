"""Members whose cell goes: their spans end the day before and go on, as they are, at the new cell."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from cells.changing import Changes
from cells.dated import FOREVER
from cells.models import Membership, Organisation, Status

ONE_DAY = dt.timedelta(days=1)
# Which cell a span goes on at; None where it stays.
Target = Callable[[Membership], Organisation | None]


@dataclass(frozen=True)
class Piece:
    """A part of a span as it will be; `row` is the stored one that it comes from."""

    row: Membership
    cell: Organisation
    status: str
    first_day: dt.date
    last_day: dt.date

    def cut(self, first_day: dt.date, last_day: dt.date) -> list["Piece"]:
        """What is left of it outside these days."""
        left = [replace(self, last_day=min(self.last_day, first_day - ONE_DAY))]
        if last_day < FOREVER:
            left.append(replace(self, first_day=max(self.first_day, last_day + ONE_DAY)))
        return [piece for piece in left if piece.first_day <= piece.last_day]


def move_members(changes: Changes, spans: Iterable[Membership], day: dt.date, target: Target) -> None:
    """`spans`: all of the people concerned that have a day from `day` on, at whatever cell."""
    by_person = defaultdict(list)
    for span in spans:
        by_person[span.person_id].append(span)
    fresh = []
    for rows in by_person.values():
        pieces = at_home_again([piece for row in rows for piece in moved(row, day, target(row))])
        for row in rows:
            fresh += settle(changes, row, [piece for piece in pieces if piece.row is row])
    for span in fresh:
        changes.create(span)


def moved(row: Membership, day: dt.date, cell: Organisation | None) -> Iterator[Piece]:
    whole = Piece(row, row.cell, row.status, row.first_day, row.last_day or FOREVER)
    if cell is None:
        yield whole
        return
    if row.first_day < day:
        yield replace(whole, last_day=day - ONE_DAY)
    yield replace(whole, cell=cell, first_day=max(row.first_day, day))


def at_home_again(pieces: list[Piece]) -> list[Piece]:
    """Who was away from one cell at another, and both become one, is simply at home there: no guest of oneself."""
    for host in [piece for piece in pieces if piece.status == Status.HOSTED]:
        for home in [piece for piece in pieces if piece.status == Status.AWAY and same(piece.cell, host.cell)]:
            first, last = max(home.first_day, host.first_day), min(home.last_day, host.last_day)
            if first > last:
                continue
            back = replace(home, status=Status.ACTIVE, first_day=first, last_day=last)
            kept = [piece for piece in pieces if piece is not host and piece is not home]
            return at_home_again([*kept, *host.cut(first, last), *home.cut(first, last), back])
    return pieces


def same(one: Organisation, other: Organisation) -> bool:
    return one is other or (one.pk is not None and one.pk == other.pk)


def settle(changes: Changes, row: Membership, pieces: list[Piece]) -> list[Membership]:
    """The stored row becomes the first of its pieces; returns the others, which are new rows."""
    if not pieces:
        changes.delete(row)
        return []
    first, *others = sorted(pieces, key=lambda piece: piece.first_day)
    wanted = fields_of(first)
    values = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if values:
        changes.change(row, **values)
    return [Membership(person=row.person, standing=row.standing, **fields_of(piece)) for piece in others]


def fields_of(piece: Piece) -> dict:
    return {
        "cell": piece.cell,
        "status": piece.status,
        "first_day": piece.first_day,
        "last_day": None if piece.last_day == FOREVER else piece.last_day,
    }


def spans_of(cells: Iterable[Organisation], guests_at: Iterable[Organisation], day: dt.date) -> list[Membership]:
    """All spans, from the day on, of the people at these cells, and of the guests at those that take them in."""
    rows = Membership.unscoped.overlapping(day, None)
    concerned = rows.filter(cell__in=cells) | rows.filter(cell__in=guests_at, status=Status.HOSTED)
    return list(
        rows.filter(person__in=concerned.values("person"))
        .select_related("cell", "person")
        .order_by("person", "first_day", "pk")
    )
