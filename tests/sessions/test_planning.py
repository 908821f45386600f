import datetime as dt

import pytest

from accounts.models import AuditEntry
from resolutions.models import Mode
from sessions.models import Session, SessionKind
from sessions.opening import open_session
from sessions.planning import AlreadyPlanned, OutOfForce, change_plan, plan, suggested_day
from sessions.states import ChangedMeanwhile, NotPlanned
from tests.factories import SessionFactory

FIELDS = {
    "day": dt.date(2026, 10, 3),
    "kind": SessionKind.REGULAR,
    "theme": "",
    "mode": Mode.IN_PERSON,
    "place": "Phòng họp",
    "start": dt.time(14),
}


def test_a_plan_makes_its_own_code_and_leaves_a_trace(cast):
    session = plan(cast.cell, FIELDS, actor=cast.lan)

    assert Session.unscoped.get().code == f"BSH-{session.public_id.hex[-12:].upper()}"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.detail["place"]) == ("session.planned", cast.lan, "Phòng họp")


def test_the_code_stays_when_the_day_changes(cast):
    session = plan(cast.cell, FIELDS, actor=cast.lan)

    moved = change_plan(session, FIELDS | {"day": dt.date(2026, 10, 5)}, version=1, actor=cast.hoa)

    assert (moved.code, moved.day, moved.version) == (session.code, dt.date(2026, 10, 5), 2)


def test_a_cell_has_one_session_of_a_kind_on_a_day(cast):
    plan(cast.cell, FIELDS, actor=cast.lan)

    with pytest.raises(AlreadyPlanned, match="Chi bộ đã có một buổi định kỳ vào ngày 03/10/2026"):
        plan(cast.cell, FIELDS, actor=cast.hoa)
    plan(cast.neighbour, FIELDS, actor=cast.nam)
    plan(cast.cell, FIELDS | {"kind": SessionKind.THEMATIC, "theme": "Nêu gương"}, actor=cast.hoa)

    assert Session.unscoped.count() == 3


def test_a_cell_does_not_meet_before_it_was_founded(cast):
    with pytest.raises(OutOfForce, match="Chi bộ không hoạt động vào ngày 31/12/2019"):
        plan(cast.cell, FIELDS | {"day": dt.date(2019, 12, 31)}, actor=cast.hoa)

    assert not Session.unscoped.exists()


def test_a_plan_changed_meanwhile_is_not_overwritten(cast):
    session = plan(cast.cell, FIELDS, actor=cast.lan)
    change_plan(session, FIELDS | {"place": "Hội trường"}, version=1, actor=cast.hoa)

    with pytest.raises(ChangedMeanwhile):
        change_plan(session, FIELDS | {"place": "Nhà văn hóa"}, version=1, actor=cast.lan)

    assert Session.unscoped.get().place == "Hội trường"


def test_an_opened_session_keeps_its_plan(cast, planned):
    open_session(planned, actor=cast.hoa)

    with pytest.raises(NotPlanned):
        change_plan(planned, FIELDS, version=2, actor=cast.hoa)


@pytest.mark.parametrize(("today", "day"), [(1, 3), (3, 3), (20, 20)])
def test_the_day_in_force_is_suggested_as_long_as_it_is_to_come(cast, today, day):
    assert suggested_day(cast.cell, dt.date(2026, 11, today)) == dt.date(2026, 11, day)


def test_the_next_month_without_a_regular_session_is_suggested(cast):
    for day in (dt.date(2026, 11, 3), dt.date(2026, 12, 3)):
        SessionFactory(cell=cast.cell, day=day)
    SessionFactory(cell=cast.cell, day=dt.date(2027, 1, 4), state=Session.State.CANCELLED)
    today = dt.date(2026, 11, 20)

    assert suggested_day(cast.cell, today) == dt.date(2027, 1, 4)
    assert suggested_day(cast.cell, today, SessionKind.THEMATIC) == today


def test_a_day_off_moves_the_suggestion(cast):
    assert suggested_day(cast.cell, dt.date(2026, 5, 1)) == dt.date(2026, 5, 4)
