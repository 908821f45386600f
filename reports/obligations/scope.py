"""Of whom obligations are asked, for which days, seen on which day; and which rule holds for whom.

Each part is loaded once, by one query of its own, whatever it finds.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from django.db.models import Exists, OuterRef, QuerySet

from cells.dated import FOREVER
from cells.models import Lineage, OrganisationPeriod
from reports.obligations.models import ObligationRule, Waiver
from sessions.deferring import Told, deferrals, deferred
from sessions.models import AgendaBlock, ReadinessTick, Session
from sessions.rules import Rulebook, SessionRules, month_end

ONE_DAY = dt.timedelta(days=1)
NATION = 10_000  # steps up the tree: whatever is said nearer wins


@dataclass(frozen=True)
class Scope:
    tops: frozenset[int]  # the organisations asked for themselves
    places: QuerySet | list[int]  # what belongs, or belonged on some of the days
    windows: Mapping[int, list[tuple[dt.date, dt.date]]]  # {organisation: days on which it belongs}
    first_day: dt.date
    last_day: dt.date
    on: dt.date
    periods_end: dt.date  # up to where whole periods are looked at
    known: dict = field(default_factory=dict)

    def holds(self, organisation: int, day: dt.date) -> bool:
        """Whether what the organisation owes on this day belongs here."""
        return any(first <= day <= last for first, last in self.windows.get(organisation, ()))

    @property
    def year_start(self) -> dt.date:
        """A period that ends within the days may have begun that long ago."""
        return self.first_day.replace(month=1, day=1)

    @property
    def quarter_start(self) -> dt.date:
        return self.first_day.replace(month=(self.first_day.month - 1) // 3 * 3 + 1, day=1)

    @cached_property
    def rulebook(self) -> Rulebook:
        return Rulebook(self.windows, self.year_start, self.last_day)

    @cached_property
    def rules(self) -> "Rules":
        return Rules(self)

    @cached_property
    def ruled_places(self) -> frozenset[int]:
        """Where somebody ruled anything about sessions for what stands below."""
        return frozenset(place for place in self.rulebook.rules if place is not None)

    def session_rules(self, cell: int, day: dt.date) -> SessionRules:
        """As the rulebook says; asked once for all cells over which nobody ruled anything of their own."""
        places = self.ruled_places
        lines = self.rulebook.lines[cell] if places else ()
        ruled = tuple(
            (line.depth, line.ancestor_id)
            for line in lines
            if line.ancestor_id in places and line.first_day <= day <= line.last_day
        )
        return remembered(self.known, ("rules", day, ruled), lambda: self.rulebook.rules_for(cell, day))

    def session_day(self, cell: int, month: dt.date) -> dt.date:
        """For a cell that there is on the first of the month."""
        rules = self.session_rules(cell, month)
        told = rules.held.get("session_day")
        key = ("day", month, told and told.rule.pk)
        ruled = remembered(self.known, key, lambda: self.rulebook.session_day(cell, month))
        return deferred(ruled, self.deferrals.get((cell, month), ()))

    @cached_property
    def deferrals(self) -> Mapping[tuple, list[Told]]:
        return deferrals(self.places, self.first_day, self.last_day, on=self.on)

    @cached_property
    def held(self) -> list[tuple[int, dt.date, str]]:
        """(cell, day, kind) of finished sessions that may count for a month or quarter that ends within the days."""
        until = min(self.last_day, self.on)
        rows = Session.unscoped.closed().filter(cell__in=self.places, day__range=(self.quarter_start, until))
        return list(rows.order_by("day", "pk").values_list("cell_id", "day", "kind"))

    @cached_property
    def sessions(self) -> list[Session]:
        """Those of the organisations asked for themselves, with all that says whether they are ready."""
        rows = Session.unscoped.filter(cell__in=self.tops, day__range=(self.first_day, self.last_day))
        has_agenda = Exists(AgendaBlock.unscoped.filter(session=OuterRef("pk")))
        return list(rows.exclude(state=Session.State.CANCELLED).annotate(has_agenda=has_agenda).order_by("day", "pk"))

    @cached_property
    def ticks(self) -> dict[int, dict[str, ReadinessTick]]:
        ticks: dict[int, dict[str, ReadinessTick]] = defaultdict(dict)
        days = (self.first_day, self.last_day)
        for row in ReadinessTick.unscoped.filter(session__cell__in=self.tops, session__day__range=days):
            ticks[row.session_id][row.item] = row
        return ticks

    @cached_property
    def waivers(self) -> dict[tuple, str]:
        rows = Waiver.unscoped.standing(self.on).filter(organisation__in=self.places)
        rows = rows.filter(last_day__range=(self.first_day, self.last_day)).values_list(
            "organisation_id", "subject", "first_day", "last_day", "what", "public_id"
        )
        return {tuple(about): str(public_id) for *about, public_id in rows}


def remembered(known: dict, key: tuple, work_out):
    if key not in known:
        known[key] = work_out()
    return known[key]


def below(tops: Iterable[int], first_day: dt.date, last_day: dt.date, *, on: dt.date) -> Scope:
    """Everything that hung below these organisations at some time of these days, and they themselves."""
    tops = frozenset(tops)
    return scope_of(tops, {"ancestor__in": tops}, first_day, last_day, on)


def alone(organisations: Iterable[int], first_day: dt.date, last_day: dt.date, *, on: dt.date) -> Scope:
    tops = frozenset(organisations)
    return scope_of(tops, {"depth": 0, "descendant__in": tops}, first_day, last_day, on)


def scope_of(tops: frozenset[int], which: dict, first_day: dt.date, last_day: dt.date, on: dt.date) -> Scope:
    # The day asked for may lie outside of the days: what is owed then belongs to whom one hangs under now.
    lines = Lineage.unscoped.filter(
        **which, first_day__lte=max(last_day, on), last_day__gte=min(first_day.replace(month=1, day=1), on)
    )
    windows = defaultdict(list)
    for organisation, first, last in lines.values_list("descendant_id", "first_day", "last_day"):
        windows[organisation].append((first, last))
    return Scope(tops, lines.values("descendant"), dict(windows), first_day, last_day, on, last_day)


@dataclass(frozen=True)
class Stay:
    """Days on which an organisation stood under one committee, or under one that took it over from the other."""

    first: dt.date
    last: dt.date
    parent: int | None  # on the last of them
    goes_over: bool = False  # on the day after, to a committee beside that one


class Rules:
    """Which rule of a subject holds for an organisation on a day: the nearest, as with rules about sessions."""

    def __init__(self, scope: Scope):
        self.lines = scope.rulebook.lines
        self.by_subject: dict[tuple[str, int], list[ObligationRule]] = defaultdict(list)
        for rule in ObligationRule.unscoped.overlapping(scope.year_start, scope.last_day):
            self.by_subject[rule.subject, rule.months].append(rule)
        self.spans: dict[int, list[tuple]] = defaultdict(list)
        rows = OrganisationPeriod.unscoped.overlapping(scope.year_start, max(scope.last_day, scope.on))
        for row in rows.filter(organisation__in=scope.places).order_by("first_day"):
            span = (row.first_day, row.last_day or FOREVER, row.kind, row.parent_id)
            self.spans[row.organisation_id].append(span)
        self.known: dict[tuple, ObligationRule | None] = {}
        self.is_local = {
            about: any(rule.organisation_id is not None for rule in rules) for about, rules in self.by_subject.items()
        }

    def lengths(self, subject: str) -> list[int]:
        """Of the periods that any rule about it speaks of."""
        return sorted(months for known, months in self.is_local if known == subject and months)

    def of(self, subject: str, organisation: int, day: dt.date, months: int = 0) -> ObligationRule | None:
        """None too where a place is told that it does not owe it."""
        kind = self.kind_on(organisation, day)
        key = (subject, months, day, kind, organisation if self.is_local.get((subject, months)) else None)
        if key not in self.known:
            rules = self.by_subject.get((subject, months), [])
            self.known[key] = self.nearest(rules, organisation, kind, day)
        return self.known[key]

    def nearest(self, rules: list[ObligationRule], organisation: int, kind: str, day: dt.date):
        fitting = [(self.distance(rule, organisation, day), rule) for rule in rules if fits(rule, kind, day)]
        distance, rule = min(fitting, key=lambda pair: pair[0], default=(NATION + 1, None))
        return rule if distance <= NATION and rule.is_owed else None

    def distance(self, rule: ObligationRule, organisation: int, day: dt.date) -> int:
        if rule.organisation_id is None:
            return NATION
        depths = (
            line.depth
            for line in self.lines[organisation]
            if line.ancestor_id == rule.organisation_id and line.first_day <= day <= line.last_day
        )
        return min(depths, default=NATION + 1)

    def kind_on(self, organisation: int, day: dt.date) -> str:
        for first, last, kind, _up in self.spans[organisation]:
            if first <= day <= last:
                return kind
        return ""

    def is_there(self, organisation: int, day: dt.date) -> bool:
        return any(first <= day <= last for first, last, _kind, _up in self.spans[organisation])

    @cached_property
    def stays(self) -> dict[int, list[Stay]]:
        """{organisation: its stays, one after the other}.

        Where the committee above ends, the stay goes on with whoever takes its place.
        """
        return {organisation: self.joined(spans) for organisation, spans in self.spans.items()}

    def joined(self, spans: list[tuple]) -> list[Stay]:
        found: list[Stay] = []
        for first, last, _kind, parent in spans:
            before = found[-1] if found else None
            goes_on = before is not None and before.last + ONE_DAY == first
            if goes_on and (before.parent == parent or not self.is_there_still(before.parent, first)):
                found[-1] = Stay(before.first, last, parent)
                continue
            if goes_on:
                found[-1] = replace(before, goes_over=True)
            found.append(Stay(first, last, parent))
        return found

    def is_there_still(self, committee: int | None, day: dt.date) -> bool:
        """Whether a committee from which an organisation has gone over to another is there on a day after that."""
        return any(first <= day <= last for first, last in self.left.get(committee, ()))

    @cached_property
    def left(self) -> dict[int, list[tuple[dt.date, dt.date]]]:
        """{committee from which an organisation has gone over to another: the days on which it is there}."""
        moves = {
            before[-1]
            for spans in self.spans.values()
            for before, after in pairwise(spans)
            if before[-1] is not None and before[-1] != after[-1]
        }
        days = defaultdict(list)
        rows = Lineage.unscoped.filter(depth=0, descendant__in=moves)
        for committee, first, last in rows.values_list("descendant_id", "first_day", "last_day"):
            days[committee].append((first, last))
        return dict(days)

    def existed(self, organisation: int, first: dt.date, last: dt.date, kinds: list[str]) -> bool:
        """In force on every day of the period, and all the time of a kind that owes it."""
        day = first
        for begun, ended, kind, _up in self.spans[organisation]:
            if begun <= day <= ended and (not kinds or kind in kinds):
                if ended >= last:
                    return True
                day = ended + ONE_DAY
        return False


def fits(rule: ObligationRule, kind: str, day: dt.date) -> bool:
    in_force = rule.first_day <= day and (rule.last_day is None or day <= rule.last_day)
    return in_force and (not rule.kinds or kind in rule.kinds)


def periodic(scope: Scope, subject: str) -> Iterator[tuple[ObligationRule, int, dt.date, dt.date]]:
    """(rule, organisation, first, last) of each period on every day of which the organisation was there to owe it.

    The rule is that of the last day, as facts of a period are dated.
    """
    rules = scope.rules
    for months in rules.lengths(subject):
        for first, last in periods_in(months, scope.first_day, scope.periods_end):
            for organisation in scope.windows:
                rule = rules.of(subject, organisation, last, months)
                if rule and rules.existed(organisation, first, last, rule.kinds):
                    yield rule, organisation, first, last


def periods_in(months: int, first_day: dt.date, last_day: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """Calendar periods of so many months that end within these days."""
    number = first_day.year * 12 + (first_day.month - 1) // months * months
    while True:
        end = number + months - 1
        last = month_end(dt.date(end // 12, end % 12 + 1, 1))
        if last > last_day:
            return
        if last >= first_day:
            yield dt.date(number // 12, number % 12 + 1, 1), last
        number += months
