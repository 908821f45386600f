"""A session rates itself by the sheet in force: what can be worked out is, with its arithmetic; the rest is its own."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions import rating
from sessions.closing import mark_closed
from sessions.counting import count_roll_call
from sessions.measuring import Known, level_of, measured, plain, score
from sessions.models import Attendance, Criterion, Mark, Measure, Rubric, Session, SessionRating, SessionRecord
from sessions.noting import Conflict
from sessions.recording import NotWritable
from sessions.rubric_seeds import ATTENDANCE_BANDS, LEVELS, RUBRICS, SPOKE_BANDS
from tests.factories import MembershipFactory, PersonFactory, SessionFactory, close

DAY = dt.date(2026, 3, 3)
AN_PHU, CAM_LE, SHEET_OF_2018 = (row[0] for row in RUBRICS)


@pytest.fixture
def closed(cast):
    """Of three expected Hoa and Lan came, Mai was excused; 100 minutes, recorded."""
    session = SessionFactory(cell=cast.cell, day=DAY, start=dt.time(14), end=dt.time(15, 40))
    SessionRecord.unscoped.create(session=session, summary="Nhất trí", conclusion="Thống nhất")
    return close(session, {cast.member: Mark.EXCUSED})


def sheet(session, name=AN_PHU):
    return rating.sheet_of(session, Rubric.unscoped.get(name=name))


def give(session, actor, name=AN_PHU, spoke="2", **other):
    """Full points wherever the session decides, but for what is told otherwise."""
    found = sheet(session, name)
    wanted = {line.points_field: plain(line.criterion.max_points) for line in found.lines if line.asks_for_points}
    wanted |= {line.count_field: spoke for line in found.lines if line.criterion.asks_for_count}
    wanted |= {field.replace("_", "-"): text for field, text in other.items()}
    return rating.save(session, found.rubric, wanted, found.tokens, actor=actor)


def said(found, measure):
    return next(line.explanation for line in found.lines if line.criterion.measure == measure)


def test_what_can_be_worked_out_is_there_with_its_arithmetic(closed):
    found = sheet(closed)

    assert [said(found, measure) for measure in (Measure.DURATION, Measure.ATTENDANCE, Measure.STREAK)] == [
        "100 phút, quy định 90 phút: đủ thời lượng → 5 điểm",
        "2/3 = 66,7 % ≥ 65 % → 2 điểm",
        "0 người vắng có lý do quá 3 buổi liên tiếp → 1 điểm",
    ]
    assert said(found, Measure.MATERIALS) == "Chưa đánh dấu đã đăng tài liệu: chi bộ tự cho điểm."
    assert said(found, Measure.PARTICIPATION) == "Ghi số người phát biểu để tính."
    assert found.verdict == ("", "")
    assert not SessionRating.unscoped.exists()


def test_an_absence_without_reason_gives_one_point_however_many_came(cast):
    session = close(SessionFactory(cell=cast.cell, day=DAY), {cast.member: Mark.UNEXCUSED})

    assert said(sheet(session), Measure.ATTENDANCE) == "2/3 = 66,7 %, vắng không lý do 1 người → 1 điểm"


def test_the_same_session_by_two_sheets_has_two_stored_explained_results(cast, closed):
    first, second = give(closed, cast.lan), give(closed, cast.lan, CAM_LE)

    assert [(one.rating.total, one.rating.level, one.rating.is_main) for one in (first, second)] == [
        (Decimal(98), "Tốt", True),
        (Decimal(97), "Tốt", False),
    ]
    assert said(first, Measure.PARTICIPATION) == "2/2 = 100 % > 50 % → 5 điểm"
    assert rating.rating_of(closed).text == "98/100 điểm, xếp loại Tốt"


def test_an_old_session_keeps_the_sheet_of_its_day_and_its_cap(cast):
    session = SessionFactory(cell=cast.cell, day=dt.date(2024, 7, 3), start=dt.time(14), end=dt.time(16))
    SessionRecord.unscoped.create(session=session, summary="Nhất trí", conclusion="Thống nhất")
    close(session)
    assert [rubric.name for rubric in rating.rubrics_for(session)] == [SHEET_OF_2018]

    found = give(session, cast.lan, SHEET_OF_2018, spoke="1")

    assert said(found, Measure.PARTICIPATION) == "1/3 = 33,3 % ≥ 30 % → 5 điểm"
    assert (found.rating.total, found.rating.level) == (Decimal(95), "Khá")
    assert found.rating.cap == (
        "Đủ điểm xếp loại Tốt, nhưng tiêu chí 7 chưa đạt điểm tối đa nên xếp loại cao nhất là Khá."
    )


def test_who_is_excused_a_fourth_time_running_costs_the_point(cast):
    for month in (1, 2, 3):
        close(SessionFactory(cell=cast.cell, day=dt.date(2026, month, 3)), {cast.member: Mark.EXCUSED})
    fourth = close(SessionFactory(cell=cast.cell, day=dt.date(2026, 4, 3)), {cast.member: Mark.EXCUSED})

    assert said(sheet(fourth), Measure.STREAK) == "1 người vắng có lý do quá 3 buổi liên tiếp → 0 điểm"


def test_a_large_cell_meets_for_two_hours_where_the_sheet_says_so(cast, closed):
    for _ in range(27):
        MembershipFactory(person=PersonFactory(), cell=cast.cell)

    assert said(sheet(closed), Measure.DURATION) == "100 phút, quy định 120 phút: thiếu 20 phút → 3 điểm"
    assert said(sheet(closed, CAM_LE), Measure.DURATION).endswith("→ 5 điểm")


def test_what_waits_for_the_end_of_the_session_is_filled_in_by_it(cast, opened):
    give(opened, cast.lan)
    assert said(sheet(opened), Measure.DURATION) == "Tính khi kết thúc buổi sinh hoạt."
    assert said(sheet(opened), Measure.ATTENDANCE) == "Còn 3 người chưa điểm danh."

    Attendance.unscoped.filter(session=opened).update(mark=Mark.PRESENT)
    opened.refresh_from_db()
    mark_closed(opened, start=dt.time(14), end=dt.time(15, 20), actor=cast.hoa)

    stored = SessionRating.unscoped.get(session=opened)
    assert stored.total == Decimal("95")  # 10 minutes short, nothing recorded
    assert stored.rows.get(criterion__measure=Measure.DURATION).arithmetic == (
        "80 phút, quy định 90 phút: thiếu 10 phút → 4 điểm"
    )


def test_a_recount_shows_and_changes_nothing_until_it_is_worked_out_again(cast, closed):
    give(closed, cast.lan)
    Attendance.unscoped.filter(session=closed).update(mark=Mark.PRESENT)
    Session.unscoped.filter(pk=closed.pk).update(**count_roll_call(closed))
    closed.refresh_from_db()

    found = sheet(closed)
    assert found.has_other_source
    assert said(found, Measure.ATTENDANCE) == "2/3 = 66,7 % ≥ 65 % → 2 điểm"
    assert found.rating.total == 98

    rating.work_out_again(closed, found.rubric, actor=cast.hoa)

    found = sheet(closed)
    assert said(found, Measure.ATTENDANCE) == "3/3 = 100 % ≥ 90 % → 4 điểm"
    assert said(found, Measure.PARTICIPATION) == "2/3 = 66,7 % > 50 % → 5 điểm"
    assert (found.rating.total, found.has_other_source) == (Decimal(100), False)


def test_two_who_rate_the_same_line_see_both_versions(cast, closed):
    shown = sheet(closed)
    rating.save(closed, shown.rubric, {"points-4": "6"}, shown.tokens, actor=cast.lan)

    rating.save(closed, shown.rubric, {"points-6": "12,5"}, shown.tokens, actor=cast.hoa)  # disturbs nobody
    with pytest.raises(Conflict) as conflict:
        rating.save(closed, shown.rubric, {"points-4": "5"}, shown.tokens, actor=cast.hoa)

    assert [(clash.mine, clash.theirs) for clash in conflict.value.clashes] == [("5", "6")]
    assert sheet(closed).values["points-6"] == "12,5"


def test_a_planned_session_is_not_rated(cast, planned):
    with pytest.raises(NotWritable):
        rating.save(planned, sheet(planned).rubric, {"points-4": "6"}, {}, actor=cast.lan)
    assert not SessionRating.unscoped.exists()


def test_the_nearest_sheet_in_force_wins(cast, closed):
    own = Rubric.unscoped.create(
        organisation=cast.branch, name="Phiếu của đảng bộ", kinds=["regular"], levels=LEVELS, first_day=DAY
    )
    Rubric.unscoped.create(
        organisation=cast.sibling, name="Phiếu của nơi khác", kinds=["regular"], levels=LEVELS, first_day=DAY
    )

    assert [rubric.name for rubric in rating.rubrics_for(closed)] == [own.name, AN_PHU, CAM_LE]


def page(client, user, session):
    client.force_login(user)
    return client.get(reverse("sessions:detail", args=[session.public_id])).content.decode()


def test_boards_read_points_and_level_committees_the_lines_members_neither(cast, client, closed):
    give(closed, cast.lan)

    seen = {name: page(client, getattr(cast, name), closed) for name in ("lan", "minh", "binh", "mai")}

    assert {name: ("98/100 điểm" in text, "66,7 %" in text) for name, text in seen.items()} == {
        "lan": (True, True),
        "minh": (True, True),
        "binh": (True, False),
        "mai": (False, False),
    }


def test_the_list_shows_the_level_where_it_shows_counts(cast, client, closed):
    give(closed, cast.lan)
    for user, is_shown in ((cast.binh, True), (cast.mai, False)):
        client.force_login(user)
        text = client.get(reverse("sessions:list")).content.decode()
        assert ("xếp loại <b>Tốt</b>" in text) is is_shown


def address(session, name="rate_by"):
    return reverse(f"sessions:{name}", args=[session.public_id, sheet(session).rubric.public_id])


KEY = {"form_key": "0f0e0d0c-0b0a-0908-0706-050403020100"}


def test_points_above_the_maximum_are_refused_at_their_field_and_kept(cast, client, closed):
    client.force_login(cast.lan)

    answer = client.post(address(closed), KEY | {"points-4": "7", "count-8": "3", "base": "{}"})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Điểm từ 0 đến 6." in text
    assert "Nhiều hơn số có mặt (2)." in text
    assert 'value="7"' in text
    assert not SessionRating.unscoped.exists()


def test_the_page_saves_by_itself_and_hears_what_follows(cast, client, closed):
    client.force_login(cast.lan)
    shown = client.get(address(closed))
    sent = KEY | {"count-8": "1", "base": shown.context["base_json"]}

    answer = client.post(address(closed, "save_rating"), sent, follow=True).json()

    assert answer["lines"]["8"] == {"points": "4", "explanation": "1/2 = 50 % ≥ 40 % → 4 điểm"}
    assert answer["values"]["count-8"] == "1"
    assert answer["verdict"] == "16/100 điểm, còn 9 tiêu chí"


def test_rating_asks_the_database_as_often_for_many_members(cast, client, closed):
    give(closed, cast.lan)
    few = queries(client, cast.lan, closed)
    for _ in range(5):
        person = PersonFactory()
        MembershipFactory(person=person, cell=cast.cell)
        closed.roll_call.create(person=person, mark=Mark.EXCUSED)

    assert queries(client, cast.lan, closed) == few


def queries(client, user, session):
    client.force_login(user)
    client.get(address(session))
    with CaptureQueriesContext(connection) as asked:
        client.get(address(session))
    return len(asked)


def naive_attendance(present, expected, unexcused):
    if unexcused or present * 100 < 65 * expected:
        return 1
    if present * 100 < 75 * expected:
        return 2
    return 3 if present * 100 < 90 * expected else 4


def naive_spoke(count, present):
    if count * 2 > present:
        return 5
    if count * 10 >= present * 4:
        return 4
    return 3 if count * 10 >= present * 3 else 2


@pytest.mark.once
@settings(max_examples=20)
@given(st.integers(1, 400), st.data())
def test_bounds_are_exact(expected, data):
    present = data.draw(
        st.sampled_from([0, expected, expected * 65 // 100, -(-expected * 75 // 100)]) | st.integers(0, expected)
    )
    unexcused = data.draw(st.integers(0, min(1, expected - present)))
    count = data.draw(st.integers(0, present))
    session = Session(state=Session.State.CLOSED, expected=expected, present=present, unexcused=unexcused)

    assert points(session, Measure.ATTENDANCE, ATTENDANCE_BANDS) == naive_attendance(present, expected, unexcused)
    if present:
        assert points(session, Measure.PARTICIPATION, SPOKE_BANDS, count) == naive_spoke(count, present)


def points(session, measure, bands, count=None):
    criterion = Criterion(measure=measure, bands=bands)
    return score(criterion, measured(Known(session), criterion, count)).points


@pytest.mark.once
@pytest.mark.parametrize(
    ("present", "expected", "text"),
    [
        (13, 14, "13/14 = 92,9 % ≥ 90 % → 4 điểm"),
        (9, 10, "9/10 = 90 % ≥ 90 % → 4 điểm"),
        (8999, 10000, "8999/10000 = 89,99 % ≥ 75 % → 3 điểm"),
        (9997, 10000, "9997/10000 = 99,97 % ≥ 90 % → 4 điểm"),
        (0, 3, "0/3 = 0 % < 65 % → 1 điểm"),
    ],
)
def test_a_share_never_looks_like_a_bound_that_it_only_comes_near(present, expected, text):
    session = Session(state=Session.State.CLOSED, expected=expected, present=present)
    criterion = Criterion(measure=Measure.ATTENDANCE, bands=ATTENDANCE_BANDS)

    assert score(criterion, measured(Known(session), criterion)).arithmetic == text


@pytest.mark.once
def test_nobody_expected_is_no_share():
    found = measured(Known(Session(state=Session.State.CLOSED)), Criterion(measure=Measure.ATTENDANCE))

    assert found.reason == "Không ai phải có mặt nên không tính được tỷ lệ (—): chi bộ tự cho điểm."


@pytest.mark.once
@pytest.mark.parametrize(
    ("total", "level"),
    [("100", "Tốt"), ("90", "Tốt"), ("89.99", "Khá"), ("70", "Khá"), ("69.99", "Trung bình"), ("50", "Trung bình"),
     ("49.99", "Kém"), ("0", "Kém")],
)  # fmt: skip
def test_levels_begin_at_their_bounds(total, level):
    assert level_of(Decimal(total), LEVELS) == level
