"""Binh's board plans a conference, moves it, holds it with three sites of which one says nothing, and counts."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import AuditEntry
from cells.models import Role
from reports.periods import Period
from reports.statistics import figures
from resolutions.models import ConferenceNotice, ReceivingSite, StudyConference
from tests.factories import AppointmentFactory, ConferenceFactory, PostFactory, ReceivingSiteFactory
from tests.resolutions.factories import DocumentFactory

State = StudyConference.State
TODAY = timezone.localdate()


@pytest.fixture
def binh(client, cast):
    client.force_login(cast.binh)
    return client


def send(client, page, row, **fields):
    path = reverse(f"resolutions:{page}", args=[row.public_id] if row else [])
    version = {"version": row.version} if row else {}
    return client.post(path, {**version, **fields, "form_key": str(uuid.uuid4())})


def text_of(response):
    return " ".join(response.content.decode().split())


PLAN = {
    "subject": "Quán triệt Nghị quyết Đại hội XIV",
    "level": "province",
    "mode": "hybrid",
    "day": f"{TODAY:%d/%m/%Y}",
    "start": "7h30",
    "end": "11h",
    "venue": "Hội trường lớn",
    "audience": ["key_officials", "members"],
    "expected": "1.200",
}


def test_a_board_plans_a_conference_with_documents_and_a_speaker(binh, cast):
    document = DocumentFactory(owner=cast.committee, symbol="01-NQ/TW")
    speaker = AppointmentFactory(organisation=cast.committee).person

    send(
        binh,
        "plan_conference",
        None,
        **PLAN,
        documents=[str(document.public_id)],
        other_symbols="05-CT/TW; 01-NQ/TW",
        presenter=str(speaker.public_id),
    )

    conference = StudyConference.unscoped.get()
    assert (conference.organisation, conference.state, conference.expected) == (cast.committee, State.PLANNED, 1200)
    assert (conference.start, conference.end) == (dt.time(7, 30), dt.time(11, 0))
    assert conference.document_symbols == "01-NQ/TW; 05-CT/TW"
    assert list(conference.documents.all()) == [document]
    page = text_of(binh.get(reverse("resolutions:conference", args=[conference.public_id])))
    assert "Cán bộ chủ chốt, đảng viên" in page
    assert speaker.full_name in page
    assert AuditEntry.objects.filter(action="conference.planned", actor=cast.binh).count() == 1


def test_a_level_has_its_days(binh, cast):
    page = send(binh, "plan_conference", None, **PLAN | {"level": "district"})

    assert page.status_code == 422
    assert "Cấp này không còn, hoặc chưa có" in text_of(page)
    assert not StudyConference.unscoped.exists()


def test_put_off_it_keeps_the_old_day_and_the_reason(binh, cast):
    conference = ConferenceFactory(organisation=cast.committee, state=State.PLANNED)

    send(binh, "postpone_conference", conference, day="12/07/2024", reason="Trùng lịch tiếp xúc cử tri")

    conference.refresh_from_db()
    assert (conference.day, conference.state, conference.version) == (dt.date(2024, 7, 12), State.PLANNED, 2)
    notice = ConferenceNotice.unscoped.get()
    assert (notice.old_day, notice.new_day) == (dt.date(2024, 7, 10), dt.date(2024, 7, 12))
    page = text_of(binh.get(reverse("resolutions:conference", args=[conference.public_id])))
    assert "Từ 10/07/2024 sang 12/07/2024: Trùng lịch tiếp xúc cử tri" in page


def test_called_off_it_stays_and_cannot_be_held(binh, cast):
    conference = ConferenceFactory(organisation=cast.committee, state=State.PLANNED)

    send(binh, "cancel_conference", conference, reason="Chờ hướng dẫn")
    conference.refresh_from_db()
    refused = send(binh, "hold_conference", conference, expected="10", present="10")

    assert conference.state == State.CANCELLED
    assert refused.status_code == 422
    assert "Hội nghị này đã hủy." in text_of(refused)


def test_before_its_day_nothing_is_held(binh, cast):
    conference = ConferenceFactory(organisation=cast.committee, state=State.PLANNED, day=TODAY + dt.timedelta(days=1))

    page = send(binh, "hold_conference", conference, expected="10", present="10")

    assert "Chưa đến ngày tổ chức" in text_of(page)


def test_held_with_three_sites_one_missing_its_figures_are_those_of_all_sites(binh, cast, client):
    conference = ConferenceFactory(organisation=cast.committee, state=State.PLANNED)
    one, two, three = (
        ReceivingSiteFactory(conference=conference, name=f"Điểm cầu <{place.code}>", organisation=place, expected=50)
        for place in (cast.branch, cast.sibling, cast.other_sibling)
    )

    send(binh, "hold_conference", conference, expected="100", present="98")
    send(binh, "site", one, expected="50", present="47")
    send(binh, "site", two, expected="50", present="50", estimate="about")

    page = text_of(binh.get(reverse("resolutions:conference", args=[conference.public_id])))
    assert "1 trên 3 điểm cầu chưa báo số người dự." in page
    assert "Có mặt: điểm cầu chính 98 + 3 điểm cầu khác khoảng 97 = khoảng 195." in page
    missing = text_of(binh.get(reverse("resolutions:conference", args=[conference.public_id]), {"sites": "missing"}))
    assert escape(three.name) in missing
    assert escape(one.name) not in missing
    found = figures(cast.committee, Period.parse("2024-07"))
    assert (found.conferences, found.conference_expected, found.conference_present, found.conference_mark) == (
        1,
        250,
        195,
        "khoảng",
    )


def test_two_who_change_at_once_do_not_undo_each_other(binh, cast):
    conference = ConferenceFactory(organisation=cast.committee)

    send(binh, "hold_conference", conference, expected="10", present="9", estimate="")
    late = send(binh, "hold_conference", conference, expected="10", present="8", estimate="")

    conference.refresh_from_db()
    assert (conference.present, late.status_code) == (9, 409)
    assert late.context["versions"] == [("Có mặt", "8", "9")]

    send(
        binh, "hold_conference", conference, expected="10", present="8", estimate=""
    )  # knowing what the other one wrote
    conference.refresh_from_db()
    assert conference.present == 8


def test_one_in_person_has_no_sites(binh, cast):
    conference = ConferenceFactory(organisation=cast.committee, mode="in_person")

    page = send(binh, "add_site", conference, name="Điểm cầu A", expected="10")

    assert "Hội nghị trực tiếp không có điểm cầu." in text_of(page)
    assert not ReceivingSite.unscoped.exists()


def test_with_sites_it_does_not_become_one_in_person(binh, cast):
    conference = ReceivingSiteFactory(conference=ConferenceFactory(organisation=cast.committee)).conference

    page = send(binh, "change_conference", conference, **PLAN | {"mode": "in_person"})

    assert "Hãy bỏ các điểm cầu trước." in text_of(page)


def test_who_stands_below_or_looks_on_changes_nothing(client, cast):
    conference = ConferenceFactory(organisation=cast.committee, state=State.PLANNED)
    below = PostFactory(organisation=cast.branch, role=Role.BOARD).user
    for user, status in ((cast.thu, 403), (below, 404), (cast.hoa, 404)):
        client.force_login(user)
        assert send(client, "cancel_conference", conference, reason="Thử").status_code == status
    conference.refresh_from_db()
    assert conference.state == State.PLANNED
