"""Every page of a session asks the database as often for a cell of 1, of 3 and of 40 members."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cells import revising
from cells.models import Standing, Status, Term
from sessions import arranging, signing, tasking
from sessions.models import Mark, Session, SessionRecord
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    PostFactory,
    SessionFactory,
    UserFactory,
    close,
)
from tests.sessions.stories import key

BEFORE = ("detail", "preparation", "agenda", "invitation", "announce_absence", "absences", "assign", "change_plan")
OPEN = ("roll_call", "saved_marks", "close", "check_in_screen", "record", "saved_record", "add_vote", "give_task")
CLOSED = ("detail", "record", "minutes", "resolution", "rate", "handbook", "preparation", "adopt_minutes")


@pytest.mark.slow
def test_pages_and_saves_cost_the_same_for_1_3_and_40_members(cast, client):
    close(SessionFactory(cell=cast.neighbour, day=timezone.localdate()))  # the month stands in the roll-up already
    revising.advance()  # and so does the row that counts changes
    costs = {size: costs_of(client, cast, size) for size in (1, 3, 40)}

    print(f"\nqueries, whatever the size: {costs[40]}")  # noqa: T201 - the measure
    assert len(costs[1]) == len(BEFORE) + len(OPEN) + len(CLOSED) + 4
    assert costs[3] == costs[1]
    assert costs[40] == costs[1]


def costs_of(client, cast, size: int) -> dict[str, int]:
    """{what was asked for: queries} along one session, from its plan to its minutes."""
    session, secretary = meeting_of(cast, size)
    client.force_login(secretary)
    client.get("/")
    found = {f"before {name}": cost(client, name, session) for name in BEFORE}
    with CaptureQueriesContext(connection) as queries:
        signing.composed(session)
    found["sheet"] = len(queries)
    found["open"] = cost(client, "open", session, key())
    found |= {f"open {name}": cost(client, name, session) for name in OPEN}
    found["save"] = cost(client, "save_draft", session, marks(session) | key())
    SessionRecord.unscoped.create(session=session, chair_name="Hoa", minute_taker_name="Lan", summary="A")
    tasking.give(session, {"title": "Thăm hộ nghèo", "owner_name": "", "due": None}, actor=secretary)
    closing = {"start": "07:00", "end": "09:00", "guests": "0", "sure": "07:00-09:00"}
    closing["version"] = Session.unscoped.get(pk=session.pk).version
    found["close"] = cost(client, "close", session, closing | key())
    assert Session.unscoped.get(pk=session.pk).is_closed
    return found | {f"closed {name}": cost(client, name, session) for name in CLOSED}


def meeting_of(cast, size: int):
    cell = OrganisationFactory(name=f"Chi bộ {size}", parent=cast.branch)
    secretary = UserFactory(full_name=f"Bí thư {size}")
    PostFactory(user=secretary, organisation=cell)
    Term.unscoped.create(organisation=cell, ordinal="XX", first_day=dt.date(2020, 5, 10))
    MembershipFactory(person=PersonFactory(user=secretary), cell=cell)
    for number in range(size - 1):
        MembershipFactory(cell=cell, standing=Standing.values[number % 2])
    MembershipFactory(cell=cell, status=Status.EXEMPT)
    session = SessionFactory(cell=cell, day=timezone.localdate())
    arranging.lay_out(session)
    return session, secretary


def marks(session) -> dict:
    """Everybody is present."""
    rows = list(session.roll_call.select_related("person").order_by("pk"))
    told = {f"mark-{row.person.public_id.hex}": Mark.PRESENT for row in rows}
    return told | {"version": Session.unscoped.get(pk=session.pk).version, "base": "{}"}


def cost(client, name: str, session, sent: dict | None = None) -> int:
    address = reverse(f"sessions:{name}", args=[session.public_id])
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address) if sent is None else client.post(address, sent)
    assert answer.status_code in {200, 302}, (name, answer.status_code)
    assert sent is not None or answer.status_code == 200, name
    return len(queries)
