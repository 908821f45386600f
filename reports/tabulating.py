"""A report as a workbook: its text and tables in their order, and the list of what its figures were counted from."""

import io

from django.utils.translation import gettext as _
from openpyxl import Workbook

from cells.exchange.exporting import text_cell
from cells.spreadsheets import watermark
from reports.figure_rows import duty_word
from reports.freezing import span_of, value_of
from reports.results import mark_label
from sessions.models import SessionKind

SESSION_COLUMNS = ("code", "cell", "day", "kind", "expected", "present", "present_online", "excused", "unexcused")
CELL_COLUMNS = ("code", "name", "members", "sessions", "expected", "present", "excused", "unexcused", "guests")
CONFERENCE_COLUMNS = ("code", "organisation", "day", "subject", "expected", "present")
TEXT_WIDTH = 90


def workbook_of(content: dict, frozen: dict, user) -> bytes:
    book = Workbook(write_only=True)
    write_paper(book, content, user)
    write_figures(book, frozen)
    write_sessions(book, frozen)
    write_cells(book, frozen)
    write_conferences(book, frozen)
    write_duties(book, frozen)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet(book: Workbook, title: str, *widths: int):
    page = book.create_sheet(title)
    for index, width in enumerate(widths):
        page.column_dimensions[chr(65 + index)].width = width
    return page


def put(page, row) -> None:
    """Text stays text, whatever it begins with."""
    page.append([text_cell(page, value) if isinstance(value, str) else value for value in row])


def as_number(text: str) -> str | int:
    """`1.234` is a number that the office may add up; `100 %` and `trên 600` stay as they are printed."""
    digits = text.replace(".", "")
    return int(digits) if digits.isdecimal() else text


def write_paper(book: Workbook, content: dict, user) -> None:
    page = sheet(book, _("Báo cáo"), TEXT_WIDTH, 24, 24, 24, 18, 18, 18, 18, 18, 18)
    for line in paper_lines(content):
        put(page, line)
    put(page, [""])
    put(page, [watermark(user)])


def paper_lines(content: dict):
    """What the paper says, line by line, in its order."""
    head = content["letterhead"]
    number = head.get("number")
    symbol = head.get("symbol") or (f"{number['before']} ……{number['after']}" if number else "")
    for text in (head["parent"].upper(), head["issuer"].upper(), "*", symbol, head.get("draft", "")):
        if text:
            yield [text]
    yield from ([text] for text in (head["phrase"], head["dated"], content["type"], content["subject"]) if text)
    if content["span"]:
        yield [content["span"]]
    for block in content["blocks"]:
        yield from block_lines(block)


def block_lines(block: dict):
    match block["kind"]:
        case "room":
            yield [""]
        case "table":
            yield [column["title"] for column in block["columns"]]
            yield from block["rows"]
            if block.get("total"):
                yield [block["total"]["label"], *[""] * (block["total"]["span"] - 1), *block["total"]["texts"]]
        case "ending":
            yield [block["text"]]
            yield [block["receivers_title"]]
            yield from ([line] for line in block["receivers"])
            yield from ([block[name]] for name in ("authority", "post", "signer") if block[name])
        case "appendix":
            yield [""]
            yield [block["title"]]
            yield [block["subject"]]
        case _:
            yield [block["text"]]


def write_figures(book: Workbook, frozen: dict) -> None:
    """Definition and value of each, with the hash of all that was frozen."""
    page = sheet(book, _("Số liệu"), 34, 20, TEXT_WIDTH)
    put(page, [_("Chỉ tiêu"), _("Số liệu"), _("Cách tính")])
    for name, (label, meaning) in frozen["definitions"].items():
        if name in frozen["figures"] or name in frozen["activity"]["counts"]:
            put(page, [label, as_number(value_of(frozen, name)), meaning])
    put(page, [_("Mã kiểm tra (SHA-256)"), frozen["sha256"]])


def write_sessions(book: Workbook, frozen: dict) -> None:
    page = sheet(book, _("Nguồn - buổi sinh hoạt"), 26, 20, 12, 22)
    titles = (_("Mã buổi"), _("Mã chi bộ"), _("Ngày"), _("Loại"), _("Phải có mặt"), _("Có mặt"), _("Trực tuyến"))
    put(page, [*titles, _("Vắng có lý do"), _("Vắng không lý do"), _("Khách mời"), _("Ước lượng")])
    for row in frozen["sessions"]:
        told = row | {"kind": str(SessionKind(row["kind"]).label)}
        put(page, [*(told[name] for name in SESSION_COLUMNS), row["guests"], mark_label(row["mark"])])


def write_cells(book: Workbook, frozen: dict) -> None:
    page = sheet(book, _("Nguồn - chi bộ"), 20, 60)
    titles = (_("Mã"), _("Chi bộ"), _("Đảng viên"), _("Số buổi"), _("Phải có mặt"), _("Có mặt"))
    put(page, [*titles, _("Vắng có lý do"), _("Vắng không lý do"), _("Khách mời")])
    for row in frozen["cells"]:
        put(page, [row[name] for name in CELL_COLUMNS])


def write_conferences(book: Workbook, frozen: dict) -> None:
    page = sheet(book, _("Nguồn - hội nghị"), 24, 20, 12, TEXT_WIDTH)
    put(page, [_("Mã"), _("Tổ chức"), _("Ngày"), _("Nội dung"), _("Triệu tập"), _("Có mặt"), _("Ước lượng")])
    for row in frozen["conferences"]:
        put(page, [*(row[name] for name in CONFERENCE_COLUMNS), mark_label(row["mark"])])


def write_duties(book: Workbook, frozen: dict) -> None:
    """Which cell had to meet in which month or quarter; reports signed long ago did not keep it."""
    page = sheet(book, _("Nguồn - phải sinh hoạt"), 20, 60, 14, 12, 20)
    put(page, [_("Mã"), _("Chi bộ"), _("Loại"), _("Kỳ"), _("Kết quả")])
    parts = {"regular": SessionKind.REGULAR.label, "thematic": SessionKind.THEMATIC.label}
    for row in frozen.get("duties", ()):
        put(page, [row["code"], row["name"], str(parts[row["part"]]), span_of(row), duty_word(row)])
