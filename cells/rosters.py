"""Who may see and change which roster, and what its pages say of people: the questions of these pages, asked once."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.auditing import record
from accounts.refusing import Refused
from cells.access import is_below, require
from cells.models import (
    CELL_KINDS,
    Lineage,
    Membership,
    Organisation,
    OrganisationPeriod,
    Person,
    Role,
    Standing,
    Status,
)
from cells.moving import home_on, is_open_transfer, key_of
from cells.naming import names_for
from cells.querying import named_like
from cells.reach import AT_THE_CELL, LEADING, SEES_ROSTERS
from cells.rewriting import spans_of
from cells.spans import homes_of

MOST_OFFERED = 20
BADGES = {
    Status.ACTIVE: "badge-ok",
    Status.EXEMPT: "badge-plain",
    Status.AWAY: "badge-wait",
    Status.HOSTED: "badge-wait",
    Status.SUSPENDED: "badge-bad",
    Status.SPECIAL_DUTY: "badge-plain",
}


def seen_roster(user, public_id) -> Organisation:
    here = get_object_or_404(Organisation.objects.for_user(user), public_id=public_id)
    require(sees_roster(user, here.pk))
    return here


def managed_cell(user, public_id) -> Organisation:
    here = get_object_or_404(Organisation.objects.for_user(user), public_id=public_id)
    require(manages(user, here.pk) and here.periods.on(user.reach.day).filter(kind__in=CELL_KINDS))
    return here


def seen_person(user, public_id) -> Person:
    return get_object_or_404(Person.objects.for_user(user).select_related("user"), public_id=public_id)


def managed_person(user, public_id) -> Person:
    """Of a cell that the user leads, or of one below the user's committee; the last cell counts for those who left."""
    person = seen_person(user, public_id)
    require(manages_person(user, person))
    return person


def manages_person(user, person: Person) -> bool:
    home = last_home(person)
    return home is not None and manages(user, home.cell_id)


def last_home(person: Person) -> Membership | None:
    homes = homes_of(spans_of(person))
    return homes[-1] if homes else None


def sees_roster(user, organisation: int) -> bool:
    reach = user.reach
    return works_at(user, organisation) or is_below(organisation, reach.at(SEES_ROSTERS), reach.day)


def works_at(user, organisation: int) -> bool:
    return user.reach.acts_at(AT_THE_CELL, organisation)


def note_reading(request, target, place: int, **detail) -> None:
    """Whoever reads names from a roster or a roll-call that is not of their own cell leaves a trace, once per page."""
    if not works_at(request.user, place):
        detail |= {"path": request.path}
        record("roster.read", target=target, place=place, detail=detail, request=request)


def manages(user, organisation: int) -> bool:
    reach = user.reach
    return reach.acts_at(LEADING, organisation) or is_below(organisation, reach.at({Role.COMMITTEE}), reach.day)


def knows_contacts(user, person: Person) -> bool:
    """Telephone and e-mail are for the own cell, and for the person."""
    if person.user_id == user.pk:
        return True
    cells = Membership.unscoped.on(user.reach.day).filter(person=person).values_list("cell_id", flat=True)
    return any(works_at(user, cell) for cell in cells)


def roster_of(user, here: Organisation, day: dt.date) -> QuerySet[Membership]:
    """Spans of that day at the cell, or at the cells below, that the user may see; given name first."""
    below = Lineage.unscoped.under(here, day).values("descendant")
    spans = Membership.objects.for_user(user).on(day).filter(cell__in=below)
    return spans.select_related("person").order_by("person__sort_key", "person_id", "pk")


@dataclass(frozen=True)
class MemberRow:
    span: Membership
    cell_name: str = ""
    has_twin: bool = False

    @property
    def name(self) -> str:
        person = self.span.person
        return f"{person.full_name} ({person.code})" if self.has_twin else person.full_name

    @property
    def url(self) -> str:
        return reverse("cells:person", args=[self.span.person.public_id])

    @property
    def badge(self) -> str:
        return BADGES[self.span.status]

    @property
    def is_probationary(self) -> bool:
        return self.span.standing == Standing.PROBATIONARY

    @property
    def birth(self) -> dt.date | int | None:
        return self.span.person.birth_date or self.span.person.birth_year


def member_rows(spans, user, day: dt.date, *, names_cells: bool) -> list[MemberRow]:
    spans = list(spans)
    names = names_for(user, {span.cell_id for span in spans}, day) if names_cells else {}
    people = {span.person_id: span.person.full_name for span in spans}
    bearers = Counter(people.values())
    return [MemberRow(s, names.get(s.cell_id, ""), bearers[s.person.full_name] > 1) for s in spans]


@dataclass(frozen=True)
class SpanRow:
    """One span on the page of a person."""

    span: Membership
    cell_name: str

    @property
    def badge(self) -> str:
        return BADGES[self.span.status]

    @property
    def key(self) -> str:
        return key_of(self.span)


@dataclass(frozen=True)
class Record:
    """A person's spans as one reader may see them, newest first, and what can be done from the newest on."""

    rows: list[SpanRow]
    day: dt.date

    @cached_property
    def current(self) -> Membership | None:
        try:
            return home_on([row.span for row in self.rows], self.day)
        except Refused:
            return None

    @property
    def is_away(self) -> bool:
        return self.current is not None and self.current.status == Status.AWAY

    @property
    def is_probationary(self) -> bool:
        return self.current is not None and self.current.standing == Standing.PROBATIONARY

    @property
    def open_transfer(self) -> Membership | None:
        if self.current is not None:
            return None
        return next((row.span for row in self.rows if is_open_transfer(row.span)), None)


def record_of(person: Person, user, day: dt.date) -> Record:
    spans = list(Membership.objects.for_user(user).filter(person=person).order_by("-first_day", "-pk"))
    names = names_for(user, {span.cell_id for span in spans}, day)
    return Record([SpanRow(span, names.get(span.cell_id, "")) for span in spans], day)


def cells_like(user, text: str, day: dt.date) -> list[OrganisationPeriod]:
    """Cells in force on the day: the one with exactly this code, or those within reach that are called so."""
    cells = OrganisationPeriod.unscoped.on(day).filter(kind__in=CELL_KINDS)
    cells = cells.select_related("organisation").order_by("sort_key", "pk")
    by_code = list(cells.filter(organisation__code=text))
    if by_code or not text:
        return by_code
    known = Organisation.objects.for_user(user).values("pk")
    return list(cells.filter(named_like(text), organisation__in=known)[:MOST_OFFERED])
