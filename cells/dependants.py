"""What hangs on organisations and on people in the apps to the right; they register here when Django starts.

In `AppConfig.ready()`: `register(SessionsOfCells())`, a subclass of `Dependants` that overrides what concerns it.
The registry is asked left to right, in the order of registration. Three moments:

*A reorganisation is previewed.* `hanging_on(organisations, day)` says what hangs on organisations that cease to be on
that day (planned sessions, appointments ...), `problems(event)` what forbids it, in plain words.

*It is carried out or taken back*, inside the transaction. `on_restructured(event)` acts after periods, spans, posts and
closure are written; what it writes goes through `event.write(changes)`, so that the undo takes it back row by row.
`on_taken_back(event)` is for what is derived (a roll-up) and runs after all rows are as before.

*A roster is corrected.* `on_spans_changed(...)` recounts the closed sessions that the changed spans touch and raises
`MarksMissing` where a mark is needed; `merge_people(kept, duplicate)` hands over what hangs on a person entered twice.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from cells.changing import Changes
from cells.models import Organisation, Person, Reorganisation


@dataclass(frozen=True)
class Hanging:
    """One line of a preview: `Hanging("buổi sinh hoạt dự kiến", 3)`."""

    label: str
    count: int


@dataclass
class Event:
    """A reorganisation about to be carried out (`row` is still a draft) or just carried out."""

    row: Reorganisation
    day: dt.date  # the first one on which the new order holds
    ended: Collection[Organisation] = ()  # the day before was their last
    heirs: Mapping[int, Organisation] = field(default_factory=dict)  # ended organisation → who takes over its records
    rosters_changed: Collection[int] = ()  # cells whose roster from the day on is another one, the ended ones too
    actor: User | None = None
    request: Any = None
    written: list[dict] = field(default_factory=list)

    def write(self, changes: Changes) -> None:
        """Store these rows and remember them for the undo."""
        self.written += changes.write()


@dataclass(frozen=True)
class Span:
    cell: int
    standing: str
    status: str
    first_day: dt.date
    last_day: dt.date | None


@dataclass(frozen=True)
class SpanChange:
    """A span of a person as it was (None: it is new) and as it is now (None: it is gone)."""

    person: Person
    before: Span | None
    after: Span | None


class MarksMissing(Exception):
    """Closed sessions whose roll-call would lack a mark after a correction.

    `missing` holds (session's public id, what to call it, person) for each; the page asks for them and comes back with
    `marks`.
    """

    def __init__(self, missing: Sequence[tuple[Any, str, Person]]):
        self.missing = list(missing)
        super().__init__(f"{len(self.missing)} marks are missing")


class Dependants:
    """Override what concerns the app; the rest does nothing."""

    label = ""

    def hanging_on(self, organisations: Iterable[Organisation], day: dt.date) -> list[Hanging]:
        return []

    def problems(self, event: Event) -> list[str]:
        return []

    def on_restructured(self, event: Event) -> None:
        pass

    def on_taken_back(self, event: Event) -> None:
        pass

    def on_spans_changed(
        self,
        changes: Sequence[SpanChange],
        *,
        actor: User,
        reason: str,
        request=None,
        marks: Mapping[tuple[Any, int], tuple[str, str]] | None = None,
    ) -> None:
        """`marks` answers an earlier MarksMissing: {(session's public id, person's pk): (mark, reason)}."""

    def merge_people(self, kept: Person, duplicate: Person, *, actor: User, request=None) -> None:
        pass


_registered: list[Dependants] = []


def register(*dependants: Dependants) -> None:
    _registered.extend(dependants)


def registered() -> list[Dependants]:
    return list(_registered)
