"""The hand-over file: what is open at a cell, the same in the workbook and in the PDF."""

import datetime as dt
import io

import openpyxl
import pdfplumber
import pytest

from cells.models import Post, Role, Term
from cells.numbering import take_number
from reports import handing_over
from sessions.models import Session, SessionKind, SessionTask
from tests.factories import OrganisationFactory, SessionFactory, close

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def cell(cast):
    """October was held, November was not; a plan is overdue, a task is open, a number was taken."""
    held = close(SessionFactory(cell=cast.cell, day=dt.date(2026, 10, 3), kind=SessionKind.REGULAR))
    SessionFactory(cell=cast.cell, day=dt.date(2026, 11, 3), kind=SessionKind.REGULAR)
    SessionTask.unscoped.create(cell=cast.cell, session=held, title="Thăm gia đình khó khăn", owner_name="Mai")
    SessionTask.unscoped.create(cell=cast.cell, session=held, title="Xong rồi", state="done", closed_on=TODAY)
    Term.unscoped.create(organisation=cast.cell, ordinal="2025-2030", first_day=dt.date(2025, 1, 1))
    take_number(cast.cell, "NQ", dt.date(2026, 10, 3), subject="Nghị quyết tháng 10", actor=cast.hoa)
    return cast.cell


def rows(cell) -> dict[str, tuple]:
    return {section.title: section.rows for section in handing_over.read(cell, TODAY).sections}


def test_it_says_what_is_open(cell):
    found = rows(cell)

    assert found["Việc còn thiếu của quý này"] == (
        ("Chưa có sinh hoạt định kỳ tháng 11/2026", "03/11/2026"),
        ("Chưa có sinh hoạt chuyên đề quý IV năm 2026", "31/12/2026"),
        ("Buổi định kỳ đã qua ngày mà chưa mở điểm danh", "03/11/2026"),
    )
    assert found["Nhiệm vụ chưa xong"] == (("Thăm gia đình khó khăn", "Mai", "", "03/10/2026"),)
    assert [row[1] for row in found["Danh sách đảng viên"]] == ["Hoa", "Lan", "Mai"]
    assert [row[0] for row in found["Các buổi sinh hoạt năm 2026"]] == ["03/10/2026", "03/11/2026"]
    assert [row[2] for row in found["Sổ văn bản nhiệm kỳ 2025-2030"]] == ["Nghị quyết tháng 10"]


def test_a_cell_where_all_is_done_has_no_gaps(cell):
    Session.unscoped.filter(state=Session.State.PLANNED).delete()
    close(SessionFactory(cell=cell, day=dt.date(2026, 11, 3), kind=SessionKind.COMBINED, theme="Nêu gương"))

    assert rows(cell)["Việc còn thiếu của quý này"] == ()


def test_a_cell_founded_in_the_quarter_owes_nothing_for_the_days_before(cell):
    fresh = OrganisationFactory(parent=cell.periods.get().parent, first_day=dt.date(2026, 10, 15))

    assert rows(fresh)["Việc còn thiếu của quý này"] == (("Chưa có sinh hoạt định kỳ tháng 11/2026", "03/11/2026"),)


@pytest.mark.once
def test_workbook_and_pdf_print_the_same(cell, cast, client):
    client.force_login(cast.hoa)
    cells = f"/to-chuc/{cell.public_id}/so-ban-giao"

    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{cells}.xlsx").content), read_only=True)
    with pdfplumber.open(io.BytesIO(client.get(f"{cells}.pdf").content)) as pdf:
        pages = [page.extract_text() for page in pdf.pages]
    printed = " ".join(" ".join(pages).split())

    assert pages[-1].index("Hai bên đã cùng kiểm tra") < pages[-1].index("NGƯỜI NHẬN BÀN GIAO")  # never alone
    assert len(book.sheetnames) == 5
    for text in ("Thăm gia đình khó khăn", "Nghị quyết tháng 10", "CHI BỘ MỘT", "SỔ BÀN GIAO"):
        assert text in printed
    for sheet in book:
        for row in list(sheet.iter_rows(min_row=5, values_only=True)):
            assert str(row[-1]).split()[0] in printed


def test_it_is_for_whoever_leads_the_cell(cell, cast, client):
    answers = {}
    for name in ("hoa", "minh", "lan", "binh", "nam", "quan", "mai"):
        client.force_login(getattr(cast, name))
        answers[name] = client.get(f"/to-chuc/{cell.public_id}/so-ban-giao.xlsx").status_code

    assert answers == {"hoa": 200, "minh": 200, "lan": 403, "binh": 403, "nam": 404, "quan": 403, "mai": 403}
    assert Post.unscoped.filter(organisation=cell, role=Role.SECRETARY).count() == 1
