"""Each site says how many came: on its own page, through its own link, or by name; the host sees who is missing."""

import datetime as dt
import io
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEntry
from cells import lineage
from cells.exchange.importing import import_workbook
from cells.merging import merge
from cells.models import Kind, Organisation, OrganisationPeriod
from resolutions import gathering
from resolutions.adding_up import HeadCount, head_count_of_all
from resolutions.models import ReceivingSite, StudyAttendance, StudyConference
from tests.factories import LONG_AGO, ConferenceFactory, MembershipFactory, PersonFactory, ReceivingSiteFactory
from tests.resolutions.test_convening import send, text_of

State = StudyConference.State
TODAY = timezone.localdate()


@pytest.fixture
def conference(cast):
    """Of the committee, which Hoa's cell does not see from below; her cell is one of the sites."""
    return ConferenceFactory(organisation=cast.committee, day=TODAY, expected=30, present=30)


@pytest.fixture
def site(conference, cast):
    return ReceivingSiteFactory(conference=conference, name="Điểm cầu chi bộ một", organisation=cast.cell, expected=20)


def test_a_cells_secretary_reports_on_a_site_of_a_conference_she_does_not_see(client, cast, site):
    client.force_login(cast.hoa)
    assert client.get(reverse("resolutions:conference", args=[site.conference.public_id])).status_code == 404

    send(client, "site", site, expected="20", present="18", estimate="nearly")

    site.refresh_from_db()
    assert (site.present, site.estimate, site.way, site.is_missing) == (18, "nearly", "page", False)
    assert head_count_of_all(StudyConference.unscoped.all()) == HeadCount(50, 48, "nearly")
    assert "Đã báo: có mặt gần 18, triệu tập 20." in text_of(
        client.get(reverse("resolutions:site", args=[site.public_id]))
    )


def test_a_neighbour_has_no_such_site(client, cast, site):
    client.force_login(cast.nam)

    theirs = client.get(reverse("resolutions:site", args=[site.public_id]))
    nobodys = client.get(reverse("resolutions:site", args=[uuid.uuid4()]))

    assert (theirs.status_code, theirs.content) == (404, nobodys.content)


def test_nobody_came_is_an_answer_too(client, cast, site):
    client.force_login(cast.hoa)

    send(client, "site", site, expected="20", present="0")

    assert not ReceivingSite.unscoped.missing().exists()


def link_to(site) -> str:
    made = gathering.make_link(site, actor=None)
    return reverse("resolutions:site_link", args=[gathering.token_of(made)])


def test_a_link_takes_the_numbers_of_its_site_and_shows_nothing_else(site, cast):
    other = ReceivingSiteFactory(conference=site.conference, name="Điểm cầu bí mật", expected=94_321)
    stranger, address = Client(enforce_csrf_checks=False), link_to(site)

    page = stranger.get(address)
    stranger.post(address, {"expected": "20", "present": "1.019", "estimate": "about", "version": site.version})

    site.refresh_from_db()
    assert (site.present, site.estimate, site.way) == (1019, "about", "link")
    shown = text_of(page)
    assert site.name in shown
    assert other.name not in shown
    assert "94.321" not in shown
    assert "no-store" in page.headers["Cache-Control"]
    entry = AuditEntry.objects.get(action="site.reported_by_link")
    assert (entry.actor, entry.object_id) == (None, str(site.pk))


def test_the_same_numbers_sent_twice_are_written_once(site):
    stranger, address = Client(), link_to(site)
    numbers = {"expected": "20", "present": "19", "estimate": "", "version": "1"}

    answers = [stranger.post(address, numbers).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert AuditEntry.objects.filter(action="site.reported_by_link").count() == 1


def test_two_pages_with_different_numbers_do_not_pass_over_each_other(client, cast, site):
    address = link_to(site)
    client.force_login(cast.hoa)
    send(client, "site", site, expected="20", present="18")

    late = Client().post(address, {"expected": "20", "present": "5", "estimate": "", "version": "1"})

    site.refresh_from_db()
    assert (site.present, late.status_code) == (18, 409)
    assert 'name="version" value="2"' in late.content.decode()


def renewed(site):
    gathering.make_link(site, actor=None)


def revoked(site):
    gathering.revoke_link(site, actor=None)


def expired(site):
    ReceivingSite.unscoped.update(link_until=TODAY - dt.timedelta(days=1))


def called_off(site):
    StudyConference.unscoped.update(state=State.CANCELLED)


@pytest.mark.parametrize("what_happens", [renewed, revoked, expired, called_off])
def test_a_link_that_no_longer_holds_leads_nowhere(site, what_happens):
    address = link_to(site)
    what_happens(site)

    page = Client().get(address)

    assert page.status_code == 404
    assert site.name not in page.content.decode()


def test_a_forged_link_leads_nowhere_and_many_are_turned_away(db, monkeypatch):
    monkeypatch.setattr(gathering, "REFUSED_A_WINDOW", 3)
    stranger = Client()
    address = reverse("resolutions:site_link", args=["bia-dat.chu-ky"])

    answers = [stranger.get(address).status_code for _ in range(5)]

    assert answers == [404, 404, 404, 429, 429]
    assert AuditEntry.objects.filter(action="site.link_refused").count() == 3


def test_a_link_is_not_a_hammer(site, monkeypatch):
    monkeypatch.setattr(gathering, "REPORTS_A_WINDOW", 2)
    stranger, address = Client(), link_to(site)

    answers = []
    for number in range(4):
        version = ReceivingSite.unscoped.get(pk=site.pk).version
        numbers = {"expected": "20", "present": str(number), "estimate": "", "version": version}
        answers.append(stranger.post(address, numbers).status_code)

    assert answers == [302, 302, 429, 429]


def test_who_keeps_the_conference_hands_out_links_for_all_that_are_missing(client, cast, site):
    ReceivingSiteFactory(conference=site.conference, name="Điểm cầu đã báo", expected=5, present=5)
    client.force_login(cast.binh)

    send(client, "make_site_links", site.conference)
    table = client.get(reverse("resolutions:sites_table", args=[site.conference.public_id]))

    assert ReceivingSite.unscoped.exclude(link_secret=None).count() == 1
    site.refresh_from_db()
    cells = [value for row in load_workbook(io.BytesIO(table.content)).active.values for value in row]
    assert f"http://testserver{reverse('resolutions:site_link', args=[gathering.token_of(site)])}" in cells


def test_all_that_stand_below_become_sites_at_once_and_only_once(client, cast, conference):
    client.force_login(cast.binh)

    send(client, "add_child_sites", conference)
    send(client, "add_child_sites", conference)

    sites = ReceivingSite.unscoped.filter(conference=conference)
    assert sorted(sites.values_list("organisation__code", flat=True)) == ["1.1", "1.10", "1.11"]
    assert all(site.is_missing for site in sites)


def test_only_a_site_without_numbers_goes(client, cast, site):
    client.force_login(cast.binh)
    counted = ReceivingSiteFactory(conference=site.conference, expected=5, present=5)

    send(client, "remove_site", site)
    send(client, "remove_site", counted)

    assert list(ReceivingSite.unscoped.all()) == [counted]


def test_by_name_the_cell_notes_who_came_and_the_numbers_follow(client, cast, site):
    client.force_login(cast.lan)
    guest_of_roster = MembershipFactory(cell=cast.cell, status="exempt").person

    page = client.get(reverse("resolutions:site_roll_call", args=[site.public_id]))
    send(client, "site_roll_call", site, present=[str(cast.member.public_id)], others="2")

    site.refresh_from_db()
    assert guest_of_roster.full_name not in page.content.decode()
    assert (site.expected, site.present, site.estimate, site.way) == (3, 3, "", "roll_call")
    rows = StudyAttendance.unscoped.filter(site=site)
    assert rows.count() == 3
    assert list(rows.filter(is_present=True).values_list("person", flat=True)) == [cast.member.pk]


def test_a_cell_that_holds_its_own_conference_calls_the_roll_there(client, cast):
    own = ConferenceFactory(organisation=cast.cell, state=State.PLANNED, mode="in_person")
    client.force_login(cast.lan)

    send(client, "host_roll_call", own, present=[str(cast.member.public_id)], others="1")

    own.refresh_from_db()
    assert (own.state, own.expected, own.present) == (State.HELD, 3, 2)
    assert StudyAttendance.unscoped.filter(conference=own, site=None).count() == 3


def test_a_board_does_not_call_names(client, cast, site):
    client.force_login(cast.binh)

    assert client.get(reverse("resolutions:site_roll_call", args=[site.public_id])).status_code == 403


def test_1519_sites_and_55342_delegates_come_in_by_one_file(client, cast, tmp_path, django_assert_max_num_queries):
    """The central conference of 15/08/2025: its sheet is filled in and imported; one site has said nothing."""
    conference = ConferenceFactory(organisation=cast.committee, day=dt.date(2025, 8, 15), expected=0, present=0)
    client.force_login(cast.binh)
    template = client.get(reverse("resolutions:sites_workbook", args=[conference.public_id]))
    book = load_workbook(io.BytesIO(template.content))
    page = book["Điểm cầu"]
    assert [cell.value for cell in page[2]] == [conference.code, "Điểm cầu Đảng bộ 1.1", "1.1", 0, 0, None]
    page.delete_rows(2, 3)
    heads = [36] * 1519
    heads[0] += 55_342 - sum(heads)
    for number, count in enumerate(heads):
        page.append([conference.code, f"Điểm cầu {number:04}", None, count, count, None])
    page.append([conference.code, "Điểm cầu im lặng", None, 0, 0, None])
    book.save(tmp_path / "diem-cau.xlsx")

    plan = import_workbook(tmp_path / "diem-cau.xlsx")

    assert plan.is_right
    with django_assert_max_num_queries(30):
        shown = text_of(client.get(reverse("resolutions:conference", args=[conference.public_id])))
    assert "1.520 điểm cầu khác 55.342 = 55.342" in shown
    assert "1 trên 1.520 điểm cầu chưa báo số người dự." in shown
    assert shown.count("<tr>") < 60
    assert head_count_of_all(StudyConference.unscoped.filter(pk=conference.pk)) == HeadCount(55_342, 55_342, "")


def test_a_site_reports_for_whoever_took_it_over(client, cast, conference):
    old = Organisation.unscoped.create(code="CU", successor=cast.cell)
    OrganisationPeriod.unscoped.create(
        organisation=old, name="Chi bộ cũ", kind=Kind.CELL, parent=cast.branch, first_day=LONG_AGO, last_day=TODAY
    )
    lineage.rebuild()
    site = ReceivingSiteFactory(conference=conference, organisation=old, expected=4)
    client.force_login(cast.hoa)

    send(client, "site", site, expected="4", present="4")

    site.refresh_from_db()
    assert site.present == 4


def test_of_a_person_entered_twice_having_come_stays(cast, site):
    twin = PersonFactory(full_name="Mai")
    elsewhere = ConferenceFactory(organisation=cast.committee, presenter=twin)
    for person, conference, is_present in (
        (cast.member, site.conference, False),
        (twin, site.conference, True),
        (twin, elsewhere, True),
    ):
        StudyAttendance.unscoped.create(conference=conference, person=person, is_present=is_present)

    merge(cast.member, twin, version=cast.member.version, actor=cast.hoa)

    rows = StudyAttendance.unscoped.order_by("conference").values_list("conference", "person", "is_present")
    assert list(rows) == [(site.conference.pk, cast.member.pk, True), (elsewhere.pk, cast.member.pk, True)]
    elsewhere.refresh_from_db()
    assert elsewhere.presenter == cast.member
