"""The definitions of the figures, word by word and day by day, from the rows of a book; slow and simple on purpose.

Knows nothing of the database: what it says is compared with what `reports.statistics` says.
"""

import calendar
import datetime as dt

from tests.cells.books import CONFERENCES, MARKS, MEMBERS, ORGANISATIONS, SESSIONS, SITES, SPEAKERS, Book

ONE_DAY = dt.timedelta(days=1)
CELLS = {"chi bộ", "chi bộ cơ sở"}
REGULAR = {"định kỳ", "định kỳ và chuyên đề"}
THEMATIC = {"chuyên đề", "định kỳ và chuyên đề"}
PRESENT = {"có mặt", "có mặt trực tuyến"}
EXPECTED = {"sinh hoạt", "tạm thời đến"}


def holds(row: dict, day: dt.date) -> bool:
    return row["Từ ngày"] <= day and (row.get("Đến ngày") is None or day <= row["Đến ngày"])


def period_on(book: Book, code: str, day: dt.date) -> dict | None:
    return next((row for row in book[ORGANISATIONS] if row["Mã"] == code and holds(row, day)), None)


def is_cell(book: Book, code: str, day: dt.date) -> bool:
    period = period_on(book, code, day)
    return period is not None and period["Loại"] in CELLS


def climb(book: Book, code: str, day: dt.date) -> list[str]:
    """The organisation and all above it on that day; nothing if it is not in force."""
    above = []
    while code is not None and (period := period_on(book, code, day)):
        above.append(code)
        code = period["Trực thuộc"]
    return above


def codes(book: Book) -> set[str]:
    return {row["Mã"] for row in book[ORGANISATIONS]}


def under(book: Book, owner: str, day: dt.date) -> set[str]:
    return {code for code in codes(book) if owner in climb(book, code, day)}


def successor(book: Book, code: str) -> str | None:
    last = max((row for row in book[ORGANISATIONS] if row["Mã"] == code), key=lambda row: row["Từ ngày"])
    return last.get("Kế tục bởi")


def belongs(book: Book, owner: str, place: str, day: dt.date, on: dt.date | None) -> bool:
    """Whether a fact of `place` dated `day` is the owner's; `on` is the reference day of "now", None means "then"."""
    if on is None:
        return owner in climb(book, place, day)
    while place is not None and period_on(book, place, on) is None:
        place = successor(book, place)
    return place is not None and owner in climb(book, place, on)


def expected(book: Book, cell: str, day: dt.date) -> set[str]:
    return {
        row["Mã đảng viên"]
        for row in book[MEMBERS]
        if row["Mã chi bộ"] == cell and row["Tình trạng"] in EXPECTED and holds(row, day)
    }


def days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def spans(first: dt.date, until: dt.date, calendar_end: dt.date, length: int) -> list[tuple[dt.date, dt.date]]:
    """Calendar months (1) or quarters (3) wholly inside the period that end by the cut-off."""
    found = []
    for month in range(1, 13, length):
        begin = dt.date(first.year, month, 1)
        end = month_end(begin.replace(month=month + length - 1))
        if first <= begin and end <= calendar_end and end <= until:
            found.append((begin, end))
    return found


def first_word(rows: list[dict]) -> str:
    words = {row.get("Ước lượng") for row in rows}
    return next((word for word in ("gần", "khoảng", "trên") if word in words), "")


def figures(book: Book, owner: str, first: dt.date, calendar_end: dt.date, until: dt.date, on: dt.date | None) -> dict:
    return (
        organisations(book, owner, until)
        | members(book, owner, until)
        | speakers(book, owner, until)
        | sessions(book, owner, first, until, on)
        | duties(book, owner, "regular", REGULAR, spans(first, until, calendar_end, 1), on)
        | duties(book, owner, "thematic", THEMATIC, spans(first, until, calendar_end, 3), on)
        | conferences(book, owner, first, until, on)
    )


def organisations(book: Book, owner: str, day: dt.date) -> dict:
    below = under(book, owner, day)
    cells = {code for code in below if is_cell(book, code, day)}
    return {"committees": len(below - cells - {owner}), "cells": len(cells)}


def members(book: Book, owner: str, day: dt.date) -> dict:
    cells = {code for code in under(book, owner, day) if is_cell(book, code, day)}
    here = [row for row in book[MEMBERS] if row["Mã chi bộ"] in cells and holds(row, day)]
    home = [row for row in here if row["Tình trạng"] != "tạm thời đến"]

    def people(rows, heading, value):
        return len({row["Mã đảng viên"] for row in rows if row[heading] == value})

    return {
        "members_official": people(home, "Tư cách", "chính thức"),
        "members_probationary": people(home, "Tư cách", "dự bị"),
        "members_total": len({row["Mã đảng viên"] for row in home}),
        "members_exempt": people(home, "Tình trạng", "miễn sinh hoạt"),
        "members_away": people(home, "Tình trạng", "tạm thời đi"),
        "members_hosted": people(here, "Tình trạng", "tạm thời đến"),
    }


def speakers(book: Book, owner: str, day: dt.date) -> dict:
    below = under(book, owner, day)
    rows = [row for row in book[SPEAKERS] if row["Mã tổ chức"] in below and holds(row, day)]
    kinds = {
        "speakers": "báo cáo viên",
        "propagandists": "tuyên truyền viên",
        "collaborators": "cộng tác viên dư luận xã hội",
    }
    return {name: len({row["Mã đảng viên"] for row in rows if row["Loại"] == kind}) for name, kind in kinds.items()}


def sessions(book: Book, owner: str, first: dt.date, until: dt.date, on: dt.date | None) -> dict:
    held = [
        row
        for row in book[SESSIONS]
        if row["Trạng thái"] == "đã kết thúc"
        and first <= row["Ngày"] <= until
        and belongs(book, owner, row["Mã chi bộ"], row["Ngày"], on)
    ]
    sums = dict.fromkeys(("expected", "present", "present_online", "excused", "unexcused", "exempt_present"), 0)
    for row in held:
        called = expected(book, row["Mã chi bộ"], row["Ngày"])
        marks = {m["Mã đảng viên"]: m["Kết quả"] for m in book[MARKS] if m["Mã buổi"] == row["Mã buổi"]}
        sums["expected"] += len(called)
        for person, result in marks.items():
            if person not in called:
                sums["exempt_present"] += result in PRESENT
                continue
            sums["present"] += result in PRESENT
            sums["present_online"] += result == "có mặt trực tuyến"
            sums["excused"] += result == "vắng có lý do"
            sums["unexcused"] += result == "vắng không lý do"
    return sums | {
        "sessions": len(held),
        "sessions_regular": sum(row["Loại"] in REGULAR for row in held),
        "sessions_thematic": sum(row["Loại"] in THEMATIC for row in held),
        "attendance_rate": sums["present"] / sums["expected"] if sums["expected"] else None,
        "guests": sum(row.get("Khách mời") or 0 for row in held),
        "guests_mark": first_word(held),
    }


def duties(book: Book, owner: str, name: str, kinds: set[str], months: list[tuple], on: dt.date | None) -> dict:
    due = done = 0
    for cell in codes(book):
        for begin, end in months:
            if not all(is_cell(book, cell, day) for day in days(begin, end)):
                continue
            if not belongs(book, owner, cell, end, on):
                continue
            due += 1
            done += any(
                row["Mã chi bộ"] == cell
                and row["Trạng thái"] == "đã kết thúc"
                and row["Loại"] in kinds
                and begin <= row["Ngày"] <= end
                for row in book[SESSIONS]
            )
    return {f"{name}_due": due, f"{name}_done": done}


def conferences(book: Book, owner: str, first: dt.date, until: dt.date, on: dt.date | None) -> dict:
    held = [
        row
        for row in book[CONFERENCES]
        if (row.get("Trạng thái") or "đã tổ chức") == "đã tổ chức"
        and first <= row["Ngày"] <= until
        and belongs(book, owner, row["Mã tổ chức"], row["Ngày"], on)
    ]
    numbers = {row["Mã hội nghị"] for row in held}
    addends = held + [row for row in book[SITES] if row["Mã hội nghị"] in numbers]
    return {
        "conferences": len(held),
        "conference_expected": sum(row["Triệu tập"] for row in addends),
        "conference_present": sum(row["Có mặt"] for row in addends),
        "conference_mark": first_word(addends),
    }
