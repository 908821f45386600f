"""Binh follows a figure of the dashboard to the conferences behind it, and adds up the receiving sites."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from cells import lineage
from cells.models import Estimate, Kind
from reports.periods import Period
from reports.statistics import conferences_in, figures
from resolutions.adding_up import HeadCount, head_count, head_count_of_all
from resolutions.models import StudyConference
from tests.factories import ConferenceFactory, OrganisationFactory, OrganisationPeriodFactory, ReceivingSiteFactory

ADDRESS = "/van-ban/hoi-nghi/"
State = StudyConference.State


@pytest.fixture
def binh(client, cast):
    client.force_login(cast.binh)
    return client


def shown(response):
    return [conference.code for conference, _total in response.context["rows"]]


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_sites_are_added_to_the_hosts_own_and_the_word_stays(binh, cast):
    conference = ConferenceFactory(
        organisation=cast.committee, expected=120, present=118, document_symbols="01-KL/TW", start=dt.time(7, 30)
    )
    ReceivingSiteFactory(conference=conference, name="Điểm cầu A", expected=700, present=690, estimate=Estimate.ABOUT)
    ReceivingSiteFactory(conference=conference, name="Điểm cầu B", expected=300, present=290, estimate=Estimate.NEARLY)

    page = text_of(binh.get(reverse("resolutions:conference", args=[conference.public_id])))

    assert "Triệu tập: điểm cầu chính 120 + 2 điểm cầu khác 1.000 = 1.120." in page
    assert "Có mặt: điểm cầu chính 118 + 2 điểm cầu khác gần 980 = gần 1.098." in page
    assert "<dd>10/07/2024, 07:30</dd>" in page
    assert "<dd>01-KL/TW</dd>" in page
    assert "<dd>Kết hợp</dd>" in page


def test_sums_take_over_the_first_word_of_their_addends():
    exact, nearly, over = (HeadCount(10, 9, word) for word in (Estimate.EXACT, Estimate.NEARLY, Estimate.OVER))

    assert head_count([]) == HeadCount(0, 0, "")
    assert head_count([exact, exact]) == HeadCount(20, 18, "")
    assert head_count([exact, over]) == HeadCount(20, 18, Estimate.OVER)
    assert head_count([over, nearly, exact]) == HeadCount(30, 27, Estimate.NEARLY)
    assert [count.mark for count in (exact, nearly, over)] == ["", "gần", "trên"]


def test_a_conference_that_was_not_held_has_no_count_of_those_present(binh, cast):
    conference = ConferenceFactory(organisation=cast.committee, expected=120, state=State.PLANNED)

    page = text_of(binh.get(reverse("resolutions:conference", args=[conference.public_id])))

    assert "Chỉ hội nghị đã tổ chức mới được tính vào số liệu." in page
    assert page.count('data-label="Có mặt">—</td>') == 2
    assert 'data-label="Có mặt/triệu tập" class="number">—/120</td>' in text_of(binh.get(ADDRESS))


def test_the_host_bears_the_name_of_the_day(binh, cast):
    renamed = OrganisationFactory(
        code="R", name="Đảng bộ tên cũ", kind=Kind.COMMUNE, parent=cast.committee, last_day=dt.date(2024, 6, 30)
    )
    OrganisationPeriodFactory(
        organisation=renamed,
        name="Đảng bộ tên mới",
        kind=Kind.COMMUNE,
        parent=cast.committee,
        first_day=dt.date(2024, 7, 1),
    )
    lineage.rebuild()
    for day in (dt.date(2024, 6, 30), dt.date(2024, 7, 1)):
        ConferenceFactory(organisation=renamed, day=day)

    rows = binh.get(ADDRESS).context["rows"]

    assert [conference.host_name for conference, _ in rows] == ["Đảng bộ tên mới", "Đảng bộ tên cũ"]


@pytest.fixture
def merged(cast):
    """A branch that ended on 30/06/2024, hung under the foreign bloc, and was taken over by 1.10."""
    old = OrganisationFactory(
        code="M", kind=Kind.GRASSROOTS_COMMITTEE, parent=cast.foreign, last_day=dt.date(2024, 6, 30)
    )
    type(old).unscoped.filter(pk=old.pk).update(successor=cast.sibling)
    return old


@pytest.mark.parametrize("structure", ["then", "now"])
@pytest.mark.parametrize("place", ["province", "committee", "foreign", "sibling"])
def test_the_rows_are_those_of_the_figure_in_either_structure(client, cast, merged, structure, place):
    top = getattr(cast, place)
    for organisation, day in (
        (merged, dt.date(2024, 6, 30)),
        (cast.sibling, dt.date(2024, 4, 1)),
        (cast.cell, dt.date(2024, 5, 1)),
        (cast.foreign, dt.date(2024, 5, 2)),
        (cast.committee, dt.date(2024, 7, 1)),
    ):
        ReceivingSiteFactory(
            conference=ConferenceFactory(organisation=organisation, day=day, expected=10, present=9),
            expected=5,
            present=4,
            estimate=Estimate.ABOUT,
        )
    ConferenceFactory(organisation=cast.cell, day=dt.date(2024, 5, 3), state=State.CANCELLED, expected=99)
    client.force_login(board_of(cast.province))
    period = Period.parse("2024-Q2")
    question = {
        "organisation": top.public_id,
        "structure": structure,
        "first_day": "01/04/2024",
        "last_day": "30/06/2024",
        "state": "held",
    }

    page = client.get(ADDRESS, question)

    expected = conferences_in(top, period, structure)
    assert sorted(shown(page)) == sorted(expected.values_list("code", flat=True))
    found = figures(top, period, structure)
    assert page.context["total"] == HeadCount(
        found.conference_expected, found.conference_present, "about" if found.conference_mark else ""
    )


def board_of(organisation):
    from tests.factories import PostFactory

    return PostFactory(organisation=organisation, role="board").user


def test_days_and_state_narrow_the_list(binh, cast):
    for code, day, state in (
        ("A", dt.date(2024, 3, 31), State.HELD),
        ("B", dt.date(2024, 4, 1), State.HELD),
        ("C", dt.date(2024, 6, 30), State.PLANNED),
        ("D", dt.date(2024, 7, 1), State.HELD),
    ):
        ConferenceFactory(organisation=cast.cell, code=code, day=day, state=state)

    assert shown(binh.get(ADDRESS)) == ["D", "C", "B", "A"]
    assert shown(binh.get(ADDRESS, {"first_day": "01/04/2024", "last_day": "30/06/2024"})) == ["C", "B"]
    assert shown(binh.get(ADDRESS, {"last_day": "30/06/2024", "state": "held"})) == ["B", "A"]


def test_days_the_wrong_way_round_are_said_so(binh, cast):
    ConferenceFactory(organisation=cast.cell, code="A")

    page = binh.get(ADDRESS, {"first_day": "02/07/2024", "last_day": "01/07/2024"})

    assert shown(page) == ["A"]
    assert "Đến ngày không được trước từ ngày." in page.content.decode()


@pytest.mark.parametrize("question", ["organisation=abc&structure=x&on=31/02/2024", "first_day=%00&page=-1&state=x"])
def test_nonsense_in_the_address_leaves_the_list(binh, cast, question):
    ConferenceFactory(organisation=cast.cell, code="A")

    assert shown(binh.get(f"{ADDRESS}?{question}")) == ["A"]


def test_another_organisation_cannot_be_asked_for(client, cast):
    client.force_login(cast.nam)

    theirs = client.get(ADDRESS, {"organisation": cast.cell.public_id})
    nobodys = client.get(ADDRESS, {"organisation": uuid.uuid4()})

    assert (theirs.status_code, theirs.content) == (404, nobodys.content)


def test_a_foreign_conference_is_not_there(client, cast):
    conference = ConferenceFactory(organisation=cast.cell)
    client.force_login(cast.nam)

    theirs = client.get(reverse("resolutions:conference", args=[conference.public_id]))
    nobodys = client.get(reverse("resolutions:conference", args=[uuid.uuid4()]))

    assert (theirs.status_code, theirs.content) == (404, nobodys.content)


WHO = {"mai": 200, "lan": 200, "hoa": 200, "minh": 200, "binh": 200, "thu": 200, "nam": 404, "son": 404, "quan": 403}


@pytest.mark.parametrize("name", WHO)
def test_who_may_look_at_a_cells_conference(client, cast, name):
    conference = ConferenceFactory(organisation=cast.cell)
    client.force_login(getattr(cast, name))

    assert client.get(reverse("resolutions:conference", args=[conference.public_id])).status_code == WHO[name]


@pytest.mark.parametrize("count", [1, 3, 300])
def test_the_list_asks_the_database_as_often_for_300_as_for_one(binh, cast, count, django_assert_num_queries):
    conferences = [ConferenceFactory.build(organisation=cast.cell, present=1, expected=1) for _ in range(count)]
    for conference in StudyConference.unscoped.bulk_create(conferences):
        ReceivingSiteFactory(conference=conference, present=2, expected=2)

    with django_assert_num_queries(10):
        page = binh.get(ADDRESS)

    assert len(shown(page)) == min(count, 30)
    assert page.context["total"] == HeadCount(3 * count, 3 * count, "")
    assert head_count_of_all(StudyConference.unscoped.none()) == HeadCount(0, 0, "")
