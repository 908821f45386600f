"""What is due is read by who does it and who looks after it; somebody above lets off, and takes that back."""

import datetime as dt
import io
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEntry
from cells.models import Role
from reports.obligations import owing, waiving
from reports.obligations.models import Subject, Waiver
from reports.obligations.owing import State
from tests.cast import make_cast
from tests.factories import PostFactory, SessionFactory, close

MONTH = "regular-{first:%Y%m%d}-{last:%Y%m%d}"


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def missed(cast):
    """The session of the cell two months ago: (its obligation, the first day of that month)."""
    last = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    last = last.replace(day=1) - dt.timedelta(days=1)
    key = MONTH.format(first=last.replace(day=1), last=last)
    return owing.named(cast.cell.pk, key, on=timezone.localdate())


def send(client, user, address, **data):
    client.force_login(user)
    return client.post(address, {"form_key": str(uuid.uuid4()), **data})


def state_of(one) -> str:
    return owing.named(one.organisation, one.key, on=timezone.localdate()).state


def test_the_board_finds_the_cell_that_missed_its_session_and_the_cell_finds_its_button(client, cast, missed):
    client.force_login(cast.binh)
    page = client.get("/viec-den-han/", {"state": "late", "subject": "regular", "name": "chi bo mot"})
    rows = [row for row in page.context["rows"] if row.obligation.key == missed.key]

    assert [(row.name, row.badge, bool(row.waive_url), row.url) for row in rows] == [
        ("Chi bộ một", "badge-bad", True, "")
    ]
    assert rows[0].state == f"Quá hạn {(timezone.localdate() - missed.due).days} ngày"

    client.force_login(cast.hoa)
    rows = [row for row in client.get("/viec-den-han/").context["rows"] if row.obligation.key == missed.key]
    assert [(row.action, row.waive_url) for row in rows] == [("Ghi buổi sinh hoạt", "")]
    assert client.get(rows[0].url).status_code == 200

    close(SessionFactory(cell=cast.cell, day=missed.last_day))
    assert missed.key not in [row.obligation.key for row in client.get("/viec-den-han/").context["rows"]]


def test_a_committee_lets_a_cell_off_and_takes_that_back(client, cast, missed):
    address = reverse("reports:waive", args=[cast.cell.public_id, missed.key])

    send(client, cast.minh, address, reason="Đi làm nhiệm vụ cả tháng")

    assert state_of(missed) == State.WAIVED
    waiver = Waiver.unscoped.get()
    (row,) = client.get("/viec-den-han/", {"state": "waived"}).context["rows"]
    assert (row.title, row.waiver.reason, row.waiver.given_by) == (
        f"Sinh hoạt định kỳ tháng {missed.first_day.month}/{missed.first_day.year}",
        "Đi làm nhiệm vụ cả tháng",
        cast.minh,
    )

    send(client, cast.binh, row.take_back_url, reason="Đã về sớm")

    waiver.refresh_from_db()
    assert (waiver.taken_back_by, waiver.taken_back_reason) == (cast.binh, "Đã về sớm")
    assert state_of(missed) == State.LATE
    actions = AuditEntry.objects.filter(object_kind="reports.waiver").order_by("pk")
    assert [(entry.action, entry.actor, entry.place) for entry in actions] == [
        ("obligation.waived", cast.minh, cast.cell.pk),
        ("obligation.waiver_taken_back", cast.binh, cast.cell.pk),
    ]


def test_nobody_lets_off_twice_without_a_reason_nor_what_is_done(client, cast, missed):
    address = reverse("reports:waive", args=[cast.cell.public_id, missed.key])
    assert send(client, cast.minh, address, reason=" ").status_code == 200
    send(client, cast.minh, address, reason="Đi làm nhiệm vụ")

    again = send(client, cast.binh, address, reason="Lý do khác")

    assert "đã được miễn" in again.content.decode()
    assert Waiver.unscoped.count() == 1
    close(SessionFactory(cell=cast.neighbour, day=missed.last_day))
    done = owing.named(cast.neighbour.pk, missed.key, on=timezone.localdate())
    with pytest.raises(waiving.NothingToWaive):
        waiving.waive(done, "Muộn", actor=cast.minh)


@pytest.mark.parametrize("name", ["hoa", "lan", "thu", "nam"])
def test_neither_the_cell_nor_an_inspector_lets_off(client, cast, missed, name):
    answer = send(
        client, getattr(cast, name), reverse("reports:waive", args=[cast.cell.public_id, missed.key]), reason="Bận"
    )

    assert answer.status_code in (403, 404)
    assert not Waiver.unscoped.exists()


def test_a_committee_does_not_let_itself_off(client, cast):
    PostFactory(user=cast.nam, organisation=cast.branch, role=Role.COMMITTEE)
    address = reverse("reports:waive", args=[cast.branch.public_id, "report-20261001-20261231"])

    assert send(client, cast.nam, address, reason="Bận").status_code == 403
    assert send(client, cast.minh, address, reason="Sắp xếp lại").status_code == 302


@pytest.mark.parametrize(
    "key", ["x", "regular-20260101-20260230", "regular-20260102-20260131", "report-00010101-00010331"]
)
def test_an_address_of_no_obligation_is_not_found(client, cast, key):
    client.force_login(cast.minh)

    assert client.get(reverse("reports:waive", args=[cast.cell.public_id, key])).status_code == 404


def test_a_year_of_an_organisation_is_counted_and_each_number_opens_its_rows(client, cast):
    close(SessionFactory(cell=cast.cell, day=dt.date(2024, 5, 6)))
    client.force_login(cast.minh)
    page = client.get(reverse("reports:due_of", args=[cast.branch.public_id]), {"year": 2024, "span": "Y"})

    lines = {label: (whole, each) for label, whole, each in page.context["summary"]}
    (owed, _address), each = lines["Sinh hoạt định kỳ"]
    numbers = {str(label): number for label, number, _url in each}
    assert (owed, numbers["Đã xong"], numbers["Quá hạn"]) == (24, 1, 23)
    conferences = lines["Hội nghị thông tin thời sự"][0]
    assert conferences[0] == 4
    opened = client.get(reverse("reports:due_of", args=[cast.branch.public_id]) + conferences[1])
    assert [row.obligation.subject for row in opened.context["rows"]] == [Subject.CONFERENCE] * 4

    table = client.get(opened.context["table_url"])
    sheet = load_workbook(io.BytesIO(table.content)).active
    assert [cell.value for cell in sheet[3]] == ["Tổ chức", "Việc", "Hạn", "Tình trạng", "Lý do miễn"]
    lines = [[cell.value for cell in row[:3]] for row in sheet.iter_rows(min_row=4)]
    assert lines[0] == ["Đảng bộ 1.1", "Hội nghị thông tin thời sự quý I/2024", "31/03/2024"]
    assert len(lines) == 4


def test_pages_and_table_are_read_in_one_state_and_the_trail_is_written_after_it(client, transactional_db):
    """Outside of a transaction of the test, where nothing may be written while a page is read."""
    cast = make_cast()
    client.force_login(cast.minh)
    address = reverse("reports:due_of", args=[cast.branch.public_id])

    assert client.get("/viec-den-han/").status_code == 200
    assert client.get(address).status_code == 200
    assert client.get(f"{address}viec.xlsx").status_code == 200
    assert AuditEntry.objects.filter(action="table.exported", actor=cast.minh).count() == 1


def test_the_choice_of_reminders_leads_back_to_a_page_that_its_reader_may_open(cast, client):
    for user, page in ((cast.hoa, "reports:due"), (cast.binh, "reports:due"), (cast.mai, "accounts:account")):
        client.force_login(user)
        back = client.get(reverse("reports:reminders")).context["back"]
        assert (back, client.get(back).status_code) == (reverse(page), 200)
