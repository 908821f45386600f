"""What somebody wants done to which organisations, before anything is known of what follows from it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from cells.models import Organisation, Reorganisation

Kind = Reorganisation.Kind


@dataclass(frozen=True)
class New:
    """An organisation to be founded."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class Order:
    kind: str
    day: dt.date  # the first one on which the new order holds
    decision: str = ""  # number and date, as periods quote it
    organisations: tuple[Organisation, ...] = ()  # which it is about; the heir of an absorption is not among them
    name: str = ""  # the new one, of a renaming
    parent: Organisation | None = None  # where new, moved and left-behind organisations hang
    heir: Organisation | None = None  # who takes over records and members: of an absorption, of a dissolution if any
    new: tuple[New, ...] = ()
    # Of a split: person or child organisation → index into `new`. Who is not named stays, where there is a stay.
    people: Mapping[int, int] = field(default_factory=dict)
    children: Mapping[int, int] = field(default_factory=dict)
    ends: bool = False  # of a split: the old one ends (chia) or goes on without the part (tách)
    first_heir: int = 0  # of a split that ends: which new one takes over the records
    carries_posts: bool = True
