"""Which spans of one person go together: the rule for imports, for pages and for reorganisations alike."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

from cells.dated import FOREVER
from cells.models import Status

ONE_DAY = dt.timedelta(days=1)


class Span(Protocol):
    """A Membership, or what would be one; the cell in whatever way it is named."""

    cell: Any
    status: str
    first_day: dt.date
    last_day: dt.date | None


class Problem(Enum):
    OVERLAP = "two home spans, or two host spans, on one day"
    NOT_AWAY = "a host span beside a home span that is not `tạm thời đi`"
    SAME_CELL = "hosted by the own cell"


class Clash(NamedTuple):
    problem: Problem
    span: Any
    other: Any


def last_of(span: Span) -> dt.date:
    return span.last_day or FOREVER


def overlap(one: Span, other: Span) -> bool:
    return one.first_day <= last_of(other) and other.first_day <= last_of(one)


def is_host(span: Span) -> bool:
    return span.status == Status.HOSTED


def homes_of(spans: Iterable) -> list:
    return [span for span in spans if not is_host(span)]


def hosts_of(spans: Iterable) -> list:
    return [span for span in spans if is_host(span)]


def clashes(spans: Sequence) -> Iterator[Clash]:
    """What cannot be in the spans of one person, which come in order of their first days."""
    homes, hosts = homes_of(spans), hosts_of(spans)
    for kind in (homes, hosts):
        yield from (Clash(Problem.OVERLAP, after, before) for before, after in pairwise(kind) if overlap(before, after))
    for host in hosts:
        for home in homes:
            if overlap(home, host):
                if home.status != Status.AWAY:
                    yield Clash(Problem.NOT_AWAY, host, home)
                elif home.cell == host.cell:
                    yield Clash(Problem.SAME_CELL, host, home)


def hosts_without_home(spans: Sequence) -> Iterator:
    """Host spans with a day on which the person has no home span, though they have some; worth a warning."""
    homes = homes_of(spans)
    for host in hosts_of(spans):
        if homes and not covers(homes, host.first_day, last_of(host)):
            yield host


def covers(spans: Iterable[Span], first_day: dt.date, last_day: dt.date) -> bool:
    """Whether the spans hold on every day of [first_day, last_day]."""
    needed = first_day
    for span in sorted(spans, key=lambda span: span.first_day):
        if span.first_day <= needed <= last_of(span):
            if last_of(span) >= last_day:
                return True
            needed = last_of(span) + ONE_DAY
    return False
