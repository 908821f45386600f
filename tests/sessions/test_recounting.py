"""A corrected roster and the sessions that were closed on the wrong one."""

import pytest
from django.utils import timezone

from accounts.refusing import Refused
from cells import merging, moving
from cells.dependants import MarksMissing
from cells.models import Membership, Person, Status
from cells.rewriting import undo
from sessions.counting import rebuild_rollup
from sessions.models import Mark, MonthlyRollup, Session
from sessions.opening import roster_change
from tests.cells.rosters import day, member
from tests.factories import LONG_AGO, AttendanceFactory, MembershipFactory, PersonFactory, SessionFactory, close
from tests.sessions.stories import counters_of, marks_of, rolled_up

JULY = "01/07/2024"


@pytest.fixture
def closed(cast):
    """3 July 2024: Hoa, Lan and Mai were expected and came; Tư is exempt."""
    return close(SessionFactory(cell=cast.cell))


def rollup_is_right(*organisations) -> bool:
    stored = [rolled_up(one) for one in organisations]
    rebuild_rollup(set(MonthlyRollup.unscoped.values_list("month", flat=True)))
    return stored == [rolled_up(one) for one in organisations]


def test_who_was_exempt_then_goes_off_the_roll_call(cast, closed):
    lan = Person.unscoped.get(code="DV-LAN")

    moving.turn_to(lan, Status.EXEMPT, day=day(JULY), actor=cast.hoa)

    assert counters_of(closed) == {"expected": 2, "present": 2, "exempt_present": 1}
    assert roster_change(closed).text == ""
    assert rollup_is_right(cast.cell, cast.committee)


def test_who_was_a_member_after_all_needs_a_mark(cast, closed):
    came_later = member(cast.cell, "Năm", first_day=day("01/01/2025"))
    earlier = {"first_day": day(JULY)}

    with pytest.raises(MarksMissing) as asked:
        moving.correct(came_later, "home-2025-01-01", earlier, reason="ghi nhầm năm", actor=cast.hoa)
    assert [(session, person.full_name) for session, _title, person in asked.value.missing] == [
        (closed.public_id, "Năm")
    ]
    assert counters_of(closed) == {"expected": 3, "present": 3}
    assert Membership.unscoped.get(person=came_later).first_day == day("01/01/2025")

    marks = {(closed.public_id, came_later.pk): (Mark.UNEXCUSED, "")}
    moving.correct(came_later, "home-2025-01-01", earlier, reason="ghi nhầm năm", marks=marks, actor=cast.hoa)

    assert counters_of(closed) == {"expected": 4, "present": 3, "unexcused": 1}
    assert rollup_is_right(cast.cell, cast.committee)


def test_a_transfer_in_the_past_moves_the_person_between_closed_sessions(cast, closed):
    next_door = close(SessionFactory(cell=cast.neighbour))
    mai = Person.unscoped.get(code="DV-MAI")
    marks = {(next_door.public_id, mai.pk): (Mark.PRESENT, "")}

    moving.transfer(mai, cast.neighbour, day=day(JULY), marks=marks, actor=cast.minh)

    assert (counters_of(closed)["expected"], counters_of(next_door)["expected"]) == (2, 3)
    assert rollup_is_right(cast.cell, cast.neighbour, cast.committee)


def test_a_change_that_cost_a_mark_is_not_taken_back_without_it(cast, closed):
    mai = Person.unscoped.get(code="DV-MAI")
    moving.leave(mai, "other", day=day("30/06/2024"), actor=cast.hoa)

    with pytest.raises(Refused):
        undo(mai, actor=cast.hoa)

    assert counters_of(closed) == {"expected": 2, "present": 2}


def test_an_open_session_keeps_its_marks_for_its_own_check(cast, opened):
    before = marks_of(opened)

    moving.leave(Person.unscoped.get(code="DV-MAI"), "other", day=day("31/12/2020"), actor=cast.hoa)

    assert marks_of(opened) == before


@pytest.fixture
def twice(cast):
    """Mai was entered a second time, and both were marked at one session."""
    twin = PersonFactory(code="DV-MAI2", full_name="Mai")
    MembershipFactory(person=twin, cell=cast.cell)
    return twin


def test_of_a_person_entered_twice_one_mark_stays_and_being_present_wins(cast, twice):
    session = close(SessionFactory(cell=cast.cell), {cast.member: Mark.UNEXCUSED})
    assert counters_of(session) == {"expected": 4, "present": 3, "unexcused": 1}

    merging.merge(cast.member, twice, version=cast.member.version, actor=cast.hoa)

    assert counters_of(session) == {"expected": 3, "present": 3}
    assert marks_of(session).keys() == {"Hoa", "Lan", "Mai"}
    assert not Person.unscoped.filter(code="DV-MAI2").exists()
    assert rollup_is_right(cast.cell, cast.committee)


def test_spans_of_other_days_come_along_with_their_sessions(cast):
    early = PersonFactory(full_name="Mai")
    MembershipFactory(person=early, cell=cast.neighbour, first_day=LONG_AGO, last_day=day("31/12/2023"))
    session = close(SessionFactory(cell=cast.neighbour, day=day("03/05/2023")))
    Membership.unscoped.filter(person=cast.member).update(first_day=day("01/01/2024"))
    before = counters_of(session)

    merging.merge(cast.member, early, version=cast.member.version, actor=cast.minh)

    kept = Membership.unscoped.filter(person=cast.member).order_by("first_day").values_list("cell__code", flat=True)
    assert list(kept) == ["1.1.2", "1.1.1"]
    assert counters_of(session) == before
    assert session.roll_call.filter(person=cast.member, mark=Mark.PRESENT).count() == 1


def test_a_merged_person_keeps_one_log_in_with_all_posts(cast, twice):
    twice.user = cast.son
    cast.speaker.user = None
    cast.speaker.save()
    twice.save()

    merging.merge(cast.member, twice, version=cast.member.version, actor=cast.hoa)

    cast.son.refresh_from_db()
    assert not cast.son.is_active
    assert Person.unscoped.get(pk=cast.member.pk).user == cast.mai


def test_no_session_is_touched_outside_the_changed_days(cast, closed):
    other = SessionFactory(cell=cast.cell, day=day("03/08/2024"))
    close(other)
    AttendanceFactory(session=SessionFactory(cell=cast.cell, day=timezone.localdate()), person=cast.member)
    versions = dict(Session.unscoped.values_list("pk", "version"))

    moving.turn_to(cast.member, Status.SUSPENDED, day=day("01/08/2024"), actor=cast.hoa)

    changed = {pk for pk, version in Session.unscoped.values_list("pk", "version") if version != versions[pk]}
    assert changed == {other.pk}
