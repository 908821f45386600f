"""Small workbooks made on the spot: a good one to start from, and ways to spoil it."""

import copy
import datetime as dt
from pathlib import Path

from openpyxl import Workbook

from cells.exchange.planning import SHEETS, Plan, sheets_in_file_order
from cells.exchange.reading import RawSheet

ORGANISATIONS, MEMBERS, SESSIONS, MARKS, SPEAKERS, CONFERENCES, SITES = (
    sheet.title for sheet in sheets_in_file_order()
)
Book = dict[str, list[dict]]


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007


def organisation(code, kind="chi bộ", parent="1", first_day="01/01/2020", name=None, **more) -> dict:
    row = {"Mã": code, "Tên": name or f"Tổ chức {code}", "Loại": kind, "Trực thuộc": parent, "Từ ngày": first_day}
    return row | more


def member(code, cell="1.1", status="sinh hoạt", first_day="01/01/2020", **more) -> dict:
    row = {"Mã đảng viên": code, "Họ và tên": f"Người {code}", "Mã chi bộ": cell, "Tư cách": "chính thức"}
    return row | {"Tình trạng": status, "Từ ngày": first_day} | more


def session(code, cell="1.1", on="03/05/2024", state="đã kết thúc", kind="định kỳ", **more) -> dict:
    return {"Mã buổi": code, "Mã chi bộ": cell, "Ngày": on, "Loại": kind, "Trạng thái": state} | more


def mark(session, person, result="có mặt", **more) -> dict:
    return {"Mã buổi": session, "Mã đảng viên": person, "Kết quả": result} | more


def speaker(person, place="1", kind="báo cáo viên", level="tỉnh", first_day="01/01/2024", **more) -> dict:
    row = {"Mã đảng viên": person, "Loại": kind, "Cấp": level, "Mã tổ chức": place, "Từ ngày": first_day}
    return row | more


def conference(code, place="1", on="10/05/2024", mode="kết hợp", **more) -> dict:
    row = {"Mã hội nghị": code, "Mã tổ chức": place, "Ngày": on, "Nội dung": "Học tập", "Hình thức": mode}
    return row | {"Triệu tập": 10, "Có mặt": 9} | more


def site(code, name, **more) -> dict:
    return {"Mã hội nghị": code, "Tên điểm cầu": name, "Triệu tập": 5, "Có mặt": 4} | more


def good_book() -> Book:
    """A committee with two cells, three members, a finished session of each cell, a speaker and a conference."""
    return {
        ORGANISATIONS: [organisation("1", "đảng bộ cơ sở", None), organisation("1.1"), organisation("1.2")],
        MEMBERS: [member("P1"), member("P2"), member("P3", "1.2")],
        SESSIONS: [session("S1"), session("S2", "1.2")],
        MARKS: [mark("S1", "P1"), mark("S1", "P2"), mark("S2", "P3")],
        SPEAKERS: [speaker("P1")],
        CONFERENCES: [conference("H1")],
        SITES: [site("H1", "Xã A")],
    }


def changed(book: Book, title: str, row: int, **cells) -> Book:
    """A copy with some cells of one row (2 is the first below the headings) written over."""
    book = copy.deepcopy(book)
    book[title][row - 2] |= cells
    return book


def extended(book: Book, title: str, *rows: dict) -> Book:
    book = copy.deepcopy(book)
    book.setdefault(title, []).extend(rows)
    return book


def headings_of(title: str) -> list[str]:
    return [column.heading for column in next(sheet for sheet in SHEETS if sheet.title == title).columns]


def table(title: str, rows: list[dict]) -> list[list]:
    """Rows of cells below all headings of the sheet, and those the rows add to them."""
    headings = headings_of(title) if title in {sheet.title for sheet in SHEETS} else []
    headings += [name for name in dict.fromkeys(name for row in rows for name in row) if name not in headings]
    return [headings, *([row.get(heading) for heading in headings] for row in rows)]


def raw(book: Book) -> list[RawSheet]:
    """The book as the reading child would hand it over, without the file."""
    return [
        RawSheet(title, [[number, *cells] for number, cells in enumerate(table(title, rows), start=1)])
        for title, rows in book.items()
    ]


def save(book: Book, path: Path) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in book.items():
        page = workbook.create_sheet(title)
        for cells in table(title, rows):
            page.append(cells)
    workbook.save(path)
    return path


def places(plan: Plan) -> list[tuple[str, int, str]]:
    return [(problem.sheet, problem.row, problem.column) for problem in plan.problems]
