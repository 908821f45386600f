"""What somebody presented is known by the sessions, an app to the right; it says so here when Django starts."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Presented:
    person: int
    day: dt.date
    title: str
    url: str


Source = Callable[..., Iterable[Presented]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """`source(user, people, first_day, last_day)` gives only what the user may read of them."""
    if source not in _sources:
        _sources.append(source)


def presented_by(user, people: Iterable[int], first_day: dt.date, last_day: dt.date) -> list[Presented]:
    people = list(people)
    found = [one for source in _sources for one in source(user, people, first_day, last_day)] if people else []
    return sorted(found, key=lambda one: (one.day, one.title))
