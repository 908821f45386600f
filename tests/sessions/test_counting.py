"""What one roll-call adds up to, and what the roll-up keeps of it when sessions close, reopen and move."""

import datetime as dt

import pytest

from sessions.counting import add_to_rollup, count_roll_call, rebuild_rollup
from sessions.models import COUNTERS, Mark, MonthlyRollup, Session
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, SessionFactory, close

JULY = dt.date(2024, 7, 1)


@pytest.fixture
def held(cast):
    """Mai excused, Hoa online, Lan there, and an exempt member who came all the same."""
    exempt = PersonFactory()
    MembershipFactory(person=exempt, cell=cast.cell, status="exempt")
    hoa = cast.hoa.person
    return close(
        SessionFactory(cell=cast.cell, guests=4, guests_estimate="nearly"),
        {cast.member: Mark.EXCUSED, hoa: Mark.PRESENT_ONLINE, exempt: Mark.PRESENT},
    )


def kept():
    rows = MonthlyRollup.unscoped.filter(month=JULY)
    return {row.organisation.code: (row.sessions, row.expected, row.present, row.guests) for row in rows}


def test_a_roll_call_adds_up(held):
    assert count_roll_call(held) == {
        "expected": 3,
        "present": 2,
        "present_online": 1,
        "excused": 1,
        "unexcused": 0,
        "exempt_present": 1,
    }


def test_a_roll_call_of_nobody_is_nothing(cast):
    assert count_roll_call(SessionFactory(cell=cast.cell)) == dict.fromkeys(COUNTERS, 0)


def test_a_closed_session_counts_for_all_that_were_above_it(held):
    assert kept() == dict.fromkeys(("1.1.1", "1.1", "1", "0"), (1, 3, 2, 4))
    assert rebuild_rollup() == 0


def test_reopening_takes_out_what_closing_brought(cast, held):
    close(SessionFactory(cell=cast.neighbour))

    Session.unscoped.filter(pk=held.pk).update(state=Session.State.OPEN)
    add_to_rollup(held, times=-1)

    assert kept() == {"1.1.1": (0, 0, 0, 0)} | dict.fromkeys(("1.1.2", "1.1", "1", "0"), (1, 2, 2, 0))
    assert rebuild_rollup() == 1  # the empty row goes


def test_a_session_counts_where_its_cell_hung_on_that_day(cast, held):
    elsewhere = OrganisationFactory(parent=cast.foreign, first_day=dt.date(2024, 7, 2))

    close(SessionFactory(cell=elsewhere, day=dt.date(2024, 7, 31)))

    assert kept()["11"] == (1, 0, 0, 0)
    assert kept()["0"] == (2, 3, 2, 4)
    assert kept()["1"] == (1, 3, 2, 4)


def test_a_rebuild_of_one_month_leaves_the_others_alone(cast, held):
    MonthlyRollup.unscoped.update(sessions=9)
    close(SessionFactory(cell=cast.cell, day=dt.date(2024, 8, 3)))
    MonthlyRollup.unscoped.filter(month=dt.date(2024, 8, 1)).update(sessions=9)

    assert rebuild_rollup([dt.date(2024, 8, 1)]) == 4
    assert set(MonthlyRollup.unscoped.values_list("month", "sessions")) == {(JULY, 9), (dt.date(2024, 8, 1), 1)}
