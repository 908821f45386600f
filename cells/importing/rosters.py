"""A simple roster sheet of one cell: found wherever its headings stand, understood as far as it goes, and told so.

It becomes rows of the sheet “Đảng viên”, so that all rules are those of the exchange workbook. People are known by
their code, else by name and birth among those on the roster of the cell; nobody outside it is looked at.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.text import clean_line, folded, spelling_key
from cells.exchange.planning import Problem, shown
from cells.exchange.reading import RawSheet
from cells.exchange.values import Birth, CellError, Day, Unreadable
from cells.models import Membership, Organisation, Standing, Status
from cells.workbook import MembersSheet

MEANINGS = {
    "full_name": (
        gettext_lazy("họ và tên"),
        ("ho va ten", "ho ten", "ten dang vien", "ho va ten dang vien", "ho ten dang vien"),
    ),
    "person": (gettext_lazy("mã đảng viên"), ("ma dang vien", "ma dv", "ma")),
    "birth": (
        gettext_lazy("ngày hoặc năm sinh"),
        ("ngay sinh", "nam sinh", "ngay thang nam sinh", "ngay nam sinh", "sinh ngay", "sinh nam"),
    ),
    "sex": (gettext_lazy("giới tính"), ("gioi tinh", "gioi", "nam nu", "phai")),
    "standing": (gettext_lazy("tư cách"), ("tu cach", "tu cach dang vien", "loai dang vien", "chinh thuc du bi")),
    "status": (gettext_lazy("tình trạng"), ("tinh trang", "tinh trang sinh hoat", "trang thai")),
    "first_day": (
        gettext_lazy("từ ngày"),
        ("tu ngay", "ngay ve chi bo", "sinh hoat tu ngay", "ngay bat dau", "ngay den"),
    ),
    "last_day": (gettext_lazy("đến ngày"), ("den ngay", "den het ngay", "ngay ket thuc")),
}
BY_HEADING = {spelling: name for name, (_label, spellings) in MEANINGS.items() for spelling in spellings}
SHORT = {"ct": "chính thức", "đvct": "chính thức", "db": "dự bị", "đvdb": "dự bị", "nu": "nữ", "miễn": "miễn sinh hoạt"}
HEADINGS = {column.name: column.heading for column in MembersSheet.columns}
COLUMNS = list(HEADINGS)
LOOKED_FOR_IN = 20  # rows at the top that may be a title and the like


@dataclass
class Roster:
    """What was understood: rows for the sheet “Đảng viên”, and where each column came from."""

    sheet: RawSheet
    understood: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)  # of the sheet “Đảng viên”: what this file calls it


class NoTable(Exception):
    """No sheet of the file has a column of names."""

    def __str__(self):
        return _("Không tìm thấy cột “Họ và tên” trong tệp. Hãy ghi tên các cột ở một dòng phía trên danh sách.")


def understand(raw_sheets: list[RawSheet], cell: Organisation, first_day: dt.date, mark: str) -> Roster:
    """Raises NoTable. New people get codes made of `mark` and the number of their row: the same each time."""
    raw, header, places = find_table(raw_sheets)
    reader = Reader(raw, places, Known(cell), cell, first_day, mark)
    for number, *cells in raw.rows:
        if number > header and any(value is not None for value in cells):
            reader.take(number, cells)
    headings = next(row[1:] for row in raw.rows if row[0] == header)
    reader.roster.understood = {
        "sheet": raw.title,
        "header": header,
        "columns": [[shown(headings[place]), str(MEANINGS[name][0])] for name, place in places.items()],
        "unused": [shown(h) for i, h in enumerate(headings) if h is not None and i not in places.values()],
        "absent": [str(MEANINGS[name][0]) for name in MEANINGS if name not in places and name != "person"],
        "not_named": len(reader.known.people) - len(reader.named),
    }
    reader.roster.headings = {HEADINGS[name]: shown(headings[place]) for name, place in places.items()}
    return reader.roster


def in_its_words(problems: list[Problem], roster: Roster) -> list[Problem]:
    """Problems of the sheet “Đảng viên”, told at the headings that the file itself has."""
    sheet = roster.understood["sheet"]
    return [
        Problem(sheet, one.row, roster.headings.get(one.column, one.column), one.found, one.text) for one in problems
    ]


def find_table(raw_sheets: list[RawSheet]) -> tuple[RawSheet, int, dict[str, int]]:
    for raw in raw_sheets:
        for number, *cells in raw.rows[:LOOKED_FOR_IN]:
            places = {}
            for place, cell in enumerate(cells):
                name = BY_HEADING.get(heading_key(cell))
                if name and name not in places:
                    places[name] = place
            if "full_name" in places:
                return raw, number, places
    raise NoTable


def heading_key(cell) -> str:
    if not isinstance(cell, str):
        return ""
    letters = "".join(letter if letter.isalnum() else " " for letter in folded(cell.partition("(")[0]))
    return " ".join(letters.split())


class Known:
    """People with a span at the cell, now or before: whoever keeps its roster may see them."""

    def __init__(self, cell: Organisation):
        self.people: dict[str, list[Membership]] = defaultdict(list)
        self.by_name: dict[str, list[str]] = defaultdict(list)
        spans = Membership.unscoped.filter(cell=cell).select_related("person").order_by("first_day", "pk")
        for span in spans:
            self.people[span.person.code].append(span)
        for code, held in self.people.items():
            self.by_name[spelling_key(held[0].person.full_name)].append(code)

    def find(self, full_name: str, birth) -> list[str]:
        """Codes of those who may be meant: the birth decides as far as both sides know it."""
        return [code for code in self.by_name.get(spelling_key(full_name), ()) if may_be_equal(self.birth(code), birth)]

    def birth(self, code: str):
        person = self.people[code][0].person
        return person.birth_date or person.birth_year

    def latest(self, code: str) -> Membership:
        return self.people[code][-1]


def may_be_equal(one, other) -> bool:
    if one is None or other is None:
        return True
    if isinstance(one, int) or isinstance(other, int):
        return getattr(one, "year", one) == getattr(other, "year", other)
    return one == other


@dataclass
class Reader:
    raw: RawSheet
    places: dict[str, int]
    known: Known
    cell: Organisation
    first_day: dt.date
    mark: str
    named: set[str] = field(default_factory=set)
    seen: dict[tuple, int] = field(default_factory=dict)

    def __post_init__(self):
        self.roster = Roster(RawSheet(MembersSheet.title, [[1, *HEADINGS.values()]]))

    def take(self, number: int, cells: list) -> None:
        given = {name: tidy(cells[place]) for name, place in self.places.items() if place < len(cells)}
        full_name = clean_line(given["full_name"]) if isinstance(given.get("full_name"), str) else ""
        birth = self.readable(Birth(), given.get("birth"))
        code = self.code_of(number, full_name, birth, given)
        if code is None:
            return
        values = {"person": code, "cell": self.cell.code, "standing": "chính thức", "status": "sinh hoạt"}
        values |= {name: value for name, value in given.items() if value is not None and name != "person"}
        if code in self.known.people:
            self.named.add(code)
            self.add_known(number, code, values, given)
        else:
            values.setdefault("first_day", self.first_day)
            self.add(number, values)

    def code_of(self, number: int, full_name: str, birth, given: dict) -> str | None:
        written = given.get("person")
        if written is not None and str(written).strip() in self.known.people:
            return str(written).strip()
        found = self.known.find(full_name, birth) if full_name else []
        if len(found) > 1:
            self.refuse(
                number, "birth", given.get("birth"), _("chi bộ có nhiều người cùng họ tên này; hãy ghi ngày sinh")
            )
            return None
        key = (spelling_key(full_name), birth if birth else "")
        if full_name and (earlier := self.seen.setdefault(key, number)) != number:
            self.refuse(number, "full_name", full_name, _("trùng với dòng %s (cùng họ tên và ngày sinh)") % earlier)
            return None
        return found[0] if found else f"DV-{self.mark}-{number}"

    def add_known(self, number: int, code: str, values: dict, given: dict) -> None:
        """A span that goes on as it is, that is corrected, or that ends the day before another begins."""
        latest = self.known.latest(code)
        values |= self.kept(latest, given)
        begins = self.readable(Day(), given.get("first_day"))
        is_same = same(values["standing"], latest.get_standing_display()) and same(
            values["status"], latest.get_status_display()
        )
        if is_same and latest.last_day is None and begins in (None, latest.first_day):
            self.add(number, values | {"first_day": latest.first_day})
            return
        begins = begins or self.first_day
        if begins < latest.first_day:
            text = _("trong sổ người này đã có giai đoạn từ %s; hãy sửa trong ứng dụng")
            self.refuse(number, "first_day", begins, text % f"{latest.first_day:%d/%m/%Y}")
            return
        if begins > latest.first_day and (latest.last_day is None or latest.last_day >= begins):
            self.add(number, values | self.closed(latest, begins - dt.timedelta(days=1)))
        self.add(number, values | {"first_day": begins})

    def kept(self, span: Membership, given: dict) -> dict:
        """What the sheet leaves out or writes in other capitals stays; of guests, their home keeps the record."""
        person = span.person
        stored = {
            "full_name": person.full_name,
            "birth": person.birth_date or person.birth_year,
            "sex": person.get_sex_display() or None,
        }
        is_guest = span.status == Status.HOSTED
        personal = {
            name: value
            for name, value in stored.items()
            if is_guest or given.get(name) is None or same(given[name], value)
        }
        return personal | {
            "standing": given.get("standing") or span.get_standing_display(),
            "status": given.get("status") or span.get_status_display(),
        }

    def closed(self, span: Membership, last_day: dt.date) -> dict:
        return {
            "standing": Standing(span.standing).label,
            "status": Status(span.status).label,
            "first_day": span.first_day,
            "last_day": last_day,
        }

    def readable(self, kind, raw):
        """The value, or None: what cannot be read is told by the sheet “Đảng viên” itself."""
        try:
            return kind.read(raw) if raw is not None and not isinstance(raw, CellError) else None
        except Unreadable:
            return None

    def add(self, number: int, values: dict) -> None:
        self.roster.sheet.rows.append([number, *(as_cell(values.get(name)) for name in COLUMNS)])

    def refuse(self, number: int, name: str, found, text: str) -> None:
        self.roster.problems.append(Problem(MembersSheet.title, number, HEADINGS[name], shown(found), str(text)))


def same(one, other) -> bool:
    return isinstance(one, str) and spelling_key(one) == spelling_key(str(other))


def tidy(cell):
    """Short forms that offices use, written out; everything else stays for the rules of the sheet to judge."""
    if not isinstance(cell, str):
        return cell
    text = clean_line(cell)
    return SHORT.get(text.lower().rstrip("."), text) or None


def as_cell(value):
    return str(value) if value is not None and not isinstance(value, str | int | float | dt.date | CellError) else value
