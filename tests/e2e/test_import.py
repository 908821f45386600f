"""Hoa imports a roster of 500 with ten wrong rows, mends them, imports, and takes it all back."""

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from cells.importing.working import work
from cells.models import ImportBatch, Membership
from tests.cast import make_cast
from tests.cells.imports import roster_rows, xlsx
from tests.e2e.seeing import arrive, look

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRONG = {4: (2, "31/02/1980"), 9: (3, "không rõ"), 77: (1, ""), 120: (4, "CTX"), 200: (5, "nghỉ")}
WRONG |= {250: (6, "hôm qua"), 300: (2, "sinh năm Dần"), 333: (6, "1/13/2024"), 410: (1, None), 500: (3, "x")}


@pytest.fixture
def cast(transactional_db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return make_cast()


def choose(page, content: bytes):
    page.get_by_label("Tệp Excel (.xlsx)").set_input_files(
        {"name": "Danh sách chi bộ.xlsx", "mimeType": XLSX, "buffer": content}
    )
    page.get_by_label("Từ ngày, cho người không ghi").fill("01/06/2024")
    arrive(page.get_by_role("button", name="Đọc tệp và xem trước").click)
    page.get_by_role("heading", name="Đang chờ đến lượt").wait_for()


def done_in_the_background():
    assert work(ImportBatch.unscoped.latest("pk").pk)


def test_a_roster_with_wrong_rows_is_mended_imported_and_taken_back(cast, enter, desktop_page, axe_check):
    page = desktop_page
    right = roster_rows(500)
    wrong = [list(row) for row in right]
    for row, (column, value) in WRONG.items():
        wrong[row - 1][column] = value
    enter(page, cast.hoa)
    page.goto("/nhap-du-lieu/")
    look(page, "imports-empty")
    arrive(page.get_by_role("link", name="Tải tệp lên").click)
    look(page, "import-upload")
    axe_check(page)
    choose(page, xlsx(wrong))
    look(page, "import-waiting")
    axe_check(page)
    done_in_the_background()
    page.get_by_role("heading", name="Có 10 dòng sai").wait_for()
    look(page, "import-wrong")
    axe_check(page)

    arrive(page.get_by_role("link", name="Xem các dòng sai").click)
    look(page, "import-wrong-rows")
    axe_check(page)
    expect(page.get_by_role("rowheader")).to_have_text([f"Dòng {number}" for number in WRONG])
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải các dòng sai (Excel)").click()
    with open(download.value.path(), "rb") as file:
        table = list(load_workbook(io.BytesIO(file.read())).active.values)
    assert [row[0] for row in table] == ["Dòng", *WRONG]
    assert Membership.unscoped.filter(cell=cast.cell).count() == 3

    arrive(page.get_by_role("link", name="Tải tệp đã sửa lên").click)
    choose(page, xlsx(right))
    done_in_the_background()
    page.get_by_role("heading", name="Xem trước: chưa ghi gì").wait_for()
    look(page, "import-preview")
    arrive(page.get_by_role("link", name="Thêm: 500").click)
    look(page, "import-added")
    axe_check(page)
    arrive(page.get_by_role("button", name="Xác nhận và ghi").click)
    page.get_by_role("heading", name="Đang chờ đến lượt").wait_for()
    done_in_the_background()
    page.get_by_role("heading", name="Đã ghi vào sổ").wait_for()
    look(page, "import-written")
    axe_check(page)
    assert Membership.unscoped.filter(cell=cast.cell).count() == 503

    arrive(page.get_by_role("button", name="Hoàn tác cả lần nhập").click)
    done_in_the_background()
    page.get_by_role("heading", name="Đã hoàn tác").wait_for()
    look(page, "import-undone")
    assert Membership.unscoped.filter(cell=cast.cell).count() == 3
    page.goto("/nhap-du-lieu/")
    look(page, "imports")
    axe_check(page)
