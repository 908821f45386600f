"""Who is late, who has something due and who is in order on a day: one line for each organisation below."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.returning import leading_back
from cells.models import Lineage, Organisation
from cells.naming import OrganisationRow
from reports.access import followed, measurable
from reports.dashboard import Addresses, told_apart
from reports.forms import LightsQuery, PeriodQuery, asked_for
from reports.obligations import owing
from reports.obligations.models import DUTIES, Subject
from reports.obligations.owing import Obligation
from reports.obligations.presenting import state_of, title_of
from reports.ordering import ordered, words_of
from reports.periods import Period, code_of_months
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
    "reports": (Subject.REPORT, Subject.EXECUTIVE, Subject.RESULT),
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
    places = set(below(organisation, day, query.values["kind"]))
    named = told_apart(places | ({*late, *due} if query.values["kind"] == "all" else set()), user, day)
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
    more: list[Item]


def shown(standings: Iterable[Standing], query: LightsQuery, request) -> list[Line]:
    standings = list(standings)
    ways = ways_to((one.organisation for one in standings), query, request)
    return [line(one, query, ways[one.organisation]) for one in standings]


def line(one: Standing, query: LightsQuery, way: "Way") -> Line:
    items = [Item(told(each, query.day), way.to(each)) for each in one.late or one.due]
    names = one.named.name, one.named.parent_name
    return Line(*names, way.page("dashboard"), *LIGHTS[one.light], items[:SHOWN], items[SHOWN:])


def told(one: Obligation, day: dt.date) -> str:
    return f"{name_of(one)}: {state_of(one, day).lower()}"


def name_of(one: Obligation) -> str:
    """As on the page of obligations, but without the names of people: the day may be one of long ago."""
    return str(capfirst(Subject.EXPIRING.label)) if one.subject == Subject.EXPIRING else title_of(one)


def asked_of(one: Obligation) -> dict[str, str]:
    """The period of an obligation in the words of an address."""
    about_a_day = f"{one.last_day.year}"
    return asked_for(Period.parse(code_of_months(one.first_day, one.months) if one.months else about_a_day))


PARTS = {Subject.REGULAR: "regular", Subject.THEMATIC: "thematic"}
SINGLE = {
    Subject.RESULT: "sessions:detail",
    Subject.MATERIALS: "sessions:detail",
    Subject.FOLLOW_UP: "resolutions:follow_up",
}


@dataclass(frozen=True)
class Way:
    """Where the rows of one organisation are, as far as the user may go; every page leads back to the one shown."""

    addresses: Addresses | None
    is_followed: bool  # whether the user reads what it owes
    request: HttpRequest

    def page(self, name: str, **changes) -> str:
        return self.addresses.page(name, **changes) if self.addresses else ""

    def to(self, one: Obligation) -> str:
        url = self.plainly_to(one)
        return leading_back(url, self.request) if url else ""

    def plainly_to(self, one: Obligation) -> str:
        if one.subject in PARTS:
            return self.page("duties", part=PARTS[one.subject], show="all", **asked_of(one))
        if one.subject == Subject.CONFERENCE:
            return self.page("conferences", **asked_of(one))
        if not self.is_followed:
            return ""
        if one.subject in SINGLE:
            return reverse(SINGLE[one.subject], args=[one.what])
        return owed_url(self.addresses.organisation, **asked_of(one), subject=one.subject) if self.addresses else ""


def ways_to(organisations: Iterable[int], query: PeriodQuery, request) -> dict[int, Way]:
    ids, reach = set(organisations), request.user.reach
    found = Organisation.unscoped.in_bulk(measurable(reach, ids, query.period.days, query.values["structure"]))
    owing_to_user = Organisation.objects.for_user(request.user).filter(followed(reach), pk__in=ids)
    open_to_user = set(owing_to_user.values_list("pk", flat=True))
    return {pk: Way(Addresses(found[pk], query) if pk in found else None, pk in open_to_user, request) for pk in ids}


def owed_by(organisation: Organisation, query: LightsQuery, request) -> str:
    """The page of all that is owed at and below it in the year of the day, where the user reads that."""
    way = ways_to([organisation.pk], query, request)[organisation.pk]
    return leading_back(owed_url(organisation, span="Y", year=query.day.year), request) if way.is_followed else ""


def owed_url(organisation: Organisation, **asked) -> str:
    """All that it owes in a period, in every state: late, due, done, waived."""
    asked = {"state": "all"} | {name: value for name, value in asked.items() if value}
    return f"{reverse('reports:due_of', args=[organisation.public_id])}?{urlencode(asked)}"
