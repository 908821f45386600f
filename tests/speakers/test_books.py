"""Recurring duties by period, targets with their operator, results typed by hand, models, registered tasks."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from cells.reach import with_reach
from speakers.books import BOOKS, targets_of, usual_duties
from speakers.duties import duty_rows
from speakers.forms.books import ResultForm, TargetForm
from speakers.models import (
    ClassTarget,
    CommendedModel,
    CountedResult,
    HeldActivity,
    RecurringDuty,
    RegisteredTask,
    TrainingClass,
)
from speakers.noticing import asks_of
from tests.cast import make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NEW_YEAR = dt.date(2022, 1, 1)


@pytest.fixture
def cast():
    return make_cast()


def test_a_year_owes_twelve_meetings_four_briefings_four_trainings_and_one_review(cast):
    """domain.md, T1-6, T2-11 and T2-13."""
    RecurringDuty.unscoped.bulk_create(usual_duties(cast.committee, NEW_YEAR))

    rows = {row.duty.kind: len(row.periods) for row in duty_rows(cast.committee.pk, 2022, dt.date(2023, 1, 1))}

    assert rows == {"meeting": 12, "briefing": 4, "training": 4, "review": 1}


def test_a_period_is_done_missing_or_still_to_come(cast):
    RecurringDuty.unscoped.create(organisation=cast.committee, kind="briefing", months=3, first_day=dt.date(2022, 2, 1))
    HeldActivity.unscoped.create(
        organisation=cast.committee,
        kind="briefing",
        day=dt.date(2022, 6, 30),
        subject="Giao ban",
        expected=9,
        present=8,
    )

    [row] = duty_rows(cast.committee.pk, 2022, dt.date(2022, 10, 1))

    # The first quarter was not wholly inside the duty's days.
    assert [(one.label, one.day, one.is_missing) for one in row.periods] == [
        ("Quý II", dt.date(2022, 6, 30), False),
        ("Quý III", None, True),
        ("Quý IV", None, False),
    ]


@pytest.mark.parametrize(
    ("operator", "number", "completed", "is_met"),
    [
        ("over", 600, 600, False),
        ("over", 600, 601, True),
        ("over", 300, 300, False),
        ("over", 300, 301, True),
        ("at_least", 300, 300, True),
        ("at_least", 300, 299, False),
        ("exactly", 2, 3, False),
    ],
)
def test_over_six_hundred_is_not_met_by_six_hundred(cast, operator, number, completed, is_met):
    """domain.md, T2-9."""
    shared = {"organisation": cast.committee, "audience": "candidates"}
    ClassTarget.unscoped.create(year=2022, operator=operator, number=number, **shared)
    for year, count in ((2022, completed - 1), (2022, 1), (2021, 50)):
        TrainingClass.unscoped.create(
            name="Lớp",
            first_day=dt.date(year, 5, 1),
            last_day=dt.date(year, 5, 4),
            enrolled=count,
            completed=count,
            **shared,
        )

    assert [(row.completed, row.is_met) for row in targets_of(cast.committee.pk, 2022)] == [(completed, is_met)]


def test_results_are_counts_typed_by_hand_and_printed_with_two_digits(cast, client):
    """domain.md, T0-6."""
    for kind, number in (("digital", 55), ("contest", 2), ("role_model", 15), ("village_model", 11)):
        CountedResult.unscoped.create(organisation=cast.cell, kind=kind, year=2023, number=number)
    client.force_login(cast.hoa)

    page = client.get(reverse("speakers:book", args=[cast.cell.public_id, "ket-qua"]) + "?year=2023").content.decode()

    assert page.count(">nhập tay<") == 4
    assert [number for number in ("55", "02", "15", "11") if f"</span> {number}</p>" in page] == [
        "55",
        "02",
        "15",
        "11",
    ]


@pytest.mark.parametrize("address", ["http://bao.example/1", "javascript:alert(1)", "ftp://bao.example/1"])
def test_evidence_is_a_https_address(address):
    form = ResultForm({"kind": "digital", "year": "2023", "number": "55", "evidence": address})

    assert set(form.errors) == {"evidence"}


def test_a_model_is_found_by_others_without_marks(cast, client):
    CommendedModel(organisation=cast.committee, title="Loa thôn nêu gương", unit="Chi bộ Đông", year=2023).save()
    CommendedModel(organisation=cast.foreign, title="Loa thôn khác", unit="Chi bộ Tây", year=2023).save()
    client.force_login(cast.hoa)

    page = client.get(reverse("speakers:book", args=[cast.cell.public_id, "mo-hinh"]) + "?search=loa+thon").content

    assert "Loa thôn nêu gương" in page.decode()
    assert "Loa thôn khác" not in page.decode()


def test_a_member_without_a_post_reads_the_models_of_the_own_line_and_no_other_book(cast, client):
    CommendedModel(organisation=cast.committee, title="Loa thôn nêu gương", unit="Chi bộ Đông", year=2023).save()
    CommendedModel(organisation=cast.cell, title="Sổ vàng", unit="Chi bộ một", year=2024).save()
    CommendedModel(organisation=cast.neighbour, title="Loa thôn bên cạnh", unit="Chi bộ hai", year=2023).save()
    client.force_login(cast.mai)

    listed = client.get(reverse("speakers:models")).content.decode()
    searched = client.get(reverse("speakers:models"), {"search": "loa thon"}).content.decode()

    for page, titles in ((listed, ["Loa thôn nêu gương", "Sổ vàng"]), (searched, ["Loa thôn nêu gương"])):
        assert [one for one in ("Loa thôn nêu gương", "Sổ vàng", "Loa thôn bên cạnh") if one in page] == titles
    assert "Xuất Excel" not in listed
    assert reverse("speakers:models") in client.get(reverse("resolutions:list")).content.decode()
    for book in ("mo-hinh", "lop"):
        assert client.get(reverse("speakers:book", args=[cast.cell.public_id, book])).status_code == 403


def test_two_tasks_registered_with_the_committee_above_and_how_they_stand(cast, client):
    """domain.md, T3-4."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    for title, state, due in (("Số hóa hồ sơ", "done", yesterday), ("Giúp chi bộ thôn", "working", yesterday)):
        RegisteredTask.unscoped.create(organisation=cast.cell, year=2021, title=title, state=state, due=due)
    client.force_login(cast.minh)

    page = client.get(reverse("speakers:book", args=[cast.branch.public_id, "dang-ky"]) + "?year=2021").content.decode()

    assert (page.count("Đã xong"), page.count("Đang làm"), page.count("Quá hạn")) == (1, 1, 1)


def test_what_is_missing_and_what_is_late_reaches_the_home_page_of_who_keeps_the_book(cast, client):
    today = dt.date(2026, 11, 30)
    RecurringDuty.unscoped.create(organisation=cast.committee, kind="meeting", months=1, first_day=dt.date(2026, 8, 1))
    RecurringDuty.unscoped.create(organisation=cast.committee, kind="briefing", months=3, first_day=dt.date(2026, 7, 1))
    for month in (8, 10):
        HeldActivity.unscoped.create(
            organisation=cast.committee, kind="meeting", day=dt.date(2026, month, 5), subject="A", expected=1, present=1
        )
    for title, due in (("Giúp chi bộ thôn", dt.date(2026, 11, 29)), ("Đúng hạn", today)):
        RegisteredTask.unscoped.create(organisation=cast.committee, year=2026, title=title, due=due)

    found = {name: list(asks_of(with_reach(getattr(cast, name)), today)) for name in ("binh", "hoa", "thu")}

    assert [(one.title, one.text) for one in found["binh"]] == [
        (
            "Việc định kỳ còn thiếu, Đảng bộ khối mẫu",
            "Hội nghị báo cáo viên: tháng 9/2026; giao ban công tác tuyên giáo: quý III/2026",
        ),
        ("Nhiệm vụ đăng ký làm theo quá hạn: 01", "Giúp chi bộ thôn (29/11/2026)"),
    ]
    assert (found["hoa"], found["thu"]) == ([], [])
    client.force_login(cast.binh)
    assert client.get(found["binh"][0].url).status_code == 200


SENT = {
    "viec-dinh-ky": {"kind": "meeting", "months": "1", "first_day": "01/01/2026"},
    "nhat-ky": {"kind": "training", "day": "05/02/2026", "subject": "Tập huấn", "expected": "9", "present": "8"},
    "lop": {
        "audience": "speakers",
        "name": "Lớp A",
        "first_day": "01/03/2026",
        "last_day": "02/03/2026",
        "enrolled": "5",
        "completed": "5",
    },
    "chi-tieu": {"audience": "candidates", "year": "2026", "operator": "over", "number": "600"},
    "ket-qua": {"kind": "contest", "year": "2026", "number": "2", "evidence": "https://bao.example/1"},
    "mo-hinh": {"title": "Loa thôn", "unit": "Chi bộ Đông", "year": "2026"},
    "dang-ky": {"title": "Số hóa hồ sơ", "year": "2026", "state": "registered"},
}


@pytest.mark.parametrize("slug", BOOKS)
def test_each_book_takes_a_line_changes_and_drops_it_and_only_for_who_keeps_it(cast, client, slug):
    model = BOOKS[slug].model
    address = reverse("speakers:add_record", args=[cast.cell.public_id, slug])
    key = "01a200d6-1592-78ba-8cff-79f714d89a{:02x}".format
    for user in (cast.nam, cast.lan, cast.mai, cast.quan):
        client.force_login(user)
        assert client.post(address, SENT[slug] | {"form_key": key(1)}).status_code in {403, 404}
    client.force_login(cast.hoa)

    client.post(address, SENT[slug] | {"form_key": key(2)})
    row = model.unscoped.get()
    change = reverse("speakers:change_record", args=[slug, row.public_id])
    client.post(change, SENT[slug] | {"version": "1", "form_key": key(3)})
    stale = client.post(change, SENT[slug] | {"version": "1", "form_key": key(4)})

    assert model.unscoped.get().version == 2
    assert (stale.status_code, stale.context["form"]["version"].value()) == (409, "2")
    shown = client.get(reverse("speakers:book", args=[cast.cell.public_id, slug]) + "?year=2026").content.decode()
    assert shown.count('class="speaker-row"') == 1
    client.force_login(cast.nam)
    assert client.get(change).status_code == 404
    client.force_login(cast.hoa)
    client.post(reverse("speakers:remove_record", args=[slug, row.public_id]), {"version": "2", "form_key": key(5)})
    assert model.unscoped.count() == 0
    assert set(AuditEntry.objects.filter(action__startswith="speaker_record").values_list("action", flat=True)) == {
        "speaker_record.added",
        "speaker_record.changed",
        "speaker_record.removed",
    }


def test_a_target_stands_once_for_a_year(cast, client):
    client.force_login(cast.hoa)
    address = reverse("speakers:add_record", args=[cast.cell.public_id, "chi-tieu"])
    for last in "12":
        answer = client.post(address, SENT["chi-tieu"] | {"form_key": f"01a200d6159278ba8cff79f714d89a8{last}"})

    assert "Dòng này đã có trong sổ" in answer.content.decode()
    assert TargetForm(SENT["chi-tieu"]).is_valid()
    assert ClassTarget.unscoped.count() == 1
