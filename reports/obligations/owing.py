"""What an organisation and everything below it owes, and whether it is done: the one engine of obligations.

*Expected* follows from dated rules and organisations, *done* from the facts themselves, so a session logged later for
an earlier day clears its alert; only waivers are stored. An obligation belongs, as the figures do, to whoever its
organisation hung under on the last day of its period; while the period runs, on the day asked for. So at a
reorganisation the old parent keeps what ended before the day, and the new one takes over what goes on.

The same few queries for a cell and for a province, whatever there is to find.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from cells.models import Organisation
from cells.reach import AT_THE_CELL, Reach
from reports.obligations.models import ObligationRule, Subject, key_of
from reports.obligations.scope import Scope, alone, below
from reports.periods import LAST_YEAR
from sessions.fields import EARLIEST
from sessions.rules import month_end

LOOKED_BACK = 3  # months of which what was missed is still spoken of, beside the running one
ORDER = {subject: position for position, subject in enumerate(Subject.values)}
SUBJECTS = frozenset(Subject.values)
KEY = re.compile(r"[a-z_]+-\d{8}-(?P<last>\d{8})(-\d{8}|-[0-9a-f-]{36})?", re.ASCII)


class State(StrEnum):
    LATE = "late"
    DUE = "due"  # its period runs, or its day is near
    DONE = "done"
    WAIVED = "waived"
    AHEAD = "ahead"  # nothing to do about it yet
    LAPSED = "lapsed"  # not done when its organisation ended: nobody is left to do it


NOT_EXPECTED = frozenset({State.WAIVED, State.LAPSED})


@dataclass(frozen=True)
class Obligation:
    """One thing that one organisation owes for one period."""

    subject: str  # a Subject
    organisation: int
    first_day: dt.date  # of the period
    last_day: dt.date
    due: dt.date  # the last day on which it is not late
    state: str  # a State
    rule: ObligationRule
    done_on: dt.date | None = None
    what: str = ""  # where a period has several: public id of the one thing, or the last day of a part of it
    detail: str = ""  # that thing in words: the name of a speaker, what a follow-up is
    months: int = 0  # length of the period; 0 where it is about a day
    cut_off: dt.date | None = None  # up to which day a report covers its period
    waiver: str = ""  # public id of the waiver in force
    told_on: dt.date | None = None  # of a report: the last day of its period under whom it goes to
    is_left: bool = False  # its organisation has gone over to another committee, and the one of then is still there
    paper: str = ""  # public id of the report on which it is done, where there is one

    @property
    def key(self) -> str:
        return key_of(self.subject, self.first_day, self.last_day, self.what)

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE

    @property
    def is_late(self) -> bool:
        return self.state == State.LATE

    @property
    def is_open(self) -> bool:
        return self.state in (State.LATE, State.DUE)

    @property
    def is_expected(self) -> bool:
        """Done, or still to be done by somebody."""
        return self.state not in NOT_EXPECTED

    @property
    def was_late(self) -> bool:
        return self.done_on is not None and self.done_on > self.due

    def is_near(self, on: dt.date) -> bool:
        """Late, or due within as many days as its rule wants it spoken of before."""
        return self.is_open and self.due - dt.timedelta(days=self.rule.days_ahead) <= on

    @property
    def counted_on(self) -> dt.date:
        """By whom its organisation stood under on this day it is counted, once the day has come."""
        return self.told_on or self.last_day

    def asked_on(self, on: dt.date) -> dt.date:
        """The day of which the committee above is the one that asks for it: today, but for papers of a place left."""
        return self.counted_on if self.is_left else on

    def days_late(self, on: dt.date) -> int:
        return (on - self.due).days if self.is_late else 0


def of(organisation: Organisation | int, *, on: dt.date, subjects: Collection[str] = SUBJECTS) -> list[Obligation]:
    """What is on the table of the organisation and of all below it on this day, by the day it is due.

    Everything begun and not done or waived, as far back as three months and the running one, and what was done in
    periods that still run.
    """
    return current(below([id_of(organisation)], *around(on), on=on), subjects)


def overdue(organisation: Organisation | int, *, on: dt.date) -> list[Obligation]:
    """What is late on this day, the longest first."""
    return [one for one in of(organisation, on=on) if one.is_late]


def in_period(
    organisation: Organisation | int,
    first_day: dt.date,
    last_day: dt.date,
    *,
    on: dt.date,
    subjects: Collection[str] = SUBJECTS,
) -> list[Obligation]:
    """All whose period ends within these days, done, late and to come: 177 × 4 conferences of a year are 708."""
    return found_in(below([id_of(organisation)], first_day, last_day, on=on), subjects)


def late_at_the_door(
    organisation: Organisation | int,
    first_day: dt.date,
    last_day: dt.date,
    *,
    on: dt.date,
    subjects: Collection[str] = SUBJECTS,
) -> list[Obligation]:
    """What the organisation could ask for on the day because it is late, of periods that end within these days."""
    scope = below([id_of(organisation)], first_day, last_day, on=on)
    # Nothing but a part of a report is due before the last month of its period, so what ends later is not asked for.
    scope = replace(scope, periods_end=min(last_day, month_end(on)))
    return [one for one in found_in(scope, subjects, stands_here) if one.is_late]


def of_own(organisations: Iterable[int], *, on: dt.date) -> list[Obligation]:
    """The same as `of` for these organisations alone, without what stands below them."""
    return current(alone(organisations, *around(on), on=on))


def on_the_table(reach: Reach, on: dt.date) -> list[Obligation]:
    """Of the user's own cells, and of all at and below the user's posts, each once."""
    scopes = (below(reach.tops, *around(on), on=on), alone(reach.at(AT_THE_CELL), *around(on), on=on))
    found = {(one.organisation, one.key): one for scope in scopes for one in current(scope)}
    return sorted(found.values(), key=lambda one: one.due)


def named(organisation: int, key: str, *, on: dt.date) -> Obligation | None:
    """That of the organisation which is called so, if there is one."""
    parts = KEY.fullmatch(key)
    try:
        last_day = dt.date.fromisoformat(parts["last"]) if parts else None
    except ValueError:
        return None
    if last_day is None or not EARLIEST.year <= last_day.year <= LAST_YEAR:
        return None
    found = found_in(alone([organisation], last_day, last_day, on=on))
    return next((one for one in found if one.key == key), None)


def tally(obligations: Iterable[Obligation]) -> dict[str, Counter]:
    """{subject: how many of each state}."""
    counts: dict[str, Counter] = defaultdict(Counter)
    for one in obligations:
        counts[one.subject][one.state] += 1
    return dict(counts)


def id_of(organisation: Organisation | int) -> int:
    return organisation if isinstance(organisation, int) else organisation.pk


def around(on: dt.date) -> tuple[dt.date, dt.date]:
    """Periods that ended in the last three months, run, or begin within a month; the longest one is a year."""
    months = on.year * 12 + on.month - 1 - LOOKED_BACK
    next_month = month_end(month_end(on) + dt.timedelta(days=1))
    return dt.date(months // 12, months % 12 + 1, 1), max(dt.date(on.year, 12, 31), next_month)


def current(scope: Scope, subjects: Collection[str] = SUBJECTS) -> list[Obligation]:
    """At the door of who stands above today: only they can still ask for it. The tally of a period stays with then.

    A report is an exception: it goes to the committee of then, which asks for it as long as it is there.
    """
    return [one for one in found_in(scope, subjects, stands_here) if is_of_now(one, scope.on)]


def stands_here(scope: Scope, one: Obligation) -> bool:
    return scope.holds(one.organisation, one.asked_on(scope.on))


def is_of_now(one: Obligation, on: dt.date) -> bool:
    return one.is_open or one.state == State.WAIVED or (one.is_done and one.last_day >= on)


def belongs_then(scope: Scope, one: Obligation) -> bool:
    # Decisions about people are read by those above today, as rosters are.
    day = scope.on if one.subject == Subject.EXPIRING else min(scope.on, one.counted_on)
    return scope.holds(one.organisation, day)


def found_in(scope: Scope, subjects: Collection[str] = SUBJECTS, belongs=belongs_then) -> list[Obligation]:
    """Sources of which no subject is wanted are not asked."""
    from reports.obligations.sources import SOURCES  # they make the obligations that are defined here

    asked = [source for source, known in SOURCES.items() if not known.isdisjoint(subjects)]
    found = [one for source in asked for one in source(scope) if one.subject in subjects and belongs(scope, one)]
    return sorted(found, key=lambda one: (one.due, ORDER[one.subject], one.organisation, one.what))
