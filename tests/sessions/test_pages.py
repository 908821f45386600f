"""The pages that change a session: who may, what is said, and that nothing is done twice or lost."""

import datetime as dt
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cells.models import Status
from sessions.closing import UNDO_WITHIN
from sessions.marking import NOTHING, Marked
from sessions.models import Mark, Session
from tests.factories import MembershipFactory, PersonFactory, SessionFactory
from tests.sessions.stories import (
    ILL,
    PRESENT,
    UNEXCUSED,
    counters_of,
    finish,
    key,
    mark,
    mark_everybody,
    marks_of,
    person,
    rolled_up,
)

PLAN = reverse("sessions:plan")
PLANNED = {"kind": "regular", "day": "03/10/2026", "start": "14h", "place": "Phòng họp", "mode": "in_person"}
CLOSING = {"start": "14:00", "end": "15h30"}
TO_LEADERS = ("sessions:close", "sessions:undo", "sessions:reopen")
TO_THE_CELL = ("sessions:open", "sessions:roll_call", "sessions:save_draft", "sessions:change_plan")


def at(name, session):
    return reverse(f"sessions:{name}", args=[session.public_id])


def line(name, marked: Marked = PRESENT, **fields):
    """The fields of one row as the page sends them."""
    sent = {"mark": marked.mark} | ({"other": marked.reason} if marked.reason else {}) | fields
    return {f"{field}-{person(name).public_id.hex}": value for field, value in sent.items()}


def sheet(session, *lines, **fields):
    session.refresh_from_db()
    merged = {name: value for fields in lines for name, value in fields.items()}
    return {"version": session.version, "base": "{}"} | merged | fields | key()


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("name", ["mai", "minh", "binh", "thu", "son", "quan"])
@pytest.mark.parametrize("page", [*TO_THE_CELL, *TO_LEADERS])
def test_who_prepares_no_sessions_is_refused(cast, client, opened, name, page):
    client.force_login(getattr(cast, name))

    assert client.post(reverse(page, args=[opened.public_id]), key()).status_code == 403
    assert client.post(PLAN, PLANNED | key()).status_code == 403


@pytest.mark.parametrize("page", [*TO_THE_CELL, *TO_LEADERS])
def test_next_door_it_does_not_exist(cast, client, opened, page):
    client.force_login(cast.nam)

    assert client.post(reverse(page, args=[opened.public_id]), key()).status_code == 404


@pytest.mark.parametrize("page", TO_LEADERS)
def test_a_minute_taker_prepares_and_marks_but_does_not_close(cast, client, opened, page):
    mark_everybody(opened, cast.lan)
    client.force_login(cast.lan)

    response = client.post(reverse(page, args=[opened.public_id]), CLOSING | sheet(opened))

    assert response.status_code == 403
    assert Session.unscoped.get(pk=opened.pk).state == Session.State.OPEN


def test_a_secretary_who_is_a_member_elsewhere_acts_only_at_the_own_cell(cast, client, opened):
    MembershipFactory(person=person("Nam"), cell=cast.cell, status=Status.HOSTED)
    client.force_login(cast.nam)

    assert client.get(at("detail", opened)).status_code == 200
    assert client.post(at("close", opened), CLOSING | sheet(opened)).status_code == 403


def test_a_plan_is_prefilled_and_stored_once(cast, client):
    SessionFactory(cell=cast.cell, day=dt.date(2026, 7, 3), start=dt.time(7, 30), place="Hội trường")
    client.force_login(cast.lan)
    initial = client.get(PLAN, {"kind": "thematic"}).context["form"].initial
    assert (initial["kind"], initial["start"], initial["place"]) == ("thematic", dt.time(7, 30), "Hội trường")

    sent = PLANNED | key()
    first, again = client.post(PLAN, sent), client.post(PLAN, sent)

    session = Session.unscoped.get(day=dt.date(2026, 10, 3))
    assert (session.cell, session.start, session.place) == (cast.cell, dt.time(14), "Phòng họp")
    assert first.url == again.url == at("detail", session)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"day": "31/02/2026"}, "Ghi ngày như 03/11/2026."),
        ({"day": "03/11/2062"}, "Ngày phải từ 03/02/1930 đến"),
        ({"start": "25:00"}, "Ghi giờ như 14:00 hoặc 14h30."),
        ({"kind": "thematic"}, "Buổi chuyên đề phải ghi tên chuyên đề."),
        ({"kind": "party"}, "Hãy chọn"),
        ({"place": "a\x00b"}, "ký tự không đọc được"),
    ],
)
def test_a_wrong_plan_says_where_and_keeps_what_was_typed(cast, client, wrong, text):
    client.force_login(cast.hoa)

    response = client.post(PLAN, PLANNED | wrong | key())

    assert response.status_code == 200
    assert text in text_of(response) or "kind" in response.context["form"].errors
    assert response.context["form"]["mode"].value() == "in_person"
    assert not Session.unscoped.exists()


@pytest.mark.parametrize(("day", "is_off"), [("03/10/2026", True), ("02/09/2026", True), ("05/10/2026", False)])
def test_a_plan_for_a_day_off_is_stored_and_says_so(cast, client, day, is_off):
    """A Saturday, the National Day, a Monday."""
    client.force_login(cast.hoa)

    text = text_of(client.post(PLAN, PLANNED | {"day": day} | key(), follow=True))

    assert "Đã ghi kế hoạch buổi sinh hoạt." in text
    assert (f"Ngày {day} là ngày nghỉ." in text) is is_off


def test_the_plan_is_changed_until_the_session_is_opened(cast, client, planned):
    client.force_login(cast.lan)
    client.post(at("change_plan", planned), PLANNED | {"version": 1} | key())
    planned.refresh_from_db()
    assert (planned.day, planned.place) == (dt.date(2026, 10, 3), "Phòng họp")

    stale = client.post(at("change_plan", planned), PLANNED | {"version": 1, "place": "Khác"} | key())
    assert stale.status_code == 409
    client.post(at("open", planned), key())

    assert client.get(at("change_plan", planned)).url == at("detail", planned)


def test_opening_leads_to_the_roll_call(cast, client, planned):
    client.force_login(cast.lan)

    assert client.post(at("open", planned), key()).url == at("roll_call", planned)
    assert client.get(at("open", planned)).status_code == 405
    assert marks_of(planned) == dict.fromkeys(("Hoa", "Lan", "Mai"), NOTHING)


def test_the_roll_call_has_no_silent_default(cast, client, opened):
    client.force_login(cast.hoa)

    page = client.get(at("roll_call", opened)).content.decode()

    assert page.count("checked") == 1  # the exempt member, who need not come
    assert "Đã điểm danh 0/3" in page


def test_all_present_marks_only_who_bears_no_mark(cast, client, opened):
    client.force_login(cast.hoa)

    client.post(at("roll_call", opened), sheet(opened, line("Mai", ILL), all_present="yes"))

    assert marks_of(opened) == {"Hoa": PRESENT, "Lan": PRESENT, "Mai": ILL}


def test_reasons_are_chosen_or_typed_and_only_for_the_excused(cast, client, opened):
    client.force_login(cast.hoa)
    excused = Marked(Mark.EXCUSED)

    client.post(
        at("roll_call", opened),
        sheet(
            opened,
            line("Hoa", excused, reason="công tác", other="cũ"),
            line("Lan", excused, reason="other", other="  đưa con đi thi "),
            line("Mai", PRESENT, reason="ốm"),
        ),
    )

    assert marks_of(opened) == {
        "Hoa": Marked(Mark.EXCUSED, "công tác"),
        "Lan": Marked(Mark.EXCUSED, "đưa con đi thi"),
        "Mai": PRESENT,
    }


def test_an_error_keeps_every_mark_that_was_chosen(cast, client, opened):
    client.force_login(cast.hoa)

    response = client.post(
        at("roll_call", opened), sheet(opened, line("Mai", UNEXCUSED), line("Lan", PRESENT, reason="?"))
    )

    assert response.status_code == 422
    rows = {row.line.name: row.mark for row in response.context["rows"]}
    assert rows == {"Hoa": "", "Lan": "present", "Mai": "unexcused"}
    assert marks_of(opened)["Mai"] == NOTHING


def test_the_second_saver_sees_both_versions_and_chooses(cast, client, opened):
    old = sheet(opened, line("Mai", PRESENT), line("Hoa", PRESENT))
    mark(opened, cast.lan, Mai=UNEXCUSED)
    client.force_login(cast.hoa)

    response = client.post(at("roll_call", opened), old)

    assert response.status_code == 409
    text = text_of(response)
    assert "Mai Của đồng chí Có mặt Đã lưu, của Lan Vắng không lý do" in text
    assert "Hoa Của đồng chí Có mặt" in text
    assert marks_of(opened) == {"Hoa": NOTHING, "Lan": NOTHING, "Mai": UNEXCUSED}

    client.post(
        at("roll_call", opened),
        sheet(opened, line("Mai", take="theirs"), line("Hoa", take="mine"), choosing="yes"),
    )
    assert marks_of(opened) == {"Hoa": PRESENT, "Lan": NOTHING, "Mai": UNEXCUSED}


def test_a_choice_left_open_is_asked_for_again(cast, client, opened):
    client.force_login(cast.hoa)

    response = client.post(at("roll_call", opened), sheet(opened, line("Mai"), choosing="yes"))

    assert response.status_code == 422
    assert "Mai: Hãy chọn một trong hai bản." in text_of(response)
    assert marks_of(opened)["Mai"] == NOTHING


def test_drafts_are_saved_and_answered_with_everybodys_marks(cast, client, opened):
    mark(opened, cast.lan, Lan=ILL)
    client.force_login(cast.hoa)

    sent = sheet(opened, line("Mai", PRESENT))
    answers = [client.post(at("save_draft", opened), sent, follow=True).json() for _ in range(2)]

    assert answers[0] == answers[1]
    marks = {name: answers[0]["marks"][person(name).public_id.hex] for name in ("Hoa", "Lan", "Mai")}
    assert marks == {"Hoa": ["", ""], "Lan": ["excused", "ốm"], "Mai": ["present", ""]}
    opened.refresh_from_db()
    assert answers[0]["version"] == opened.version


def test_a_clashing_draft_is_refused_with_the_names(cast, client, opened):
    old = sheet(opened, line("Mai", PRESENT))
    mark(opened, cast.lan, Mai=UNEXCUSED)
    client.force_login(cast.hoa)

    response = client.post(at("save_draft", opened), old)

    assert (response.status_code, json.loads(response.content)["people"]) == (409, ["Mai"])
    assert marks_of(opened)["Mai"] == UNEXCUSED


@pytest.mark.parametrize(
    "base", ["", "[]", "{", '{"x": 1}', '{"x": ["", 5]}', "null", "\x00", "[" * 99_999, "1" * 9_999]
)
def test_a_broken_base_breaks_nothing(cast, client, opened, base):
    client.force_login(cast.hoa)

    response = client.post(at("save_draft", opened), sheet(opened, line("Mai"), base=base))

    assert response.status_code in {302, 422}


def test_the_closing_page_says_who_is_missing(cast, client, opened):
    mark(opened, cast.hoa, Lan=PRESENT)
    client.force_login(cast.hoa)
    opened.refresh_from_db()

    response = client.post(at("close", opened), CLOSING | {"version": opened.version} | key())

    assert "Còn 2 người chưa điểm danh: Hoa, Mai." in text_of(response)
    assert response.context["form"]["end"].value() == "15h30"
    assert counters_of(opened) == {}


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"end": ""}, "Giờ kết thúc"),
        ({"start": ""}, "Giờ bắt đầu"),
        ({"end": "13:00"}, "Giờ kết thúc phải sau giờ bắt đầu (14:00)."),
        ({"guests": "-1"}, "Số khách mời không thể dưới 0."),
        ({"end": "nửa đêm"}, "Ghi giờ như 14:00 hoặc 14h30."),
    ],
)
def test_closing_needs_both_times_in_order(cast, client, opened, wrong, text):
    mark_everybody(opened, cast.hoa)
    client.force_login(cast.hoa)

    response = client.post(at("close", opened), sheet(opened) | CLOSING | wrong)

    assert (response.status_code, response.context["form"].is_valid()) == (200, False)
    assert text in text_of(response)
    assert counters_of(opened) == {}


def test_a_double_click_closes_once(cast, client, opened):
    mark_everybody(opened, cast.hoa, Mai=ILL)
    client.force_login(cast.hoa)
    sent = sheet(opened) | CLOSING | {"guests": "40", "guests_estimate": "nearly"}

    answers = [client.post(at("close", opened), sent) for _ in range(2)]
    answers.append(client.post(at("close", opened), sent | key()))

    assert [answer.url for answer in answers] == [at("detail", opened)] * 3
    assert rolled_up(cast.province) == {"expected": 3, "present": 2, "excused": 1, "sessions": 1, "guests": 40}


def test_undo_and_reopen(cast, client, opened):
    mark_everybody(opened, cast.hoa)
    finish(opened, cast.hoa)
    client.force_login(cast.hoa)
    client.post(at("undo", opened), key())
    assert counters_of(opened) == {}

    finish(opened, cast.hoa)
    Session.unscoped.update(closed_at=timezone.now() - UNDO_WITHIN * 2)
    late = client.post(at("undo", opened), key(), follow=True)
    assert "Đã quá 10 phút" in text_of(late)
    without = client.post(at("reopen", opened), key())
    assert "Hãy ghi lý do mở lại." in text_of(without)
    client.post(at("reopen", opened), {"reason": "Ghi nhầm"} | key())

    assert Session.unscoped.get(pk=opened.pk).state == Session.State.OPEN
    assert rolled_up(cast.province) == {}


def test_a_roll_call_costs_the_same_for_3_and_300_names(
    cast, client, opened, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(cast.hoa)
    client.get(at("roll_call", opened))
    with django_assert_max_num_queries(20) as few:
        client.get(at("roll_call", opened))
    cost = len(few)
    people = [PersonFactory.build() for _ in range(297)]
    for someone in people:
        someone.fill_keys()
    type(people[0]).unscoped.bulk_create(people)
    memberships = [MembershipFactory.build(person=someone, cell=cast.cell) for someone in people]
    type(memberships[0]).unscoped.bulk_create(memberships)
    client.post(at("open", opened), key(), follow=True)

    with django_assert_num_queries(cost):
        page = client.get(at("roll_call", opened))

    assert len(page.context["rows"]) == 300
