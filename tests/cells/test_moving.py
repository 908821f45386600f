"""What happens to a member, and what the roster says of it afterwards."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import AuditEntry
from accounts.refusing import Refused
from cells import moving
from cells.models import Membership, Person, Standing, Status
from cells.rewriting import ChangedMeanwhile, last_change, undo
from cells.spans import clashes
from tests.cast import make_cast
from tests.cells.rosters import active, day, member, spans


@pytest.fixture
def person(cast):
    return member(cast.cell)


def test_an_official_transfer_ends_one_span_the_day_before_it_opens_the_other(cast, person):
    moving.transfer(person, cast.neighbour, day=day("15/09/2026"), actor=cast.hoa)

    assert spans(person) == [active("1.1.1", "01/01/2020", "14/09/2026"), active("1.1.2", "15/09/2026")]
    assert AuditEntry.objects.filter(action="roster.transferred", object_id=person.pk, actor=cast.hoa).count() == 1


def test_for_a_time_a_member_stands_on_both_rosters_and_then_comes_back(cast, person):
    moving.send_away(person, cast.neighbour, day=day("01/03/2026"), until=day("01/06/2026"), actor=cast.hoa)
    assert spans(person) == [
        active("1.1.1", "01/01/2020", "28/02/2026"),
        ("1.1.1", "official", Status.AWAY, "01/03/2026", ""),
        ("1.1.2", "official", Status.HOSTED, "01/03/2026", ""),
    ]

    moving.bring_back(person, day=day("10/06/2026"), actor=cast.hoa)
    assert spans(person) == [
        active("1.1.1", "01/01/2020", "28/02/2026"),
        ("1.1.1", "official", Status.AWAY, "01/03/2026", "09/06/2026"),
        ("1.1.2", "official", Status.HOSTED, "01/03/2026", "09/06/2026"),
        active("1.1.1", "10/06/2026"),
    ]


@pytest.mark.parametrize("status", [Status.EXEMPT, Status.SUSPENDED, Status.SPECIAL_DUTY])
def test_a_status_begins_and_ends_on_its_day(cast, person, status):
    moving.turn_to(person, status, day=day("01/03/2026"), actor=cast.hoa)
    moving.turn_to(person, Status.ACTIVE, day=day("01/05/2026"), actor=cast.hoa)

    assert spans(person) == [
        active("1.1.1", "01/01/2020", "28/02/2026"),
        ("1.1.1", "official", status, "01/03/2026", "30/04/2026"),
        active("1.1.1", "01/05/2026"),
    ]


def test_what_begins_on_the_first_day_of_a_span_changes_the_span_itself(cast, person):
    moving.turn_to(person, Status.EXEMPT, day=day("01/01/2020"), actor=cast.hoa)

    assert spans(person) == [("1.1.1", "official", Status.EXEMPT, "01/01/2020", "")]


def test_a_probationary_member_becomes_official(cast):
    person = member(cast.cell, standing=Standing.PROBATIONARY)

    moving.make_official(person, day=day("19/05/2026"), actor=cast.hoa)

    assert [(row[1], row[3]) for row in spans(person)] == [("probationary", "01/01/2020"), ("official", "19/05/2026")]


def test_whoever_left_may_arrive_at_another_cell_and_is_no_longer_waited_for(cast, person):
    moving.leave(person, "transferred", day=day("31/08/2026"), actor=cast.hoa)
    left = Membership.unscoped.get(person=person)
    assert moving.is_open_transfer(left)

    moving.admit(person, cast.neighbour, standing="official", day=day("20/09/2026"), actor=cast.nam)

    left.refresh_from_db()
    assert left.arrival_confirmed == day("20/09/2026")
    assert spans(person)[1] == active("1.1.2", "20/09/2026")


def test_nobody_is_at_home_in_two_cells(cast, person):
    with pytest.raises(Refused):
        moving.admit(person, cast.neighbour, standing="official", day=day("20/09/2026"), actor=cast.nam)

    assert spans(person) == [active("1.1.1", "01/01/2020")]


@pytest.mark.parametrize(
    ("first", "last"), [("01/01/2019", ""), ("01/02/2026", "01/01/2026"), ("01/01/2020", "01/07/2026")]
)
def test_a_correction_that_cannot_be_is_refused_and_changes_nothing(cast, person, first, last):
    """Before the cell was, backwards, and into the next span."""
    moving.turn_to(person, Status.EXEMPT, day=day("01/06/2026"), actor=cast.hoa)
    before = spans(person)
    values = {"first_day": day(first), "last_day": day(last) if last else None}

    with pytest.raises(Refused):
        moving.correct(person, "home-2020-01-01", values, reason="ghi nhầm", actor=cast.hoa)

    assert spans(person) == before


def test_the_second_of_two_who_saw_the_same_is_told(cast, person):
    seen = Person.unscoped.get(pk=person.pk).version
    moving.turn_to(person, Status.EXEMPT, day=day("01/03/2026"), version=seen, actor=cast.hoa)

    with pytest.raises(ChangedMeanwhile):
        moving.turn_to(person, Status.SUSPENDED, day=day("01/04/2026"), version=seen, actor=cast.minh)


def test_the_last_change_can_be_taken_back_once(cast, person):
    before = spans(person)
    moving.transfer(person, cast.neighbour, day=day("15/09/2026"), actor=cast.hoa)

    undo(person, actor=cast.hoa)

    assert spans(person) == before
    assert last_change(Person.unscoped.get(pk=person.pk)) is None
    with pytest.raises(Refused):
        undo(person, actor=cast.hoa)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["transfer", "away", "back", "exempt", "active", "leave", "official", "undo"]),
        st.integers(min_value=0, max_value=400),
    ),
    min_size=1,
    max_size=8,
)


class AnyOrderOfChanges(TestCase):
    @given(STEPS)
    @settings(max_examples=15)
    def test_whatever_is_done_in_any_order_the_roster_stays_right(self, steps):
        cast = make_cast()
        person = member(cast.cell)
        for verb, days in steps:
            on = dt.date(2025, 1, 1) + dt.timedelta(days=days)
            try:
                do(verb, person, cast, on)
            except Refused:
                continue

            rows = sorted(Membership.unscoped.filter(person=person), key=lambda row: row.first_day)
            assert list(clashes(rows)) == []
            assert all(row.last_day is None or row.first_day <= row.last_day for row in rows)
            assert sum(row.last_day is None and row.status != Status.HOSTED for row in rows) <= 1


def do(verb, person, cast, on):
    told = {"day": on, "actor": cast.hoa}
    if verb == "transfer":
        moving.transfer(person, cast.neighbour, **told)
    elif verb == "away":
        moving.send_away(person, cast.neighbour, until=None, **told)
    elif verb == "back":
        moving.bring_back(person, **told)
    elif verb in Status:
        moving.turn_to(person, verb, **told)
    elif verb == "leave":
        moving.leave(person, "other", **told)
    elif verb == "official":
        moving.make_official(person, **told)
    else:
        undo(person, actor=cast.hoa)
