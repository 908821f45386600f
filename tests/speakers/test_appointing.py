"""Appointments by decision: their levels' days, several roles of one person, the alert, the yearly review."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.refusing import Refused
from cells.models import Kind, Person
from reports.periods import Period
from reports.statistics import figures_of
from speakers import appointing, proposing, reviewing
from speakers.appointing import expiring
from speakers.levels import outside
from speakers.models import Level, LevelSpan, ReviewItem, SpeakerAppointment, SpeakerKind
from tests.cast import make_cast
from tests.factories import AppointmentFactory, OrganisationFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FIELDS = {"decision_number": "112-QĐ/HU", "decision_date": dt.date(2025, 1, 10), "degree": "", "theory": ""}


@pytest.fixture
def cast():
    return make_cast()


def fields(level, first_day, last_day=None, kind=SpeakerKind.SPEAKER):
    return FIELDS | {"kind": kind, "level": level, "first_day": first_day, "last_day": last_day}


@pytest.mark.parametrize(
    ("level", "first_day", "last_day", "text"),
    [
        (Level.DISTRICT, dt.date(2025, 7, 1), None, "Cấp huyện kết thúc ngày 30/06/2025"),
        (Level.DISTRICT, dt.date(2025, 1, 1), dt.date(2025, 7, 1), "Cấp huyện kết thúc ngày 30/06/2025"),
        (Level.COMMUNE, dt.date(2025, 6, 30), None, "Cấp xã có từ ngày 01/07/2025"),
    ],
)
def test_an_appointment_outside_its_levels_days_is_refused(cast, level, first_day, last_day, text):
    with pytest.raises(Refused, match=text):
        appointing.appoint(cast.committee, cast.member, fields(level, first_day, last_day), actor=cast.binh)

    assert SpeakerAppointment.unscoped.filter(person=cast.member).count() == 0


@pytest.mark.parametrize(
    ("level", "first_day", "last_day"),
    [(Level.DISTRICT, dt.date(2022, 1, 1), dt.date(2025, 6, 30)), (Level.COMMUNE, dt.date(2025, 7, 1), None)],
)
def test_the_last_and_the_first_day_of_a_level_are_right(cast, level, first_day, last_day):
    row = appointing.appoint(cast.committee, cast.member, fields(level, first_day, last_day), actor=cast.binh)

    assert (row.first_day, row.last_day) == (first_day, last_day)


def test_the_days_of_a_level_are_rows_that_an_administrator_changes(cast, client):
    span = LevelSpan.unscoped.get(level=Level.COMMUNE)
    client.force_login(cast.quan)
    address = reverse("speakers:change_level", args=[span.public_id])
    sent = {"first_day": "01/10/2025", "last_day": "", "source": "Văn bản mới (mẫu)", "version": "1"}
    client.post(address, sent | {"form_key": "01a200d6159278ba8cff79f714d89a90"})
    stale = client.post(address, sent | {"form_key": "01a200d6159278ba8cff79f714d89a91"})

    with pytest.raises(Refused, match="Cấp xã có từ ngày 01/10/2025"):
        appointing.appoint(cast.committee, cast.member, fields(Level.COMMUNE, dt.date(2025, 9, 30)), actor=cast.binh)
    assert stale.status_code == 409
    assert "đến hết 30/06/2025" in client.get(reverse("speakers:levels")).content.decode()


def test_two_spans_of_a_level_are_two_and_what_lies_between_is_outside(cast):
    LevelSpan.unscoped.create(level=Level.DISTRICT, first_day=dt.date(2027, 1, 1), source="(mẫu)")

    assert outside(Level.DISTRICT, dt.date(2027, 1, 1), None) == {}
    assert outside(Level.DISTRICT, dt.date(2022, 1, 1), dt.date(2025, 6, 30)) == {}
    assert set(outside(Level.DISTRICT, dt.date(2026, 1, 1), dt.date(2026, 2, 1))) == {"last_day"}
    assert set(outside(Level.DISTRICT, dt.date(2022, 1, 1), dt.date(2027, 2, 1))) == {"last_day"}


def test_one_person_holds_several_roles_at_several_levels(cast):
    """domain.md, T0-3: provincial speaker and core propagandist of the bloc committee, by different issuers."""
    day = dt.date(2025, 1, 1)
    propagandist = fields(Level.GRASSROOTS, day, kind=SpeakerKind.PROPAGANDIST)
    appointing.appoint(cast.province, cast.member, fields(Level.PROVINCE, day), actor=cast.binh)
    appointing.appoint(cast.committee, cast.member, propagandist, actor=cast.binh)

    assert set(cast.member.appointments.values_list("kind", "level", "organisation__code")) == {
        ("speaker", "province", "0"),
        ("propagandist", "grassroots", "1"),
    }


def test_the_same_appointment_twice_is_refused(cast):
    day = dt.date(2025, 1, 1)
    appointing.appoint(cast.committee, cast.member, fields(Level.PROVINCE, day), actor=cast.binh)

    with pytest.raises(Refused, match="đã được công nhận"):
        appointing.appoint(cast.committee, cast.member, fields(Level.PROVINCE, dt.date(2026, 1, 1)), actor=cast.binh)


def test_thirty_one_speakers_and_fifteen_collaborators_are_two_rosters(cast, client):
    """domain.md, T1-1: one may be on both, and the two are never added to 46."""
    place = OrganisationFactory(code="H", name="Đảng bộ huyện", kind=Kind.GRASSROOTS_COMMITTEE, parent=cast.committee)
    people = [PersonFactory() for _ in range(45)]
    for person in people[:31]:
        AppointmentFactory(person=person, organisation=place)
    for person in people[30:]:
        AppointmentFactory(person=person, organisation=place, kind=SpeakerKind.COLLABORATOR)
    client.force_login(cast.binh)

    page = client.get(reverse("speakers:place", args=[place.public_id])).content.decode()
    found = figures_of([place], Period.parse("2026-01"))[place.pk]

    assert "<b>31</b> Báo cáo viên" in page
    assert "<b>15</b> Cộng tác viên dư luận xã hội" in page
    words = re.sub(r"<[^>]*>", " ", page.partition("<main")[2].partition("</main")[0])
    assert "46" not in words
    assert (found.speakers, found.propagandists, found.collaborators) == (31, 0, 15)


@pytest.mark.parametrize(("days", "is_alarming"), [(-1, False), (0, True), (60, True), (61, False)])
def test_the_alert_begins_sixty_days_before_the_end(cast, client, days, is_alarming):
    today = timezone.localdate()
    row = AppointmentFactory(organisation=cast.branch, last_day=today + dt.timedelta(days=days))
    client.force_login(cast.binh)

    assert list(expiring(SpeakerAppointment.unscoped, today)) == ([row] if is_alarming else [])
    assert (row.person.full_name in client.get(reverse("reports:home")).content.decode()) is is_alarming


def test_who_is_renewed_already_raises_no_alert(cast):
    today = timezone.localdate()
    old = AppointmentFactory(organisation=cast.branch, last_day=today + dt.timedelta(days=20))
    AppointmentFactory(person=old.person, organisation=cast.branch, first_day=old.last_day + dt.timedelta(days=1))
    other = AppointmentFactory(organisation=cast.branch, last_day=today + dt.timedelta(days=20))
    AppointmentFactory(
        person=other.person, organisation=cast.branch, kind=SpeakerKind.COLLABORATOR, first_day=today
    )  # of another roster

    assert list(expiring(SpeakerAppointment.unscoped, today)) == [other]


def test_qualifications_are_summed_up_only_where_they_are_told(cast, client):
    """domain.md, T0-2: 7 of 7."""
    address = reverse("speakers:roster", args=[cast.branch.public_id])
    client.force_login(cast.binh)
    AppointmentFactory.create_batch(7, organisation=cast.branch)

    assert "đại học trở lên" not in client.get(address).content.decode().partition("row-list")[0]

    SpeakerAppointment.unscoped.filter(organisation=cast.branch).update(degree="yes", theory="yes")
    page = client.get(address).content.decode()
    assert "7/7 người đại học trở lên" in page
    assert "7/7 người lý luận chính trị cao cấp" in page


def test_a_board_names_nobody_whose_name_it_does_not_know(cast, client):
    client.force_login(cast.binh)
    sent = {"code": "DV-MAI", "full_name": "Ai đó", "kind": "speaker", "level": "province", "decision_number": "1-QĐ"}
    sent |= {"decision_date": "01/02/2026", "first_day": "01/02/2026", "form_key": "01a200d6159278ba8cff79f714d89a89"}

    answer = client.post(reverse("speakers:appoint", args=[cast.branch.public_id]), sent)

    assert "Không có ai mang mã và họ tên này" in answer.content.decode()
    assert Person.unscoped.filter(full_name="Ai đó").count() == 0
    assert cast.member.appointments.count() == 0


def test_the_yearly_review_keeps_replaces_and_ends_and_stays_as_decided(cast):
    """domain.md, T2-13; the roster follows on the day of the decision."""
    kept, replaced, ended = AppointmentFactory.create_batch(3, organisation=cast.branch)
    review = reviewing.begin(cast.branch, 2026, actor=cast.binh)
    items = {item.appointment_id: item for item in review.items.all()}
    day = timezone.localdate()

    with pytest.raises(Refused, match="chưa được cho ý kiến"):
        reviewing.finish(review, day, "15-QĐ/ĐU", actor=cast.binh)
    for row, verdict, reason, person in (
        (kept, "confirm", "", None),
        (replaced, "replace", "chuyển công tác", cast.member),
        (ended, "end", "nghỉ hưu", None),
    ):
        reviewing.decide(items[row.pk], verdict, reason, person, version=1, actor=cast.binh)
    reviewing.finish(review, day, "15-QĐ/ĐU", actor=cast.binh)

    yesterday = day - dt.timedelta(days=1)
    rows = SpeakerAppointment.unscoped.filter(organisation=cast.branch).order_by("pk")
    assert list(rows.values_list("person", "last_day", "end_reason")) == [
        (kept.person_id, None, ""),
        (replaced.person_id, yesterday, "chuyển công tác"),
        (ended.person_id, yesterday, "nghỉ hưu"),
        (cast.member.pk, None, ""),
    ]
    assert rows.last().decision_number == "15-QĐ/ĐU"
    assert sorted(ReviewItem.unscoped.values_list("verdict", flat=True)) == ["confirm", "end", "replace"]
    with pytest.raises(Refused, match="đã hoàn thành"):
        reviewing.decide(items[kept.pk], "end", "nhầm", None, version=2, actor=cast.binh)


def test_the_proposal_prints_each_roster_by_itself(cast, client, settings):
    settings.RENDER_COMMAND = ["cat"]
    AppointmentFactory.create_batch(2, organisation=cast.branch)
    other = AppointmentFactory(organisation=cast.branch, kind=SpeakerKind.COLLABORATOR)
    review = reviewing.begin(cast.branch, 2026, actor=cast.binh)
    first = review.items.get(appointment=other)
    reviewing.decide(first, "replace", "chuyển công tác", cast.member, version=1, actor=cast.binh)

    content = proposing.compose(review, list(review.items.all()))
    texts = [block["text"] for block in content["blocks"][:-1] if "text" in block]
    tables = [block["rows"] for block in content["blocks"] if block["kind"] == "table"]

    assert texts == [
        *("I- BÁO CÁO VIÊN", "Tổng số 02 người."),
        *("II- CỘNG TÁC VIÊN DƯ LUẬN XÃ HỘI", "Tổng số 01 người: thay người 01."),
    ]
    assert tables[1] == [["1", other.person.full_name, "Tỉnh", "Thay người", "Mai", "chuyển công tác"]]
    assert (content["letterhead"]["parent"], content["letterhead"]["issuer"]) == ("Đảng bộ khối mẫu", "Đảng ủy 1.1")
    client.force_login(cast.binh)
    for name, begin in (("proposal_pdf", b"{"), ("proposal_word", b"PK")):
        answer = client.get(reverse(f"speakers:{name}", args=[review.public_id]))
        assert (answer.status_code, answer.content.startswith(begin)) == (200, True)


def test_who_cannot_be_replaced_is_named_and_nothing_is_carried_out(cast):
    one, two = AppointmentFactory.create_batch(2, organisation=cast.branch)
    review = reviewing.begin(cast.branch, 2026, actor=cast.binh)
    for item in review.items.all():
        reviewing.decide(item, "replace", "luân chuyển", cast.member, version=1, actor=cast.binh)

    with pytest.raises(Refused, match=f"^{two.person.full_name}: Người này đã được công nhận"):
        reviewing.finish(review, timezone.localdate(), "15-QĐ/ĐU", actor=cast.binh)

    assert list(SpeakerAppointment.unscoped.filter(organisation=cast.branch, last_day=None)) == [one, two]
