"""What changed between two days: two snapshots of one organisation and all below it, compared.

Counts only: who came to a cell and who left it is for those who read rosters.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from cells.models import Lineage, Membership, Organisation, Status
from cells.naming import OrganisationRow
from cells.papers.wording import thousands
from reports.dashboard import Number, told_apart
from reports.forms import ChangesQuery, asked_for
from reports.lights import SUBJECTS, Item, Way, name_of, ways_to
from reports.obligations import owing
from reports.obligations.models import Subject
from reports.obligations.owing import Obligation
from reports.ordering import words_of
from reports.periods import Period
from reports.rows import matches

# What ages out by itself is not "back in order": results a while after, preparations once the session is over.
PASSING = {Subject.RESULT, Subject.MATERIALS, Subject.EXPIRING}


@dataclass(frozen=True)
class Snapshot:
    day: dt.date
    organisations: frozenset[int]
    late: dict[int, list[Obligation]]
    rosters: dict[int, dict[int, tuple[str, str]]]  # {cell: {person: (standing, status)}}


def snapshot(organisation: Organisation, day: dt.date, span: tuple[dt.date, dt.date], what: str) -> Snapshot:
    """`span`: the periods that are looked at, the same for both snapshots."""
    below = Lineage.unscoped.under(organisation, day)
    late = defaultdict(list)
    subjects = set(SUBJECTS[what]) - PASSING
    for one in owing.late_at_the_door(organisation, *span, on=day, subjects=subjects):
        late[one.organisation].append(one)
    rosters = defaultdict(dict)
    cells = below.filter(is_cell=True).values("descendant")
    rows = Membership.unscoped.on(day).filter(cell__in=cells).exclude(status=Status.HOSTED)  # told at home
    for cell, person, standing, status in rows.values_list("cell_id", "person_id", "standing", "status"):
        rosters[cell][person] = (standing, status)
    return Snapshot(day, frozenset(below.values_list("descendant", flat=True)), dict(late), dict(rosters))


@dataclass(frozen=True)
class Roster:
    """How many people came to a cell, left it, or stand otherwise on its roster."""

    came: int = 0
    left: int = 0
    changed: int = 0
    before: int = 0
    after: int = 0

    def __bool__(self) -> bool:
        return bool(self.came or self.left or self.changed)


@dataclass(frozen=True)
class Change:
    named: OrganisationRow
    newly_late: list[Obligation] = field(default_factory=list)
    back: list[Obligation] = field(default_factory=list)  # late before; done, waived or no longer owed
    is_back: bool = False  # and nothing is late any more
    roster: Roster = Roster()
    is_new: bool = False
    is_gone: bool = False

    @property
    def organisation(self) -> int:
        return self.named.period.organisation_id

    def is_of(self, show: str) -> bool:
        kinds = {
            "late": bool(self.newly_late),
            "back": bool(self.back),
            "roster": bool(self.roster),
            "tree": self.is_new or self.is_gone,
        }
        return any(kinds.values()) if show == "all" else kinds[show]


@dataclass(frozen=True)
class Changes:
    before: Snapshot
    after: Snapshot
    rows: list[Change]  # of organisations with any change

    def count(self, show: str) -> int:
        return sum(row.is_of(show) for row in self.rows)


def compute(organisation: Organisation, query: ChangesQuery, user) -> Changes:
    days = query.day_before, query.day
    span = owing.around(days[0])[0], owing.around(days[1])[1]
    before, after = (snapshot(organisation, day, span, query.values["what"]) for day in days)
    everybody = before.organisations | after.organisations
    named = told_apart(everybody, user, after.day)
    rows = [change(row, before, after) for row in named.values()]
    return Changes(before, after, [row for row in rows if row.is_of("all")])


def change(named: OrganisationRow, before: Snapshot, after: Snapshot) -> Change:
    pk = named.period.organisation_id
    was, is_there = pk in before.organisations, pk in after.organisations
    late_before = {one.key: one for one in before.late.get(pk, ())}
    late_after = {one.key: one for one in after.late.get(pk, ())}
    stays = was and is_there
    return Change(
        named,
        newly_late=[one for key, one in late_after.items() if key not in late_before],
        back=[one for key, one in late_before.items() if key not in late_after] if stays else [],
        is_back=stays and bool(late_before) and not late_after,
        roster=compared(before.rosters.get(pk, {}), after.rosters.get(pk, {})) if stays else Roster(),
        is_new=is_there and not was,
        is_gone=was and not is_there,
    )


def compared(before: dict[int, tuple], after: dict[int, tuple]) -> Roster:
    staying = before.keys() & after.keys()
    return Roster(
        came=len(after.keys() - before.keys()),
        left=len(before.keys() - after.keys()),
        changed=sum(before[person] != after[person] for person in staying),
        before=len(before),
        after=len(after),
    )


def chosen(rows: Iterable[Change], query: ChangesQuery) -> list[Change]:
    words = words_of(query.values["name"])
    found = [row for row in rows if row.is_of(query.values["show"]) and matches(row.named, words)]
    found.sort(key=lambda row: (row.named.period.sort_key, row.organisation))
    return found[::-1] if query.values["sort"].startswith("-") else found


@dataclass(frozen=True)
class Line:
    name: str
    parent_name: str
    url: str
    newly_late: list[Item]
    back: list[Item]
    is_back: bool
    roster: Roster
    before: Number  # members on its roster, each with the roster of its day
    after: Number
    is_new: bool
    is_gone: bool


def shown(rows: Iterable[Change], query: ChangesQuery, request) -> list[Line]:
    rows = list(rows)
    ways = ways_to((row.organisation for row in rows), query, request)
    return [line(row, query, ways[row.organisation]) for row in rows]


def line(row: Change, query: ChangesQuery, way: Way) -> Line:
    return Line(
        row.named.name,
        row.named.parent_name,
        way.page("dashboard"),
        [Item(name_of(one), way.to(one)) for one in row.newly_late],
        [Item(name_of(one), way.to(one)) for one in row.back],
        row.is_back,
        row.roster,
        Number(thousands(row.roster.before), way.page("members", **on_day(query.day_before))),
        Number(thousands(row.roster.after), way.page("members", **on_day(query.day))),
        row.is_new,
        row.is_gone,
    )


def on_day(day: dt.date) -> dict[str, str]:
    """A period whose last day is this one, in the words of an address."""
    return asked_for(Period.parse(f"{day:%Y-%m}", day))
