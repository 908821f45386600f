"""What the reading child makes of the many ways in which programs write an .xlsx file."""

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cells.exchange.importing import import_workbook
from cells.exchange.reading import CellError, read_sheets
from tests.cells.books import MEMBERS, places
from tests.cells.hostile import SHEET, packed, parts_of

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS = "xl/sharedStrings.xml"


def rows_of(workbook: Workbook, tmp_path) -> list[list]:
    path = tmp_path / "book.xlsx"
    workbook.save(path)
    return read_sheets(path)[0].rows


def rows_of_xml(rows: str, tmp_path, strings: str = "") -> list[list]:
    """The rows of a sheet whose XML is given."""
    whole = BytesIO()
    Workbook().save(whole)
    parts = parts_of(whole.getvalue())
    parts[SHEET] = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    parts[STRINGS] = f'<sst xmlns="{MAIN}">{strings}</sst>'.encode()
    path = tmp_path / "book.xlsx"
    path.write_bytes(packed(parts))
    return [[shown(cell) for cell in row] for row in read_sheets(path)[0].rows]


def shown(cell):
    return f"!{cell}" if isinstance(cell, CellError) else cell


def test_rows_and_columns_are_counted_from_the_first_of_the_sheet(tmp_path):
    workbook = Workbook()
    workbook.active["C4"] = "x"
    workbook.active["D7"] = "y"

    assert rows_of(workbook, tmp_path) == [[4, None, None, "x", None], [7, None, None, None, "y"]]


def test_a_sheet_that_begins_below_row_1_is_told_to_have_no_headings(db, tmp_path):
    workbook = Workbook()
    workbook.active.title = MEMBERS
    workbook.active["B3"] = "Mã đảng viên"
    workbook.save(tmp_path / "book.xlsx")

    assert (MEMBERS, 1, "B") in places(import_workbook(tmp_path / "book.xlsx"))


def test_leading_blank_columns_and_rows_keep_their_places(db, tmp_path):
    workbook = Workbook()
    page = workbook.active
    page.title = MEMBERS
    headings = ["Mã đảng viên", "Họ và tên", "Mã chi bộ", "Tư cách", "Tình trạng", "Từ ngày"]
    cells = ["P1", "Người P1", "9", "chính thức", "sinh hoạt", dt.date(2020, 1, 1)]
    for column, (heading, cell) in enumerate(zip(headings, cells, strict=True), start=3):
        page.cell(1, column, heading)
        page.cell(6, column, cell)
    workbook.save(tmp_path / "book.xlsx")

    assert places(import_workbook(tmp_path / "book.xlsx")) == [(MEMBERS, 6, "Mã chi bộ")]


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_and_times_in_both_systems(tmp_path, epoch):
    workbook = Workbook()
    if epoch:
        workbook.epoch = epoch
    page = workbook.active
    page.append([dt.date(2024, 5, 3), dt.datetime(2024, 5, 3, 7, 30), dt.time(7, 30), dt.time(0, 0)])  # noqa: DTZ001

    ((number, day, moment, half_past_seven, midnight),) = rows_of(workbook, tmp_path)
    assert (number, str(day)[:10], moment.hour) == (1, "2024-05-03", 7)
    assert (half_past_seven, midnight) == (dt.time(7, 30), dt.time(0, 0))


def test_the_first_days_that_excel_knows(tmp_path):
    workbook = Workbook()
    workbook.active.append([dt.date(1900, 1, 15), dt.date(1900, 2, 28), dt.date(1900, 3, 1)])

    assert [str(cell)[:10] for cell in rows_of(workbook, tmp_path)[0][1:]] == ["1900-01-15", "1900-02-28", "1900-03-01"]


def test_cells_and_rows_without_a_reference(tmp_path):
    cells = '<row><c t="inlineStr"><is><t>a</t></is></c><c><v>1</v></c></row><row/><row><c/><c><v>2</v></c></row>'

    assert rows_of_xml(cells, tmp_path) == [[1, "a", 1.0], [3, None, 2.0]]


def test_shared_and_inline_strings_rich_and_plain(tmp_path):
    strings = "<si><t>một</t></si><si><r><t>ha</t></r><r><t>i</t></r></si>"
    cells = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        '<c r="C1" t="inlineStr"><is><r><t>b</t></r><r><t>a</t></r></is></c><c r="D1" t="str"><v>bốn</v></c></row>'
    )

    assert rows_of_xml(cells, tmp_path, strings) == [[1, "một", "hai", "ba", "bốn"]]


def test_formulas_count_by_their_stored_value(tmp_path):
    cells = (
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>""</f><v></v></c>'
        '<c r="C2"><f>1+1</f></c><c r="D2"><f>1+1</f><v></v></c><c r="E2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="9"><c r="C9"><f>1+1</f><v/></c></row>'
    )

    assert rows_of_xml(cells, tmp_path) == [
        [2, 2.0, None, "!=…", "!=…", "!#N/A, #REF! …"],
        [9, None, None, "!=…"],
    ]


def test_a_formula_as_openpyxl_writes_it_is_an_error_and_not_a_blank(db, tmp_path):
    workbook = Workbook()
    page = workbook.active
    page.title = MEMBERS
    page.append(["Mã đảng viên", "Tình trạng", "Từ ngày", "Đến ngày"])
    page.append(["P1", "sinh hoạt", dt.date(2020, 1, 1), "=TODAY()"])
    workbook.save(tmp_path / "book.xlsx")

    assert places(import_workbook(tmp_path / "book.xlsx")) == [(MEMBERS, 2, "Đến ngày")]


def test_many_odd_cells_are_found_in_one_walk(tmp_path):
    cells = "".join(f'<row r="{row}"><c r="B{row}" t="e"><v>#N/A</v></c></row>' for row in range(1, 20_001))

    assert len(rows_of_xml(cells, tmp_path)) == 20_000


def test_numbers_that_are_none_are_no_traceback(db, tmp_path):
    rows = '<row r="1"><c r="A1"><v>1e999</v></c></row><row r="2"><c r="A2"><v>NaN</v></c></row>'

    assert repr(rows_of_xml(rows, tmp_path)) == "[[1, inf], [2, nan]]"
