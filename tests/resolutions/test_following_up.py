"""From a conference to what came of it: given, owed, overdue, shown by evidence that a second person may look at."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cells.dependants import Event
from cells.models import Reorganisation, Role
from resolutions.models import Evidence, FollowUp
from resolutions.restructured import Conferences
from tests.cells.uploads.papers import pdf, png
from tests.factories import ConferenceFactory, PostFactory, ReceivingSiteFactory
from tests.resolutions.factories import DocumentFactory
from tests.resolutions.test_convening import send, text_of

TODAY = timezone.localdate()
DUE = dt.date(2024, 8, 1)
Kind, State = FollowUp.Kind, FollowUp.State


@pytest.fixture
def conference(cast):
    conference = ConferenceFactory(organisation=cast.committee)
    for place in (cast.cell, cast.neighbour):
        ReceivingSiteFactory(conference=conference, organisation=place, expected=10, present=9)
    return conference


def owed_by(organisation, conference, **fields):
    values = {"kind": Kind.WRITE_UP, "title": "Nộp bài thu hoạch", "due": DUE, "given_by": conference.organisation}
    return FollowUp.unscoped.create(conference=conference, organisation=organisation, **values | fields)


def test_write_up_and_survey_are_given_to_all_sites_at_once_and_only_once(client, cast, conference):
    client.force_login(cast.binh)

    for kind in ("write_up", "survey", "write_up"):
        told = {"kind": kind, "title": f"Việc {kind}", "whom": ["sites"], "due": "01/08/2024"}
        send(client, "give_follow_up", conference, **told)

    rows = FollowUp.unscoped.values_list("kind", "organisation__code", "due", "state")
    assert sorted(rows) == [(kind, code, DUE, "open") for kind in ("survey", "write_up") for code in ("1.1.1", "1.1.2")]


def test_a_document_is_followed_up_without_a_conference(client, cast):
    document = DocumentFactory(owner=cast.committee, symbol="01-NQ/TW")
    client.force_login(cast.binh)

    told = {"kind": "programme", "title": "Chương trình hành động", "whom": ["below"], "due": "31/03/2026"}
    send(client, "give_for_document", document, **told)

    rows = FollowUp.unscoped.filter(document=document, conference=None)
    assert sorted(rows.values_list("organisation__code", flat=True)) == ["1.1", "1.10", "1.11"]
    page = text_of(client.get(reverse("resolutions:follow_up", args=[rows.first().public_id])))
    assert "01-NQ/TW" in page


@pytest.mark.parametrize(
    ("fields", "on", "is_overdue"),
    [
        ({}, DUE, False),
        ({}, DUE + dt.timedelta(days=1), True),
        ({"state": State.DONE, "done_on": DUE}, DUE + dt.timedelta(days=1), False),
        ({"state": State.WAIVED}, DUE + dt.timedelta(days=1), False),
        ({"kind": Kind.INSPECTION}, DUE, False),
        ({"kind": Kind.INSPECTION, "inspected_on": dt.date(2024, 7, 15)}, dt.date(2024, 7, 15), False),
        # T1-8: every inspection is followed by a report; without one it is overdue whatever its day was to be.
        ({"kind": Kind.INSPECTION, "inspected_on": dt.date(2024, 7, 15)}, dt.date(2024, 7, 16), True),
    ],
)
def test_what_is_overdue(cast, conference, fields, on, is_overdue):
    row = owed_by(cast.cell, conference, **fields)

    assert FollowUp.unscoped.overdue(on=on).exists() == is_overdue
    assert row.is_overdue(on) == is_overdue


def test_a_secretary_shows_it_by_a_file_that_all_above_may_read(client, cast, conference):
    row = owed_by(cast.cell, conference)
    client.force_login(cast.hoa)

    send(
        client,
        "finish_follow_up",
        row,
        file=SimpleUploadedFile("bài thu hoạch.pdf", pdf(), "application/pdf"),
        is_attested="on",
        done_on="20/07/2024",
    )

    row.refresh_from_db()
    assert (row.state, row.done_on) == (State.DONE, dt.date(2024, 7, 20))
    file = Evidence.unscoped.get()
    client.force_login(cast.binh)
    answer = client.get(reverse("resolutions:evidence", args=[file.public_id]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    client.force_login(cast.nam)
    assert client.get(reverse("resolutions:evidence", args=[file.public_id])).status_code == 404


def test_without_evidence_it_is_not_done(client, cast, conference):
    row = owed_by(cast.cell, conference)
    client.force_login(cast.hoa)

    page = send(client, "finish_follow_up", row, done_on="20/07/2024")

    row.refresh_from_db()
    assert (page.status_code, row.state) == (422, State.OPEN)
    assert "Hãy gửi tệp, chọn văn bản hoặc ghi địa chỉ" in text_of(page)


def test_a_document_or_a_link_is_evidence_too(client, cast, conference):
    programme = DocumentFactory(owner=cast.cell, symbol="02-CTr/CB")
    by_document, by_link = owed_by(cast.cell, conference), owed_by(cast.cell, conference, title="Đăng ký")
    client.force_login(cast.hoa)

    send(client, "finish_follow_up", by_document, proof=str(programme.public_id), done_on="20/07/2024")
    send(client, "finish_follow_up", by_link, link="https://vi-du.example/dang-ky", done_on="20/07/2024")

    assert set(FollowUp.unscoped.values_list("state", "proof", "link")) == {
        (State.DONE, programme.pk, ""),
        (State.DONE, None, "https://vi-du.example/dang-ky"),
    }


def test_a_photo_waits_for_a_second_person_and_refused_it_is_owed_again(client, cast, conference):
    row = owed_by(cast.cell, conference)
    client.force_login(cast.hoa)
    photo = SimpleUploadedFile("ảnh.png", png(), "image/png")
    send(client, "finish_follow_up", row, file=photo, is_attested="on", done_on="20/07/2024")
    file = Evidence.unscoped.get()
    assert file.state == "waiting"

    send_button(client, "release_evidence", file)
    file.refresh_from_db()
    assert file.state == "waiting"  # not by her own hand

    client.force_login(cast.lan)
    send_button(client, "refuse_evidence", file)
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.OPEN, "tệp minh chứng đã bị bỏ")


def send_button(client, page, row):
    return client.post(reverse(f"resolutions:{page}", args=[row.public_id]), {"form_key": str(uuid.uuid4())})


def test_the_board_sees_who_is_late_on_its_list_and_on_its_home_page(client, cast, conference):
    owed_by(cast.cell, conference)
    owed_by(cast.neighbour, conference, state=State.DONE, done_on=DUE)
    client.force_login(cast.binh)

    home = text_of(client.get("/"))
    late = client.get(reverse("resolutions:follow_ups"), {"show": "overdue"})
    page = text_of(client.get(reverse("resolutions:conference", args=[conference.public_id])))

    assert "1 việc sau hội nghị học tập quá hạn" in home
    assert [(row.organisation, name) for row, name, _late in late.context["rows"]] == [(cast.cell, "Chi bộ một")]
    assert 'data-label="Đã xong" class="number">1/2</td>' in page


def test_the_cell_finds_what_it_owes_on_its_home_page(client, cast, conference):
    owed_by(cast.cell, conference, due=TODAY + dt.timedelta(days=3))
    owed_by(cast.cell, conference, title="Còn lâu", due=TODAY + dt.timedelta(days=60))
    client.force_login(cast.hoa)

    page = text_of(client.get("/"))

    assert "Nộp bài thu hoạch" in page
    assert "Còn lâu" not in page


def test_who_gave_it_waives_it_with_a_reason_and_asks_for_more(client, cast, conference):
    waived, done = owed_by(cast.cell, conference), owed_by(cast.neighbour, conference, state="done", done_on=DUE)
    client.force_login(cast.binh)

    send(client, "waive_follow_up", waived, reason="Đã làm ở nơi khác")
    send(client, "reopen_follow_up", done, reason="Thiếu phụ lục")

    assert set(FollowUp.unscoped.values_list("state", "reason")) == {
        (State.WAIVED, "Đã làm ở nơi khác"),
        (State.OPEN, "Thiếu phụ lục"),
    }


def test_a_cell_does_not_let_itself_off(client, cast, conference):
    row = owed_by(cast.cell, conference)
    client.force_login(cast.hoa)

    assert send(client, "waive_follow_up", row, reason="Bận").status_code == 403


def test_an_inspection_is_noted_and_closed_by_its_report(client, cast, conference):
    row = owed_by(cast.branch, conference, kind=Kind.INSPECTION, title="Kiểm tra việc học tập")
    client.force_login(PostFactory(organisation=cast.branch, role=Role.COMMITTEE).user)

    send(client, "inspected_follow_up", row, day="15/07/2024")
    assert FollowUp.unscoped.overdue(on=dt.date(2024, 7, 16)).get() == row
    row.refresh_from_db()
    send(client, "finish_follow_up", row, link="https://vi-du.example/bao-cao", done_on="25/07/2024")

    row.refresh_from_db()
    assert (row.inspected_on, row.done_on) == (dt.date(2024, 7, 15), dt.date(2024, 7, 25))
    assert not FollowUp.unscoped.overdue(on=TODAY).exists()


def test_who_gave_it_takes_a_file_away_that_must_not_be_here(
    client, cast, conference, settings, django_capture_on_commit_callbacks
):
    row = owed_by(cast.cell, conference)
    client.force_login(cast.hoa)
    file = SimpleUploadedFile("bài.pdf", pdf(), "application/pdf")
    send(client, "finish_follow_up", row, file=file, is_attested="on", done_on="20/07/2024")
    kept = Evidence.unscoped.get()
    assert send_button(client, "refuse_evidence", kept).status_code == 403

    client.force_login(cast.binh)
    with django_capture_on_commit_callbacks(execute=True):
        send_button(client, "refuse_evidence", kept)

    row.refresh_from_db()
    assert row.state == State.OPEN
    assert not (settings.DATA_DIR / "uploads" / kept.stored_name).exists()
    assert client.get(reverse("resolutions:evidence", args=[kept.public_id])).status_code == 404


def test_what_an_ended_cell_owed_its_heir_owes(cast, conference):
    owed, done = owed_by(cast.neighbour, conference), owed_by(cast.neighbour, conference, state="done", done_on=DUE)
    row = Reorganisation.unscoped.create(kind=Reorganisation.Kind.ABSORB, author=cast.minh, day=TODAY)
    event = Event(row, TODAY, ended=[cast.neighbour], heirs={cast.neighbour.pk: cast.cell})

    Conferences().on_restructured(event)

    assert [FollowUp.unscoped.get(pk=one.pk).organisation for one in (owed, done)] == [cast.cell, cast.neighbour]
