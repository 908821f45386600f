"""Random spans of a few people at two cells: who is expected and how many votes make the base, reckoned twice."""

import datetime as dt

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cells.models import Membership, Standing, Status
from sessions.models import Attendance, Mark
from sessions.opening import open_session
from sessions.states import exempt_people, expected_people
from sessions.voting import base_of
from tests.factories import PersonFactory, SessionFactory

BEGIN, PEOPLE, PIECES = dt.date(2026, 1, 1), 6, 3
HERE, THERE = "here", "there"
AT_HOME = [status for status in Status.values if status != Status.HOSTED]
PIECE = st.tuples(
    st.integers(1, 20),  # days
    st.sampled_from([HERE, HERE, THERE, None]),
    st.sampled_from(Standing.values),
    st.sampled_from([Status.ACTIVE, *AT_HOME]),
    st.booleans(),  # whether somebody who is away is hosted by the other cell meanwhile
)
LIVES = st.lists(st.lists(PIECE, max_size=PIECES), min_size=PEOPLE, max_size=PEOPLE)
MARKS = st.lists(st.sampled_from(Mark.values), min_size=PEOPLE, max_size=PEOPLE)


def rows_of(life: list) -> list[tuple]:
    """(first day, last day, cell, standing, status) of one person, home and host rows."""
    first, found = BEGIN, []
    for days, cell, standing, status, is_hosted in life:
        last = first + dt.timedelta(days=days - 1)
        if cell:
            found.append((first, last, cell, standing, status))
        if cell and status == Status.AWAY and is_hosted:
            found.append((first, last, THERE if cell == HERE else HERE, standing, Status.HOSTED))
        first = last + dt.timedelta(days=1)
    return found


def reckoned(lives: list, marks: list, day: dt.date) -> tuple[set[int], int]:
    """The rules of domain.md 1.3 once more, one person at a time: who is expected, and the vote base."""
    expected, base = set(), 0
    for number, (life, mark) in enumerate(zip(lives, marks, strict=True)):
        came = mark in {"present", "present_online"}
        for first, last, cell, standing, status in rows_of(life):
            if cell != HERE or not first <= day <= last:
                continue
            if status in {"active", "hosted"}:
                expected.add(number)
            if standing == "official" and (status == "active" or (status == "exempt" and came)):
                base += 1
    return expected, base


@given(lives=LIVES, marks=MARKS, day=st.integers(0, 45).map(lambda days: BEGIN + dt.timedelta(days=days)))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_expected_and_vote_base_of_random_spans(cast, lives, marks, day):
    with transaction.atomic():
        Membership.unscoped.all().delete()
        people = PersonFactory.create_batch(PEOPLE)
        places = {HERE: cast.cell, THERE: cast.neighbour}
        Membership.unscoped.bulk_create(
            Membership(
                person=person, cell=places[cell], standing=standing, status=status, first_day=first, last_day=last
            )
            for person, life in zip(people, lives, strict=True)
            for first, last, cell, standing, status in rows_of(life)
        )
        session = SessionFactory(cell=places[HERE], day=day)
        expected, base = reckoned(lives, marks, day)

        assert expected_people(session.cell_id, day) == {people[number].pk for number in expected}
        if expected:
            open_session(session, actor=cast.hoa)
            call(session, people, expected, marks)
            found = base_of(session)
            assert set(session.roll_call.filter(is_expected=True).values_list("person_id", flat=True)) == {
                people[number].pk for number in expected
            }
            assert found.base == base
            assert found.base == found.official - found.suspended - found.away - found.exempt_absent
        transaction.set_rollback(True)


def call(session, people, expected: set[int], marks: list) -> None:
    """As the page would mark them; of those who need not come only who came."""
    exempt = exempt_people(session.cell_id, session.day)
    for number, (person, mark) in enumerate(zip(people, marks, strict=True)):
        rows = Attendance.unscoped.filter(session=session, person=person)
        if number in expected:
            rows.update(mark=mark)
        elif mark in {"present", "present_online"} and person.pk in exempt:
            Attendance.unscoped.create(session=session, person=person, mark=mark, is_expected=False)
