"""What Kết luận 226-KL/TW wants of conferences: told when one is scheduled, never held against the years before it."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.models import Kind
from resolutions.limiting import limits_on, notes_on
from resolutions.models import ConferenceRule, StudyConference
from speakers.models import Level
from tests.factories import ConferenceFactory, OrganisationFactory, ReceivingSiteFactory
from tests.resolutions.test_convening import PLAN, send, text_of

Subject = ConferenceRule.Subject
State = StudyConference.State


@pytest.fixture
def commune(cast):
    return OrganisationFactory(code="X", name="Đảng bộ xã mẫu", kind=Kind.COMMUNE, parent=cast.province)


def held(organisation, day, mode="online", **fields):
    return ConferenceFactory(organisation=organisation, day=day, mode=mode, **fields)


def test_the_limits_begin_on_11_december_2025(db):
    assert limits_on(dt.date(2025, 12, 10)).rules == {}
    assert {subject: rule.number for subject, rule in limits_on(dt.date(2025, 12, 11)).rules.items()} == {
        "online_share": 60,
        "hybrid_is_online": 1,
        "minutes": 240,
        "province_a_year": 2,
        "commune_a_year": 3,
        "no_reholding": 1,
    }


def test_the_12_district_conferences_of_2022_are_never_flagged(cast):
    """T1-11: all in person, all day long, and twelve of them."""
    district = OrganisationFactory(code="H", kind=Kind.DISTRICT, parent=cast.province)
    whole_day = {"start": dt.time(7), "end": dt.time(17), "level": Level.DISTRICT}
    rows = [held(district, dt.date(2022, month, 16), "in_person", **whole_day) for month in range(1, 13)]

    assert [notes_on(row) for row in rows] == [[]] * 12


def test_a_commune_is_told_before_its_fourth_conference_of_2026_is_scheduled(commune):
    for month in (1, 3, 5):
        held(commune, dt.date(2026, month, 10))
    held(commune, dt.date(2025, 12, 20))  # of another year
    held(commune, dt.date(2026, 4, 10), state=State.CANCELLED)
    fourth = StudyConference(organisation=commune, day=dt.date(2026, 2, 1), mode="online", level=Level.COMMUNE)

    assert notes_on(fourth) == ["Đây là hội nghị thứ 4 cấp xã trong năm 2026; Kết luận 226-KL/TW cho tối đa 3."]


@pytest.mark.parametrize(("number", "is_told"), [(2, False), (3, True)])
def test_a_province_has_two_a_year(cast, number, is_told):
    rows = [held(cast.province, dt.date(2026, month, 1), level=Level.PROVINCE) for month in range(1, number + 1)]

    assert bool(notes_on(rows[-1])) == is_told
    assert notes_on(rows[0]) == []


@pytest.mark.parametrize(("end", "is_told"), [(dt.time(11, 30), False), (dt.time(11, 31), True), (None, False)])
def test_half_a_day_is_enough(commune, end, is_told):
    row = held(commune, dt.date(2026, 3, 1), start=dt.time(7, 30), end=end)

    assert bool(notes_on(row)) == is_told


@pytest.mark.parametrize(
    ("modes", "is_told"),
    [(["online", "online", "online", "in_person"], False), (["online", "in_person"], True), (["hybrid"] * 3, False)],
)
def test_three_of_five_are_online(cast, modes, is_told):
    """The last one is in person: 3 of 5 is just enough, 1 of 3 is not; a hybrid one counts as online."""
    for month, mode in enumerate(modes, start=1):
        held(cast.committee, dt.date(2026, month, 1), mode)
    row = held(cast.committee, dt.date(2026, 12, 1), "in_person")

    assert bool(notes_on(row)) == is_told


def test_whether_hybrid_counts_as_online_is_a_setting(cast):
    held(cast.committee, dt.date(2026, 1, 1), "online")
    row = held(cast.committee, dt.date(2026, 2, 1), "hybrid")
    assert notes_on(row) == []

    ConferenceRule.unscoped.filter(subject=Subject.HYBRID_IS_ONLINE).update(number=0)

    told = "".join(notes_on(row)).replace("\N{NO-BREAK SPACE}", " ")
    assert told.startswith("Tính cả hội nghị này, năm 2026 có 1/2 hội nghị trực tuyến (50,0 %);")


@pytest.mark.parametrize(
    ("symbols", "site", "is_told"),
    [
        ("01 - NQ/TW", "branch", True),
        ("Nghị quyết số 01", "branch", True),
        ("02-NQ/TW", "branch", False),
        ("01-NQ/TW", "sibling", False),
        ("", "branch", False),
    ],
)
def test_what_was_broadcast_to_it_a_lower_level_does_not_hold_again(cast, symbols, site, is_told):
    above = held(
        cast.committee, dt.date(2026, 2, 7), document_symbols="01-NQ/TW; 05-CT/TW", subject="Hội nghị toàn quốc"
    )
    ReceivingSiteFactory(conference=above, organisation=getattr(cast, site))
    below = StudyConference(
        organisation=cast.cell, day=dt.date(2026, 2, 20), mode="online", level=Level.CELL, document_symbols=symbols
    )

    told = notes_on(below)

    assert bool(told) == is_told
    assert not told or "hội nghị ngày 07/02/2026 (Hội nghị toàn quốc)" in told[0]


def test_it_is_told_and_not_forbidden(client, cast):
    client.force_login(cast.binh)
    long = PLAN | {"day": "01/03/2026", "end": "17h"}

    told = send(client, "plan_conference", None, **long)
    assert told.status_code == 422
    assert "Hội nghị dài 570 phút, quá nửa ngày (240 phút)" in text_of(told)
    assert not StudyConference.unscoped.exists()

    send(client, "plan_conference", None, **long, is_aware="on")
    conference = StudyConference.unscoped.get()
    assert "Hội nghị dài 570 phút" in text_of(
        client.get(reverse("resolutions:conference", args=[conference.public_id]))
    )


def test_a_boards_year_at_a_glance(client, cast):
    held(cast.committee, dt.date(2026, 1, 1), "in_person", start=dt.time(7), end=dt.time(17))
    held(cast.committee, dt.date(2026, 2, 1), "online")
    held(cast.branch, dt.date(2026, 3, 1), "hybrid")
    client.force_login(cast.binh)

    page = client.get(reverse("resolutions:conference_indicators"), {"year": "2026"})
    before = client.get(reverse("resolutions:conference_indicators"), {"year": "2022"})

    assert [(name, row.online, row.total, row.is_within) for name, row in page.context["rows"]] == [
        ("Đảng bộ khối mẫu", 1, 2, False),
        ("Đảng bộ 1.1", 1, 1, True),
    ]
    assert "Trực tuyến dưới 60 %. 1 hội nghị dài quá nửa ngày." in text_of(page)
    assert "Năm này chưa có quy định nào" in text_of(before)


def test_an_administrator_changes_a_limit(client, cast):
    rule = ConferenceRule.unscoped.get(subject=Subject.MINUTES)
    client.force_login(cast.quan)

    send(client, "change_conference_rule", rule, number="270", source="Hướng dẫn của tỉnh")

    rule.refresh_from_db()
    assert (rule.number, rule.source, rule.version) == (270, "Hướng dẫn của tỉnh", 2)
