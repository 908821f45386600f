import datetime as dt

import pytest

from cells.models import Role
from cells.reach import with_reach
from sessions.due import MISSING, due_for
from sessions.models import Session, SessionKind
from tests.factories import PostFactory, SessionFactory, close

DAY = dt.date(2026, 11, 10)
State = Session.State


def told(user, day=DAY):
    return [(due.kind, due.label, due.state, due.action) for due in due_for(with_reach(user).reach, day)]


REGULAR, THEMATIC = SessionKind.REGULAR, SessionKind.THEMATIC
REGULAR_LABEL, THEMATIC_LABEL = "Sinh hoạt định kỳ tháng 11/2026", "Sinh hoạt chuyên đề quý IV/2026"


def test_with_nothing_planned_both_duties_ask_for_a_plan(cast):
    assert told(cast.hoa) == [
        (REGULAR, REGULAR_LABEL, MISSING, "Lên kế hoạch"),
        (THEMATIC, THEMATIC_LABEL, MISSING, "Lên kế hoạch"),
    ]


def test_what_is_planned_is_opened_and_what_is_open_goes_on(cast):
    SessionFactory(cell=cast.cell, day=dt.date(2026, 11, 3), kind=REGULAR)
    SessionFactory(cell=cast.cell, day=dt.date(2026, 10, 17), kind=THEMATIC, theme="A", state=State.OPEN)

    assert told(cast.lan) == [
        (THEMATIC, THEMATIC_LABEL, State.OPEN, "Tiếp tục điểm danh"),
        (REGULAR, REGULAR_LABEL, State.PLANNED, "Mở buổi sinh hoạt"),
    ]


def test_it_says_by_when_and_how_late(cast):
    def when(day):
        return [due.when for due in due_for(with_reach(cast.hoa).reach, day)]

    assert when(dt.date(2026, 11, 21)) == ["hạn 03/11/2026, quá hạn 18 ngày", "hạn 31/12/2026"]
    assert when(dt.date(2026, 11, 3)) == ["hạn 03/11/2026", "hạn 31/12/2026"]
    assert when(dt.date(2026, 5, 4)) == ["hạn 04/05/2026", "hạn 30/06/2026"]  # the 3rd was a Sunday
    assert when(dt.date(2025, 2, 3)) == ["hạn 28/02/2025", "hạn 31/03/2025"]  # before there was a national day

    SessionFactory(cell=cast.cell, day=dt.date(2026, 11, 20))
    assert when(dt.date(2026, 11, 21)) == ["20/11/2026, quá hạn 18 ngày", "hạn 31/12/2026"]
    close(SessionFactory(cell=cast.cell, day=dt.date(2026, 11, 19)))
    assert when(dt.date(2026, 11, 21)) == ["hạn 31/12/2026", "19/11/2026"]


def test_what_lies_ahead_is_looked_at(cast):
    SessionFactory(cell=cast.cell, day=DAY, kind=REGULAR)
    SessionFactory(cell=cast.cell, day=DAY + dt.timedelta(days=1), kind=THEMATIC, theme="A")

    assert [due.action for due in due_for(with_reach(cast.lan).reach, DAY)] == ["Mở buổi sinh hoạt", "Xem kế hoạch"]


def test_a_combined_session_is_one_line(cast):
    session = close(SessionFactory(cell=cast.cell, day=dt.date(2026, 11, 3), kind=SessionKind.COMBINED, theme="A"))

    (due,) = due_for(with_reach(cast.hoa).reach, DAY)

    assert (due.label, due.is_done, due.day, due.url) == (
        REGULAR_LABEL,
        True,
        session.day,
        f"/buoi-sinh-hoat/{session.public_id}/",
    )


def test_other_months_and_cancelled_sessions_fulfil_nothing(cast):
    close(SessionFactory(cell=cast.cell, day=dt.date(2026, 10, 3)))
    close(SessionFactory(cell=cast.cell, day=dt.date(2026, 9, 3), kind=THEMATIC, theme="A"))
    SessionFactory(cell=cast.cell, day=dt.date(2026, 11, 3), state=State.CANCELLED)
    close(SessionFactory(cell=cast.neighbour, day=dt.date(2026, 11, 3)))

    assert [state for _kind, _label, state, _action in told(cast.hoa)] == [MISSING, MISSING]


def test_a_roll_call_left_open_is_not_forgotten(cast):
    SessionFactory(cell=cast.cell, day=dt.date(2026, 7, 3), state=State.OPEN)

    assert told(cast.hoa)[0] == (REGULAR, "Sinh hoạt định kỳ tháng 7/2026", State.OPEN, "Tiếp tục điểm danh")


def test_a_finished_session_beats_one_more_plan(cast):
    close(SessionFactory(cell=cast.cell, day=dt.date(2026, 11, 3)))
    SessionFactory(cell=cast.cell, day=dt.date(2026, 11, 25))

    assert told(cast.hoa)[-1] == (REGULAR, REGULAR_LABEL, State.CLOSED, "Xem kết quả")


@pytest.mark.parametrize("name", ["mai", "minh", "binh", "thu", "quan"])
def test_nothing_is_due_for_those_who_prepare_no_sessions(cast, name):
    assert told(getattr(cast, name)) == []


def test_three_cells_ask_no_more_than_one(cast, django_assert_num_queries):
    for organisation in (cast.neighbour, cast.cell):
        PostFactory(user=cast.hoa, role=Role.DEPUTY_SECRETARY, organisation=organisation)
        SessionFactory(cell=organisation, day=DAY)
    reach = with_reach(cast.hoa).reach
    assert reach.places

    with django_assert_num_queries(6):
        found = due_for(reach, DAY)

    assert len(found) == 4
