"""Which rules about sessions hold for a cell on a day, and on which day it should meet (rules R3 to R6 of the field).

Rules are rows with effective dates, attached to the nation or to any organisation and inherited down the tree as it
hung that day; of each subject the nearest one wins.
"""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from cells.models import Lineage
from sessions.models import Holiday, RuleSubject, SessionKind, SessionRule, Shift

MINUTES_SUBJECTS = {
    SessionKind.REGULAR: RuleSubject.MINUTES_REGULAR,
    SessionKind.THEMATIC: RuleSubject.MINUTES_THEMATIC,
    SessionKind.COMBINED: RuleSubject.MINUTES_COMBINED,
}
THE_NATION = None
FARTHEST = 10_000  # steps up the tree: whatever is said nearer wins over the nation


@dataclass(frozen=True)
class Held:
    """A rule that holds for a cell, and how many steps above it stands who made it."""

    rule: SessionRule
    depth: int

    @property
    def number(self) -> int:
        return self.rule.number

    @property
    def is_national(self) -> bool:
        return self.rule.is_national

    @property
    def is_own(self) -> bool:
        return self.depth == 0

    @property
    def source(self) -> str:
        return self.rule.source


@dataclass(frozen=True)
class SessionRules:
    """What holds for one cell on one day; a subject that nobody ruled is None. Each `Held` names its source."""

    held: dict[str, Held]

    def of(self, subject: str) -> Held | None:
        return self.held.get(subject)

    def number(self, subject: str) -> int | None:
        found = self.held.get(subject)
        return found.number if found else None

    @property
    def day_of_month(self) -> int | None:
        return self.number(RuleSubject.SESSION_DAY)

    @property
    def shift(self) -> str:
        found = self.held.get(RuleSubject.SESSION_DAY)
        return found.rule.shift if found else Shift.NONE

    def min_minutes(self, kind: str) -> int | None:
        """None for extraordinary sessions, of which no rule speaks."""
        return self.number(MINUTES_SUBJECTS[kind]) if kind in MINUTES_SUBJECTS else None

    @property
    def thematic_per_quarter(self) -> int | None:
        return self.number(RuleSubject.THEMATIC_PER_QUARTER)

    @property
    def materials_days_before(self) -> int | None:
        return self.number(RuleSubject.MATERIALS_DAYS)

    @property
    def result_days_after(self) -> int | None:
        return self.number(RuleSubject.RESULT_DAYS)

    def materials_due(self, session_day: dt.date) -> dt.date | None:
        days = self.materials_days_before
        return None if days is None else session_day - dt.timedelta(days=days)

    def result_due(self, session_day: dt.date) -> dt.date | None:
        days = self.result_days_after
        return None if days is None else session_day + dt.timedelta(days=days)


class Rulebook:
    """Everything about these cells over these days in three queries, however many cells and days are asked for."""

    def __init__(self, cells: Iterable[int], first_day: dt.date, last_day: dt.date):
        cells = set(cells)
        first_day, last_day = month_start(first_day), month_end(last_day)
        lines = Lineage.unscoped.filter(descendant__in=cells, first_day__lte=last_day, last_day__gte=first_day)
        self.lines: dict[int, list[Lineage]] = defaultdict(list)
        for line in lines.order_by("first_day"):
            self.lines[line.descendant_id].append(line)
        self.rules: dict[int | None, list[SessionRule]] = defaultdict(list)
        places = Q(organisation=THE_NATION) | Q(organisation__in=lines.values("ancestor"))
        for rule in SessionRule.unscoped.overlapping(first_day, last_day).filter(places):
            self.rules[rule.organisation_id].append(rule)
        self.days_off = holidays_between(first_day, last_day)

    def rules_for(self, cell: int, day: dt.date) -> SessionRules:
        depths = {line.ancestor_id: line.depth for line in self.lines[cell] if line.first_day <= day <= line.last_day}
        held: dict[str, Held] = {}
        for organisation, depth in [(THE_NATION, FARTHEST), *sorted(depths.items(), key=lambda item: -item[1])]:
            for rule in self.rules.get(organisation, ()):
                if rule.first_day <= day and (rule.last_day is None or day <= rule.last_day):
                    held[rule.subject] = Held(rule, depth)
        return SessionRules(held)

    def session_day(self, cell: int, month: dt.date) -> dt.date:
        """When the regular session of that month is due; a month whose day nobody ruled has until its end.

        What holds on the first of the month decides, so that a rule made within it moves nothing that is past; for
        a cell founded within the month, its first day.
        """
        first = month_start(month)
        begun = [line.first_day for line in self.lines[cell] if line.first_day <= month_end(month)]
        rules = self.rules_for(cell, max(first, min(begun, default=first)))
        if rules.day_of_month is None:
            return month_end(month)
        return shifted(first.replace(day=rules.day_of_month), rules.shift, self.days_off)


def rules_for(cell: int, day: dt.date) -> SessionRules:
    return Rulebook([cell], day, day).rules_for(cell, day)


def session_day(cell: int, month: dt.date) -> dt.date:
    return Rulebook([cell], month, month).session_day(cell, month)


def shifted(day: dt.date, shift: str, days_off: frozenset[dt.date]) -> dt.date:
    """The nearest working day in that direction; where the month ends first, in the other."""
    if shift == Shift.NONE or is_working_day(day, days_off):
        return day
    month = [day.replace(day=number) for number in range(1, month_end(day).day + 1)]
    after, before = month[day.day :], month[: day.day - 1][::-1]
    order = [*after, *before] if shift == Shift.NEXT else [*before, *after]
    return next((candidate for candidate in order if is_working_day(candidate, days_off)), day)


def is_working_day(day: dt.date, days_off: frozenset[dt.date]) -> bool:
    return day.weekday() < calendar.SATURDAY and day not in days_off


def is_day_off(day: dt.date) -> bool:
    return not is_working_day(day, holidays_between(day, day))


def holidays_between(first_day: dt.date, last_day: dt.date) -> frozenset[dt.date]:
    return frozenset(Holiday.objects.filter(day__range=(first_day, last_day)).values_list("day", flat=True))


def month_start(day: dt.date) -> dt.date:
    return day.replace(day=1)


def month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
