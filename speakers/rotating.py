"""Who should speak next, worked out fairly. It only proposes: somebody has to take the proposal up.

In each month it is one of those who may (in the team, of the field, not away) and have spoken least; among equals who
registered, then whose last turn is longest ago. So nobody speaks twice before all who can have spoken once.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Speaker:
    key: int
    fields: frozenset[str] = frozenset()  # none: speaks on everything
    away: tuple[tuple[dt.date, dt.date], ...] = ()
    joined: dt.date = dt.date.min
    left: dt.date = dt.date.max


@dataclass(frozen=True)
class Slot:
    month: dt.date
    field: str = ""
    taken: int | None = None  # by whom, if it is given already
    wished: frozenset[int] = frozenset()  # who registered


def propose(slots: Sequence[Slot], speakers: Sequence[Speaker], past: Iterable[tuple[dt.date, int]] = ()) -> dict:
    """{month: key of a speaker, or None where nobody can}, for the slots not taken yet. `past`: (month, who)."""
    spoken = [*past, *((slot.month, slot.taken) for slot in slots if slot.taken is not None)]
    counts = counted(speakers, spoken)
    last = {key: max(month for month, who in spoken if who == key) for key in {who for _month, who in spoken}}
    found: dict[dt.date, int | None] = {}
    for slot in sorted((one for one in slots if one.taken is None), key=lambda one: one.month):
        able = [one for one in speakers if can(one, slot)]
        chosen = min(able, key=lambda one: rank(one, slot, counts, last), default=None)
        found[slot.month] = chosen.key if chosen else None
        if chosen:
            counts[chosen.key] += 1
            last[chosen.key] = max(slot.month, last.get(chosen.key, slot.month))
    return found


def rank(one: Speaker, slot: Slot, counts: Mapping[int, int], last: Mapping[int, dt.date]) -> tuple:
    return counts[one.key], one.key not in slot.wished, last.get(one.key, dt.date.min), one.key


def counted(speakers: Sequence[Speaker], spoken: Sequence[tuple[dt.date, int]]) -> dict[int, int]:
    """Turns so far. Who came later begins with the fewest that the others have, not with years to make up for."""
    counts = {one.key: sum(who == one.key for _month, who in spoken) for one in speakers}
    first = min((month for month, _who in spoken), default=dt.date.max)
    elders = [counts[one.key] for one in speakers if one.joined <= first]
    fewest = min(elders, default=0)
    return {one.key: counts[one.key] if one.joined <= first else max(counts[one.key], fewest) for one in speakers}


def can(one: Speaker, slot: Slot) -> bool:
    first, last = slot.month, end_of(slot.month)
    if one.joined > last or one.left < first:
        return False
    if any(begun <= last and ended >= first for begun, ended in one.away):
        return False
    return not slot.field or not one.fields or slot.field.casefold() in one.fields


def end_of(month: dt.date) -> dt.date:
    return following(month) - dt.timedelta(days=1)


def following(month: dt.date, steps: int = 1) -> dt.date:
    number = month.year * 12 + month.month - 1 + steps
    return dt.date(number // 12, number % 12 + 1, 1)


def months_from(month: dt.date, count: int) -> list[dt.date]:
    return [following(month, steps) for steps in range(count)]
