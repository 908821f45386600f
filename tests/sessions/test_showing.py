"""Who sees what of a session: the list and the page."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from sessions.models import Session
from tests.factories import OrganisationFactory, SessionFactory, close
from tests.sessions.stories import ILL, finish, mark, mark_everybody, person

LIST = reverse("sessions:list")


@pytest.fixture
def closed(cast, opened):
    mark_everybody(opened, cast.hoa, Mai=ILL)
    return finish(opened, cast.hoa, guests=3, guests_estimate="about")


def page_of(client, user, session):
    client.force_login(user)
    response = client.get(reverse("sessions:detail", args=[session.public_id]))
    return response.status_code, " ".join(response.content.decode().split())


@pytest.mark.parametrize("name", ["lan", "hoa"])
def test_the_cell_sees_names_and_reasons(cast, client, closed, name):
    status, text = page_of(client, getattr(cast, name), closed)

    assert status == 200
    assert "<b>Mai</b>" in text
    assert "Lý do: ốm" in text
    assert "Phải có mặt <b>3</b> = có mặt <b>2</b> + vắng có lý do <b>1</b> + vắng không lý do <b>0</b>" in text
    assert "<dd>khoảng 3</dd>" in text


@pytest.mark.parametrize("name", ["minh", "thu"])
def test_above_they_see_names_without_reasons(cast, client, closed, name):
    status, text = page_of(client, getattr(cast, name), closed)

    assert status == 200
    assert "<b>Mai</b>" in text
    assert "ốm" not in text
    assert "Có mặt <b>2/3</b>" in text


def test_who_reads_a_roll_call_from_above_leaves_one_trace(cast, client, closed):
    for user in (cast.lan, cast.hoa, cast.mai, cast.binh, cast.minh, cast.thu):
        page_of(client, user, closed)

    read = AuditEntry.objects.filter(action="roster.read").order_by("pk")
    assert list(read.values_list("actor", "object_kind", "object_id", "place", "detail__rows")) == [
        (user.pk, "cell_sessions.session", str(closed.pk), cast.cell.pk, 3) for user in (cast.minh, cast.thu)
    ]


def test_a_board_sees_counts_but_not_who_came(cast, client, closed):
    status, text = page_of(client, cast.binh, closed)

    assert status == 200
    assert "Có mặt <b>2/3</b>" in text
    assert "Mai" not in text
    assert "ốm" not in text


def test_a_member_sees_the_own_mark_and_no_counts(cast, client, closed):
    status, text = page_of(client, cast.mai, closed)

    assert status == 200
    assert "Vắng có lý do" in text
    assert "Lý do: ốm" in text
    assert "2/3" not in text
    assert "Lan" not in text


def test_a_member_reads_how_to_mark_themselves_and_then_what_stands(cast, client, opened):
    assert "quét mã đang hiện trên màn hình phòng họp" in page_of(client, cast.mai, opened)[1]

    mark(opened, cast.lan, Mai=ILL)

    text = page_of(client, cast.mai, opened)[1]
    assert "Vắng có lý do</span> Lý do: ốm" in text
    assert "quét mã" not in text


@pytest.mark.parametrize("name", ["nam", "son", "quan"])
def test_for_others_it_does_not_exist(cast, client, closed, name):
    client.force_login(getattr(cast, name))
    foreign = client.get(reverse("sessions:detail", args=[closed.public_id]))
    unknown = client.get(reverse("sessions:detail", args=[uuid.uuid4()]))

    assert foreign.status_code == 404
    assert foreign.content == unknown.content


@pytest.mark.parametrize(("name", "buttons"), [("hoa", 2), ("lan", 0), ("minh", 0), ("mai", 0)])
def test_only_who_leads_is_offered_to_undo_and_reopen(cast, client, closed, name, buttons):
    _status, text = page_of(client, getattr(cast, name), closed)

    assert text.count("Hoàn tác kết thúc") + text.count("Mở lại để sửa") == buttons


def listed(client, user, **question):
    client.force_login(user)
    response = client.get(LIST, question)
    return [row.session for month in response.context["months"] for row in month.rows]


def test_the_list_shows_what_exists_for_its_reader(cast, client, planned):
    beside = SessionFactory(cell=cast.neighbour, day=dt.date(2026, 7, 3))

    assert listed(client, cast.mai) == [planned]
    assert listed(client, cast.minh) == [planned, beside]
    assert listed(client, cast.nam) == [beside]
    assert listed(client, cast.quan) == []


def test_the_list_is_filtered_by_days_state_kind_and_organisation(cast, client, planned):
    beside = close(SessionFactory(cell=cast.neighbour, day=dt.date(2026, 7, 3), kind="thematic", theme="A"))

    assert listed(client, cast.minh, first_day="01/07/2026", last_day="31/07/2026") == [beside]
    assert listed(client, cast.minh, first_day="2026-07-04") == [planned]
    assert listed(client, cast.minh, state="closed") == [beside]
    assert listed(client, cast.minh, kind="regular") == [planned]
    assert listed(client, cast.minh, organisation=cast.neighbour.public_id) == [beside]
    assert listed(client, cast.minh, organisation=cast.branch.public_id, structure="now") == [planned, beside]
    assert listed(client, cast.minh, organisation=cast.sibling.public_id) == []


@pytest.mark.parametrize(
    "question",
    [
        {"first_day": "31/02/2026"},
        {"page": "-1"},
        {"state": "\x00"},
        {"organisation": "11"},
        {"structure": "later"},
        {"kind": ["a", "b"]},
        {"last_day": "01/01/99999"},
    ],
)
def test_a_senseless_question_shows_everything_and_says_so(cast, client, planned, question):
    client.force_login(cast.minh)
    response = client.get(LIST, question)

    assert [row.session for month in response.context["months"] for row in month.rows] == [planned]
    assert response.content.decode().count("không dùng được, trang đang theo giá trị mặc định") == 1


def test_a_foreign_organisation_in_the_address_is_no_question_at_all(cast, client, planned):
    client.force_login(cast.nam)
    foreign = client.get(LIST, {"organisation": cast.foreign.public_id}).content
    unknown = client.get(LIST, {"organisation": uuid.uuid4()}).content

    assert "không dùng được" in foreign.decode()
    assert without_tokens(foreign) == without_tokens(unknown)


def without_tokens(content: bytes) -> list[str]:
    own = ("csrf", "value=", "data-idle-again")  # and its own address
    return [line for line in content.decode().splitlines() if not any(mark in line for mark in own)]


def test_counts_in_the_list_follow_the_roles(cast, client, closed):
    assert "có mặt <b>2/3</b>" in client_text(client, cast.binh)
    assert "có mặt <b>2/3</b>" in client_text(client, cast.lan)
    assert "2/3" not in client_text(client, cast.mai)


def client_text(client, user):
    client.force_login(user)
    return client.get(LIST).content.decode()


@pytest.mark.parametrize("name", ["hoa", "minh", "binh", "mai"])
def test_the_list_costs_the_same_for_1_3_and_300_rows(cast, client, name, django_assert_max_num_queries):
    client.force_login(getattr(cast, name))
    costs = []
    for count in (1, 2, 297):
        first = dt.date(2020, 1, 1) + dt.timedelta(days=Session.unscoped.count())
        for number in range(count):
            SessionFactory(cell=cast.cell, day=first + dt.timedelta(days=number))
        with django_assert_max_num_queries(14) as captured:
            client.get(LIST)
        costs.append(len(captured))

    assert costs == [costs[0]] * 3


def test_the_page_of_a_closed_session_costs_the_same_for_many_names(
    cast, client, closed, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(cast.hoa)
    address = reverse("sessions:detail", args=[closed.public_id])
    with django_assert_max_num_queries(32) as few:
        client.get(address)

    mai = person("Mai")
    for _ in range(30):
        mai.pk, mai.public_id, mai.user, mai.code = None, uuid.uuid4(), None, uuid.uuid4().hex
        mai.save(force_insert=True)
        closed.roll_call.create(person=mai, mark="present")

    with django_assert_num_queries(len(few)):
        client.get(address)


def test_a_session_of_a_predecessor_is_seen_by_the_heir(cast, client):
    ended = OrganisationFactory(code="OLD", name="Chi bộ cũ", parent=cast.branch, last_day=dt.date(2025, 12, 31))
    type(ended).unscoped.filter(pk=ended.pk).update(successor=cast.cell)
    old = SessionFactory(cell=ended, day=dt.date(2025, 7, 3))

    assert listed(client, cast.hoa) == [old]
    assert "Chi bộ cũ" in page_of(client, cast.hoa, old)[1]
