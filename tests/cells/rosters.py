"""Short sentences that the tests of rosters share."""

import datetime as dt

from cells.models import Membership, Person, Status
from tests.factories import MembershipFactory, PersonFactory


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone


def member(cell, name="Tư", **fields) -> Person:
    person = PersonFactory(full_name=name)
    MembershipFactory(person=person, cell=cell, **fields)
    return person


def spans(person: Person) -> list[tuple]:
    """(cell's code, standing, status, first day, last day or "") in order."""
    rows = Membership.unscoped.filter(person=person).order_by("first_day", "status").select_related("cell")
    return [(row.cell.code, row.standing, row.status, said(row.first_day), said(row.last_day)) for row in rows]


def said(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def active(cell: str, first: str, last: str = "") -> tuple:
    return cell, "official", Status.ACTIVE, first, last
