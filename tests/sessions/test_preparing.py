"""What is made ready, announced, put off and signed around a session."""

import datetime as dt
import io
import uuid

import pdfplumber
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from PIL import Image

from accounts.models import AuditEntry
from accounts.refusing import Refused
from cells.models import Standing, Status
from cells.papers.typesetting import typeset
from cells.reach import with_reach
from reports.home import home_of
from sessions import announcing, assigning, calendars, checking_in, closing, postponing, readiness, signing
from sessions.marking import Marked
from sessions.models import (
    AgendaBlock,
    AnnouncedAbsence,
    Mark,
    Readiness,
    ReadinessTick,
    SessionNotice,
    SessionTask,
    SignedSheet,
)
from sessions.opening import open_session
from sessions.record_forms import BlockForm
from tests.factories import MembershipFactory, PersonFactory, SessionFactory
from tests.resolutions.factories import DocumentFactory, OutlineFactory
from tests.sessions.stories import ILL, PRESENT, UNEXCUSED, finish, key, mark, mark_everybody, marks_of, person

DAY = dt.timedelta(days=1)


@pytest.fixture
def coming(cast):
    return SessionFactory(cell=cast.cell, day=timezone.localdate() + DAY, start="14:00", place="Nhà văn hóa")


@pytest.fixture
def today(cast):
    return SessionFactory(cell=cast.cell, day=timezone.localdate(), start="14:00")


def at(name, session):
    return reverse(f"sessions:{name}", args=[session.public_id])


def states(session):
    return {line.item: line.is_ready for part in readiness.checklists_of(session) for line in part.lines}


def test_a_checklist_is_ticked_by_hand_and_knows_the_agenda_itself(cast, coming):
    readiness.tick(coming, Readiness.MATERIALS, True, actor=cast.lan)
    readiness.tick(coming, Readiness.MATERIALS, True, actor=cast.hoa)
    AgendaBlock.unscoped.create(session=coming, position=1, part="regular", title="Thời sự")

    assert states(coming) == {"agenda": True, "materials": True, "invitation": False}
    assert ReadinessTick.unscoped.get().ticked_by == cast.lan
    assert readiness.checklists_of(coming)[0].due == coming.day - DAY
    readiness.tick(coming, Readiness.MATERIALS, False, actor=cast.hoa)
    assert states(coming)["materials"] is False
    for item in (Readiness.AGENDA, Readiness.RESULT):
        with pytest.raises(readiness.NotToTick):
            readiness.tick(coming, item, True, actor=cast.lan)


def test_two_days_after_its_end_a_session_asks_for_minutes_and_result(cast, today, client):
    open_session(today, actor=cast.hoa)
    mark_everybody(today, cast.hoa)
    finish(today, cast.hoa)
    today.refresh_from_db()

    after = readiness.checklists_of(today)[1]
    assert (after.due, [line.item for line in after.lines]) == (today.day + 2 * DAY, ["minutes", "result"])
    client.force_login(cast.lan)
    assert "còn 2 việc" in client.get("/").content.decode()
    for item in (Readiness.MINUTES, Readiness.RESULT):
        client.post(at("tick", today), {"item": item, "is_ready": "yes"} | key())
    assert "còn 2 việc" not in client.get("/").content.decode()


def test_home_costs_the_same_for_one_and_three_sessions_to_prepare(cast, coming, client):
    client.force_login(cast.lan)
    costs = []
    for days in ((), (2, 3)):
        for later in days:
            SessionFactory(cell=cast.cell, day=timezone.localdate() + later * DAY, kind="extraordinary")
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/")
        costs.append((len(queries), page.content.decode().count("còn 3 việc")))

    assert costs == [(costs[0][0], 1), (costs[0][0], 3)]


def test_who_asked_leave_is_marked_when_the_roll_call_opens(cast, today):
    announcing.announce(today, person("Mai").pk, "công tác", actor=cast.mai)
    announcing.announce(today, person("Lan").pk, "ốm", actor=cast.lan)
    announcing.withdraw(today, person("Lan").pk, actor=cast.lan)
    open_session(today, actor=cast.hoa)

    assert marks_of(today) == {"Hoa": Marked(), "Lan": Marked(), "Mai": Marked(Mark.EXCUSED, "công tác")}
    with pytest.raises(announcing.NotAnnounced):
        announcing.announce(today, person("Hoa").pk, "ốm", actor=cast.hoa)


def test_an_exempt_member_and_a_stranger_need_not_ask(cast, coming):
    for name in ("Tư", "Nam"):
        with pytest.raises(announcing.NotAnnounced):
            announcing.announce(coming, person(name).pk, "ốm", actor=cast.hoa)
    assert not AnnouncedAbsence.unscoped.exists()


def test_a_member_sees_and_changes_only_their_own_leave(cast, coming, client):
    announcing.announce(coming, person("Lan").pk, "ốm nặng", actor=cast.lan)
    client.force_login(cast.mai)
    client.post(at("announce_absence", coming), {"reason": "other", "other": "đưa con đi thi"} | key())

    page = client.get(at("detail", coming)).content.decode()
    assert ("đưa con đi thi" in page, "ốm nặng" in page) == (True, False)
    client.post(at("withdraw_absence", coming), key())
    assert [row.person.full_name for row in AnnouncedAbsence.unscoped.all()] == ["Lan"]


def test_a_session_put_off_keeps_the_day_it_was_planned_for(cast, coming):
    planned, later = coming.day, coming.day + 7 * DAY
    postponing.postpone(coming, later, None, "Trùng họp", version=1, actor=cast.lan)

    coming.refresh_from_db()
    notice = SessionNotice.unscoped.get()
    assert (coming.day, notice.old_day, notice.new_day, coming.state) == (later, planned, later, "planned")
    assert AuditEntry.objects.filter(action="session.postponed").count() == 1
    with pytest.raises(Refused):
        postponing.postpone(coming, later + DAY, None, "Nữa", version=1, actor=cast.hoa)
    assert [n.pk for n in home_of(with_reach(cast.mai), timezone.localdate()).put_off] == [notice.pk]
    assert home_of(with_reach(cast.nam), timezone.localdate()).put_off == []


def test_a_cancelled_session_stays_and_leaves_room_for_another(cast, coming, client):
    postponing.cancel(coming, "Bão lớn", version=1, actor=cast.lan)
    again = SessionFactory(cell=cast.cell, day=coming.day, kind=coming.kind)

    client.force_login(cast.mai)
    page = client.get(at("detail", coming)).content.decode()
    assert "Đã hủy buổi ngày" in page
    assert "Bão lớn" in page
    assert again.state == "planned"
    with pytest.raises(Refused):
        open_session(coming, actor=cast.hoa)


def test_a_session_with_marks_is_not_called_off(cast, today):
    open_session(today, actor=cast.hoa)
    mark(today, cast.lan, Mai=PRESENT)
    today.refresh_from_db()
    with pytest.raises(postponing.NotToPutOff):
        postponing.cancel(today, "Nhầm", version=today.version, actor=cast.hoa)


def test_the_invitation_names_time_place_and_agenda_and_no_person(cast, coming, client):
    assigning.assign(coming, {"chair_name": "Hoa", "minute_taker_name": "Lan"}, version=0, actor=cast.lan)
    AgendaBlock.unscoped.create(session=coming, position=1, part="regular", title="Thời sự", presenter_name="Ông Bảy")
    client.force_login(cast.lan)
    text = client.get(at("invitation", coming)).context["text"]

    assert text.splitlines()[:2] == ["CHI BỘ MỘT", ""]
    assert "- Địa điểm: Nhà văn hóa" in text
    assert "  1. Thời sự" in text
    assert "Bảy" not in text
    with pytest.raises(Refused):
        assigning.assign(coming, {"chair_name": "", "minute_taker_name": ""}, version=0, actor=cast.hoa)


NOW = 1_790_000_000.0 // checking_in.EVERY * checking_in.EVERY


def test_a_code_is_taken_while_it_stands_and_a_little_longer(cast, coming):
    code = checking_in.code_of(coming, NOW)

    last = NOW + checking_in.EVERY + checking_in.GRACE - 1
    assert checking_in.session_of(code, NOW) == checking_in.session_of(code, last) == coming.public_id
    for forged, when in ((code, last + 1), (code, NOW - 1), (code[:-1] + "!", NOW), ("", NOW), ("a.b", NOW)):
        with pytest.raises(checking_in.OldCode):
            checking_in.session_of(forged, when)
    assert code != checking_in.code_of(coming, NOW + checking_in.EVERY)


def test_a_member_marks_themselves_once_and_never_over_the_minute_taker(cast, today):
    with pytest.raises(Refused):
        checking_in.check_in(today, actor=cast.mai)  # not open yet
    open_session(today, actor=cast.hoa)
    mark(today, cast.lan, Lan=UNEXCUSED)

    checking_in.check_in(today, actor=cast.mai)
    checking_in.check_in(today, actor=cast.mai)
    for user, refusal in ((cast.lan, checking_in.MarkedOtherwise), (cast.nam, checking_in.NotExpected)):
        with pytest.raises(refusal):
            checking_in.check_in(today, actor=user)

    assert marks_of(today) == {"Hoa": Marked(), "Lan": UNEXCUSED, "Mai": PRESENT}
    assert AuditEntry.objects.filter(action="session.checked_in").count() == 1
    mark(today, cast.lan, Mai=ILL)
    with pytest.raises(checking_in.MarkedOtherwise):
        checking_in.check_in(today, actor=cast.mai)


def test_who_asked_leave_and_came_may_say_so(cast, today):
    announcing.announce(today, person("Mai").pk, "ốm", actor=cast.mai)
    open_session(today, actor=cast.hoa)
    checking_in.check_in(today, actor=cast.mai)
    assert marks_of(today)["Mai"] == PRESENT


def test_without_having_read_the_code_nobody_is_marked(cast, today, client):
    open_session(today, actor=cast.hoa)
    client.force_login(cast.mai)
    client.post(at("check_in", today), key())
    assert marks_of(today)["Mai"] == Marked()

    landing = reverse("sessions:check_in_landing", args=[checking_in.code_of(today)])
    assert client.get(landing).headers["Location"] == at("check_in", today)
    client.post(at("check_in", today), key())
    assert marks_of(today)["Mai"] == PRESENT
    old = checking_in.code_of(today, NOW)
    refused = client.get(reverse("sessions:check_in_landing", args=[old]))
    assert (refused.status_code, "Mã này đã cũ" in refused.content.decode()) == (403, True)


def feed_of(client, user):
    client.force_login(user)
    client.post(reverse("sessions:renew_calendar"), key())
    url = client.get(reverse("sessions:calendar")).context["url"]
    client.logout()
    return url, client.get(url)


def test_a_calendar_holds_sessions_days_and_tasks_and_nobodys_name(cast, coming, client):
    SessionTask.unscoped.create(
        session=coming, cell=cast.cell, title="Thăm hộ nghèo", owner=person("Mai"), owner_name="Mai", due=coming.day
    )
    cancelled = SessionFactory(cell=cast.cell, day=coming.day + 3 * DAY, state="cancelled")
    SessionFactory(cell=cast.neighbour, day=coming.day)
    _url, response = feed_of(client, cast.mai)
    events = {str(event["uid"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}

    own = events[f"{coming.public_id}@so-chi-bo"]
    assert own["dtstart"].dt.isoformat() == f"{coming.day}T14:00:00+07:00"
    assert own["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert (str(own["location"]), str(own["status"])) == ("Nhà văn hóa", "CONFIRMED")
    assert str(events[f"{cancelled.public_id}@so-chi-bo"]["status"]) == "CANCELLED"
    kinds = sorted(str(event["summary"]).split(" ")[0] for event in events.values())
    assert {"HỦY:", "Hạn:", "Ngày", "Sinh"} == set(kinds)
    assert not {"Hoa", "Lan", "Mai"} & set(response.content.decode().split())


def test_a_renewed_and_a_revoked_calendar_address_lead_nowhere(cast, client):
    url, first = feed_of(client, cast.mai)
    newer, _response = feed_of(client, cast.mai)
    assert (first.status_code, client.get(url).status_code, client.get(newer).status_code) == (200, 404, 200)
    calendars.revoke(cast.mai)
    assert client.get(newer).status_code == 404


def picture() -> bytes:
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "CHỖ CHỤP"
    Image.new("RGB", (60, 40), "white").save(content, "JPEG", exif=exif)
    return content.getvalue()


def test_a_photo_of_the_sheet_is_for_the_cell_and_goes_with_a_reason(cast, today, client):
    open_session(today, actor=cast.hoa)
    client.force_login(cast.lan)
    upload = SimpleUploadedFile("to-ky.jpg", picture(), "image/jpeg")
    client.post(at("attach_sheet", today), {"file": upload, "is_attested": "on"} | key())
    sheet = SignedSheet.unscoped.get()

    photo = b"".join(client.get(reverse("sessions:sheet_photo", args=[sheet.public_id])).streaming_content)
    assert Image.open(io.BytesIO(photo)).getexif() == {}
    client.force_login(cast.minh)  # a committee sees the session, not the paper
    assert client.get(reverse("sessions:sheet_photo", args=[sheet.public_id])).status_code in {403, 404}
    client.force_login(cast.hoa)
    client.post(reverse("sessions:remove_sheet", args=[sheet.public_id]), {"reason": "Ảnh mờ"} | key())
    sheet.refresh_from_db()
    assert (sheet.state, sheet.removal_reason, sheet.removed_by) == ("removed", "Ảnh mờ", cast.hoa)
    assert client.get(reverse("sessions:sheet_photo", args=[sheet.public_id])).status_code == 404


@pytest.mark.once
@pytest.mark.parametrize(("count", "pages"), [(14, 1), (30, 2)])
def test_the_sheet_to_sign_has_everybody_in_order(cast, coming, count, pages):
    for number in range(count - 3):
        MembershipFactory(person=PersonFactory(code=f"DV-{number}", full_name=f"Trần Văn {number:02}"), cell=cast.cell)
    MembershipFactory(person=PersonFactory(full_name="Vũ Đi"), cell=cast.cell, status=Status.AWAY)
    with pdfplumber.open(io.BytesIO(typeset(signing.composed(coming)))) as document:
        text = "\n".join(page.extract_text() for page in document.pages)
        assert len(document.pages) == pages

    assert text.index("Trần Văn 00") < text.index("Trần Văn 01") < text.index("Hoa")
    for expected in ("CHI BỘ MỘT", f"Phải có mặt: {count} người", "Tư được miễn", "Vũ Đi (tạm thời đi)"):
        assert expected in text


def test_a_short_closing_is_asked_about_once_and_not_forbidden(cast, opened, client):
    mark_everybody(opened, cast.hoa)
    client.force_login(cast.hoa)
    version = type(opened).unscoped.get(pk=opened.pk).version
    told = {"start": "14:00", "end": "14:40", "version": version}
    page = client.post(at("close", opened), told | key())

    assert "Buổi này ghi 40 phút, ngắn hơn quy định 90 phút." in page.content.decode()
    opened.refresh_from_db()
    assert opened.state == "open"
    client.post(at("close", opened), told | {"sure": "14:00-14:40"} | key())
    opened.refresh_from_db()
    assert opened.state == "closed"
    assert closing.doubts_about(opened, {"start": dt.time(14), "end": dt.time(15, 30)}) == []


def test_the_roll_call_shows_people_as_what_they_are(cast, today, client):
    guest = PersonFactory(full_name="Khánh")
    MembershipFactory(person=guest, cell=cast.cell, status=Status.HOSTED)
    MembershipFactory(person=PersonFactory(full_name="Dũng"), cell=cast.cell, standing=Standing.PROBATIONARY)
    MembershipFactory(person=PersonFactory(full_name="Sáu"), cell=cast.cell, status=Status.SUSPENDED)
    open_session(today, actor=cast.hoa)
    client.force_login(cast.lan)
    context = client.get(at("roll_call", today)).context

    notes = {row.line.name: row.note for row in context["rows"] if row.note}
    assert notes == {"Khánh": "tạm thời đến", "Dũng": "dự bị"}
    assert [listed.name for listed in context["left_out"]] == ["Sáu"]
    assert (context["base"].base, context["base"].suspended, context["base"].exempt_absent) == (3, 1, 1)


def test_a_form_sent_twice_gives_one_notice(cast, coming, client):
    client.force_login(cast.hoa)
    told = {"reason": "Bão", "version": 1, "form_key": str(uuid.uuid4())}
    for _ in range(2):
        client.post(at("cancel", coming), told)
    assert SessionNotice.unscoped.count() == 1


def test_an_agenda_is_offered_the_last_editions_and_no_withdrawn_document(cast):
    document = DocumentFactory(owner=cast.province)
    DocumentFactory(owner=cast.province, withdrawn_at=timezone.now())
    old, new = (OutlineFactory(document=document, title="Đề cương", edition=edition) for edition in (1, 2))

    form = BlockForm(user=with_reach(cast.lan))

    assert list(form.fields["documents"].queryset) == [document]
    assert list(form.fields["outlines"].queryset) == [new]
    assert form["outlines"].subwidgets[0].data["label"] == "Đề cương (bản thứ 2, dành cho đảng viên)"
    assert old.series == new.series
