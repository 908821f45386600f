"""Who is late, who has something due and who is in order on a day: one line for each organisation below."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cells.models import Lineage, Organisation
from cells.naming import OrganisationRow
from reports.access import measurable
from reports.dashboard import Addresses, told_apart
from reports.forms import LightsQuery, asked_for
from reports.obligations import owing
from reports.obligations.models import DUTIES, Subject
from reports.obligations.owing import Obligation
from reports.obligations.presenting import state_of, title_of
from reports.ordering import ordered, words_of
from reports.periods import Period
from reports.rows import matches

LATE, DUE, FINE = "late", "due", "fine"
# In the order of the list: who is late comes first.
LIGHTS = {
    LATE: (_("Quá hạn"), "x-circle-fill", "badge-bad"),
    DUE: (_("Sắp đến hạn"), "hourglass-split", "badge-wait"),
    FINE: (_("Đúng hạn"), "check-circle-fill", "badge-ok"),
}
SUBJECTS = {
    "sessions": (Subject.REGULAR, Subject.THEMATIC),
    "conferences": (Subject.CONFERENCE, Subject.FOLLOW_UP),
    "reports": (Subject.REPORT, Subject.RESULT),
    "speakers": (*DUTIES, Subject.EXPIRING),
    "all": owing.SUBJECTS,
}
SHOWN = 3  # obligations told in a line; the others are counted


@dataclass(frozen=True)
class Standing:
    """How one organisation stands on the day."""

    named: OrganisationRow
    late: list[Obligation] = field(default_factory=list)  # the longest first
    due: list[Obligation] = field(default_factory=list)

    @property
    def organisation(self) -> int:
        return self.named.period.organisation_id

    @property
    def light(self) -> str:
        return LATE if self.late else DUE if self.due else FINE

    @property
    def since(self) -> dt.date:
        """Since when it is late, or when the next is due."""
        return min((one.due for one in self.late or self.due), default=dt.date.max)


@dataclass(frozen=True)
class Lights:
    day: dt.date
    standings: list[Standing]
    counts: dict[str, int]


def compute(organisation: Organisation, query: LightsQuery, user) -> Lights:
    day = query.day
    late, due = defaultdict(list), defaultdict(list)
    for one in owing.of(organisation, on=day, subjects=SUBJECTS[query.values["what"]]):
        if one.is_late:
            late[one.organisation].append(one)
        elif one.is_near(day):
            due[one.organisation].append(one)
    places = below(organisation, day, query.values["kind"])
    named = told_apart(places, user, day)
    standings = [Standing(row, late[pk], due[pk]) for pk, row in named.items()]
    counts = {light: sum(one.light == light for one in standings) for light in LIGHTS}
    return Lights(day, standings, counts)


def below(organisation: Organisation, day: dt.date, kind: str) -> Iterable[int]:
    """What hung below it that day, and it itself."""
    rows = Lineage.unscoped.under(organisation, day)
    rows = rows if kind == "all" else rows.filter(is_cell=kind == "cells")
    return rows.values_list("descendant", flat=True)


def chosen(standings: Iterable[Standing], query: LightsQuery) -> list[Standing]:
    values, words = query.values, words_of(query.values["name"])
    found = [one for one in standings if matches(one.named, words) and values["light"] in ("", one.light)]
    found.sort(key=lambda one: (one.named.period.sort_key, one.organisation))
    return ordered(found, ORDER, values["sort"])


ORDER = {
    "name": lambda one: one.named.period.sort_key,
    "light": lambda one: (list(LIGHTS).index(one.light), one.since),
    "since": lambda one: one.since,
}


@dataclass(frozen=True)
class Item:
    text: str
    url: str = ""


@dataclass(frozen=True)
class Line:
    name: str
    parent_name: str
    url: str
    word: str
    icon: str
    css: str
    items: list[Item]
    more: int


def shown(standings: Iterable[Standing], query: LightsQuery, user) -> list[Line]:
    standings = list(standings)
    allowed = measurable(user.reach, [one.organisation for one in standings], query.period)
    organisations = Organisation.unscoped.in_bulk(allowed)
    return [line(one, query, organisations.get(one.organisation)) for one in standings]


def line(one: Standing, query: LightsQuery, organisation: Organisation | None) -> Line:
    owed = one.late or one.due
    addresses = Addresses(organisation, query) if organisation else None
    items = [Item(told(each, query.day), address(each, addresses) if addresses else "") for each in owed[:SHOWN]]
    url = addresses.page("dashboard") if addresses else ""
    return Line(one.named.name, one.named.parent_name, url, *LIGHTS[one.light], items, len(owed) - len(items))


def told(one: Obligation, day: dt.date) -> str:
    return f"{name_of(one)}: {state_of(one, day).lower()}"


def name_of(one: Obligation) -> str:
    """As on the page of obligations, but without the names of people: the day may be one of long ago."""
    return str(capfirst(Subject.EXPIRING.label)) if one.subject == Subject.EXPIRING else title_of(one)


def asked_of(one: Obligation) -> dict[str, str]:
    """The period of an obligation in the words of an address."""
    month, year = one.last_day.month, one.first_day.year
    codes = {1: f"{year}-{month:02d}", 3: f"{year}-Q{month // 3}", 6: f"{year}-H{month // 6}", 12: f"{year}"}
    return asked_for(Period.parse(codes[one.months]))


PARTS = {Subject.REGULAR: "regular", Subject.THEMATIC: "thematic"}


def address(one: Obligation, addresses: Addresses) -> str:
    """Where one sees what is there of it."""
    if one.subject in PARTS:
        return addresses.page("duties", part=PARTS[one.subject], show="all", **asked_of(one))
    if one.subject == Subject.CONFERENCE:
        return addresses.page("conferences", **asked_of(one))
    if one.subject == Subject.RESULT:
        return reverse("sessions:detail", args=[one.what])
    return ""
