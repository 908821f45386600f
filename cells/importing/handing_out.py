"""Workbooks that an import hands out: empty ones to fill in, and the wrong rows of one to mend."""

import io
from collections import defaultdict

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from cells.exchange.exporting import text_cell
from cells.exchange.planning import sheets_in_file_order
from cells.exchange.values import Birth, Choice, Clock, Code, Day, Whole
from cells.importing.files import HELD, WRONG, all_of
from cells.models import ImportBatch, Person, Standing, Status

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST_ROW = 2000
HEAD, BOLD = PatternFill("solid", fgColor="F3EDE3"), Font(bold=True)
ROSTER = (
    ("STT", None),
    ("Họ và tên", None),
    ("Ngày sinh", None),
    ("Giới tính", Person.Sex),
    ("Tư cách", Standing),
    ("Tình trạng", Status),
    ("Từ ngày", None),
    ("Đến ngày", None),
)


def answer(book: Workbook, name: str) -> HttpResponse:
    file = io.BytesIO()
    book.save(file)
    response = HttpResponse(file.getvalue(), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def empty_workbook() -> Workbook:
    """All sheets with their headings; Excel tells what a column takes as soon as somebody stands in it."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets_in_file_order():
        page = book.create_sheet(sheet.title)
        for place, column in enumerate(sheet.columns, start=1):
            head(page, place, column.heading)
            explain(page, place, column)
            if isinstance(column.value, Choice):
                written = (choice for choice in column.value.choices if column.value.is_written(choice))
                offer(page, place, [str(choice.label) for choice in written])
            if isinstance(column.value, Code):
                as_text(page, place)
        page.freeze_panes = "A2"
    return book


def empty_roster() -> Workbook:
    book = Workbook()
    page = book.active
    page.title = "Danh sách"
    for place, (heading, choices) in enumerate(ROSTER, start=1):
        head(page, place, heading)
        if choices:
            offer(page, place, [str(choice.label) for choice in choices])
    page.freeze_panes = "A2"
    page.column_dimensions["A"].width = 6
    page.column_dimensions["B"].width = 32
    notes = book.create_sheet("Cách ghi")
    notes.column_dimensions["A"].width = 100
    for line in (
        _("Mỗi người một dòng. Chỉ cột “Họ và tên” là bắt buộc."),
        _("Ngày sinh: ghi 05/11/1980, hoặc chỉ năm 1980. Hai người cùng tên thì phải có ngày sinh."),
        _("Tư cách, Tình trạng: chọn trong danh sách; để trống là “chính thức”, “sinh hoạt”."),
        _("Từ ngày: ngày bắt đầu ở chi bộ với tư cách và tình trạng này; để trống thì lấy ngày ghi khi tải tệp lên."),
        _("Đến ngày: chỉ ghi khi người đó đã thôi sinh hoạt ở chi bộ."),
        _("Người đã có trong chi bộ mà không có trong tệp thì giữ nguyên. Thứ tự cột tùy ý."),
    ):
        notes.append([line])
    return book


def head(page, place: int, heading: str) -> None:
    cell = page.cell(1, place, heading)
    cell.font, cell.fill = BOLD, HEAD
    page.column_dimensions[get_column_letter(place)].width = max(14, len(heading) + 4)


def explain(page, place: int, column) -> None:
    """A note that Excel shows when somebody stands in the column; it is no cell, so the file stays importable."""
    note = DataValidation(type="custom", formula1="TRUE", allow_blank=True, showErrorMessage=False)
    if isinstance(column.value, Choice):
        return
    note.promptTitle, note.prompt = column.heading[:32], meaning(column)[:250]
    note.showInputMessage = True
    page.add_data_validation(note)
    note.add(f"{get_column_letter(place)}2:{get_column_letter(place)}{LAST_ROW}")


def meaning(column) -> str:
    texts = {
        Birth: _("ngày 05/11/1980 hoặc năm 1980"),
        Day: _("ngày, ghi như 31/12/2025"),
        Clock: _("giờ, ghi như 7:30"),
        Whole: _("số nguyên"),
        Code: _("mã, ghi dạng chữ"),
    }
    text = texts.get(type(column.value), _("chữ"))
    return f"{_('Bắt buộc')}: {text}" if column.required else f"{_('Có thể để trống')}: {text}"


def offer(page, place: int, labels: list[str]) -> None:
    choice = DataValidation(type="list", formula1=f'"{",".join(labels)}"', allow_blank=True, showErrorMessage=True)
    choice.error = _("Hãy chọn một trong danh sách.")
    page.add_data_validation(choice)
    choice.add(f"{get_column_letter(place)}2:{get_column_letter(place)}{LAST_ROW}")


def as_text(page, place: int) -> None:
    # Excel would turn the code 1.10 into the number 1.1.
    page.column_dimensions[get_column_letter(place)].number_format = "@"


def wrong_rows(batch: ImportBatch) -> Workbook:
    """The wrong rows as they stand in the file, each with its number there and what is wrong."""
    reasons = defaultdict(list)
    for problem in all_of(batch, WRONG):
        place = f"{problem['column']}: " if problem["column"] else ""
        reasons[problem["sheet"], problem["row"]].append(place + problem["text"])
    book = Workbook(write_only=True)
    pages = {}
    for line in all_of(batch, HELD):
        title, number = line["sheet"], line["row"]
        if title not in pages:
            pages[title] = book.create_sheet(title[:31])
            pages[title].column_dimensions["B"].width = 60
        first = [_("Dòng"), _("Cần sửa")] if number == 1 else [number, "; ".join(reasons.pop((title, number), []))]
        row = first + line["cells"]
        pages[title].append([text_cell(pages[title], cell) if isinstance(cell, str) else cell for cell in row])
    if reasons:
        rest = book.create_sheet(_("Lỗi khác"))
        for (title, number), texts in reasons.items():
            rest.append([title, number or "", "; ".join(texts)])
    return book
