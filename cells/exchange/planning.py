"""Compares the rows of a workbook with what is stored, before anything is written.

A plan is made outside any transaction. It holds every problem with its place in the file, and for each sheet the
rows to add and to change; `importing.py` writes exactly that.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from django.utils.translation import gettext as _

from accounts.text import clean_line
from cells.dated import FOREVER
from cells.exchange.reading import RawSheet
from cells.exchange.values import MISSING, CellError, Column, Unreadable


class Change(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Problem:
    """What is wrong at one place of the file. `row` is 0 where a whole sheet is meant."""

    sheet: str
    row: int
    column: str
    found: str
    text: str


@dataclass(slots=True)
class Row:
    """One row of a sheet as it will be stored: what stood there, with the values of the file laid over it."""

    number: int
    values: dict[str, Any]
    key: tuple = ()
    change: Change = Change.ADDED
    before: dict[str, Any] | None = None

    @property
    def is_touched(self) -> bool:
        return self.change != Change.UNCHANGED


class Scope(Protocol):
    """How far somebody may import who may not import everything."""

    def strange(self, title: str, values: dict, before: dict | None, plan: "Plan") -> tuple[str, str] | None:
        """(name of the column, reason) where a row of the file is about what is not theirs."""


class Alone(Protocol):
    """Rows of one sheet that are imported by themselves: those of one thing, by whoever keeps it, from its own page."""

    def keys(self, reach) -> Iterable[str]:
        """What the user keeps, by its code; a queryset of them will do."""

    def scope(self, key: str) -> Scope:
        """Refuses every row that is about something else."""

    def page(self, key: str) -> tuple[str, str]:
        """What the thing is called, and the address of its page."""

    def upload_page(self, key: str) -> str:
        """Where a file is handed in."""


class Sheet:
    """One sheet of the exchange workbook. Each app describes its own and registers them in `apps.ready`."""

    title: ClassVar[str]
    position: ClassVar[int]  # where people expect it in the file; the order of work is that of registration
    columns: ClassVar[tuple[Column, ...]]
    key: ClassVar[tuple[str, ...]]
    alone: ClassVar[Alone | None] = None

    def key_of(self, values: dict) -> tuple:
        return tuple(values[name] for name in self.key)

    def doubt(self, plan: "Plan", values: dict) -> None:
        """Remember what a wrong row is about, as far as `values` could be read."""
        if self.key[0] in values:
            plan.doubtful[self.title].add(values[self.key[0]])
        else:
            plan.unnamed[self.title].append(values)

    def defaults(self, plan: "Plan", values: dict) -> dict:
        """Values of a new row for columns that the file does not have, where they differ from the column's default."""
        return {}

    def stored(self, plan: "Plan", keys: Iterable[tuple]) -> dict[tuple, dict]:
        """{key: values} of at least those keys that are in the database, in terms of the workbook (codes, not ids)."""
        raise NotImplementedError

    def check(self, plan: "Plan") -> None:
        """Rules that one cell cannot break alone, on what the database would hold afterwards."""
        raise NotImplementedError

    def write(self, plan: "Plan") -> None:
        """Write `plan.rows[self.title]`; runs inside the one transaction."""
        raise NotImplementedError

    def remove(self, plan: "Plan") -> None:
        """Delete `plan.removed[self.title]`, the rows of an import that is taken back; later sheets did so before."""
        raise NotImplementedError

    def settle(self, plan: "Plan") -> None:
        """Bring into line what is derived from these rows, once all sheets are written."""

    def export_rows(self, selection) -> Iterable[dict]:
        """Rows of this sheet for the organisations of `selection`, in a stable order."""
        raise NotImplementedError


SHEETS: list[Sheet] = []


def register(*sheets: Sheet) -> None:
    """Called by each app when Django starts, left to right: later sheets refer to earlier ones."""
    SHEETS.extend(sheets)


def sheet_called(title: str) -> Sheet:
    return next(sheet for sheet in SHEETS if sheet.title == title)


def sheets_in_file_order() -> list[Sheet]:
    return sorted(SHEETS, key=lambda sheet: sheet.position)


@dataclass
class Plan:
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    wrong: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    # Codes whose own row is wrong. What refers to them is not judged: it may follow only from that row.
    doubtful: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # What could be read of wrong rows that do not even say their code: what seems to lack elsewhere may be these.
    unnamed: dict[str, list[dict]] = field(default_factory=lambda: defaultdict(list))
    # Rows of an earlier import that go again; `stored` no longer holds them.
    removed: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, Any] = field(default_factory=dict)  # what a sheet leaves for those after it
    steps: Any = None
    scope: "Scope | None" = None

    def refuse(self, sheet: str, row: int, column: str, found: Any, text: str) -> None:
        self.problems.append(Problem(sheet, row, column, shown(found), str(text)))
        self.wrong[sheet].add(row)

    def refuse_stored(self, cause: tuple[str, int, str, Any], sheet: str, name: str, text: str) -> None:
        """A stored row that the file does not name becomes wrong: told at `cause`, the row of the file that does it."""
        if self.scope:
            # The row may be none of this reader's business.
            self.refuse(*cause, _("làm sai dữ liệu đã lưu có liên quan; hãy sửa trong ứng dụng"))
            return
        text = _("làm sai dòng đã lưu “%(name)s” của trang “%(sheet)s”: %(text)s") % {
            "name": name,
            "sheet": sheet,
            "text": text,
        }
        self.refuse(*cause, text)

    def warn(self, sheet: str, row: int, column: str, found: Any, text: str) -> None:
        self.warnings.append(Problem(sheet, row, column, shown(found), str(text)))

    def is_doubtful(self, title: str, code: str) -> bool:
        """True where judging a reference to `code` would only repeat an error of sheet `title`."""
        return code in self.doubtful[title]

    def may_be_unnamed(self, title: str, day: dt.date | None = None, **values) -> bool:
        """Whether a row of sheet `title` without a readable code may be the one that is looked for."""
        return any(may_be(row, day, values) for row in self.unnamed[title])

    def counts(self, title: str) -> Counter:
        counter = Counter(row.change for row in self.rows[title] if row.number not in self.wrong[title])
        counter["wrong"] = len(self.wrong[title])
        return counter

    @property
    def is_right(self) -> bool:
        return not self.problems

    @property
    def changes_nothing(self) -> bool:
        return not any(row.is_touched for rows in self.rows.values() for row in rows)


def may_be(row: dict, day: dt.date | None, values: dict) -> bool:
    if any(row.get(name, value) != value for name, value in values.items()):
        return False
    return day is None or row.get("first_day", day) <= day <= (row.get("last_day") or FOREVER)


def shown(found: Any) -> str:
    """A value as the user sees it in Excel, short enough for one line."""
    if found is None:
        return ""
    if isinstance(found, dt.datetime) and found.time() != dt.time():
        return f"{found:%d/%m/%Y %H:%M}"
    if isinstance(found, dt.date):
        return f"{found:%d/%m/%Y}"
    if isinstance(found, dt.time):
        return f"{found:%H:%M}"
    if isinstance(found, float) and found.is_integer():
        return str(int(found))
    text = clean_line(str(found))
    return text if len(text) <= 60 else f"{text[:59]}…"


def make_plan(raw_sheets: list[RawSheet], steps, scope: Scope | None = None) -> Plan:
    """Read, merge and check; `steps` is told how far it has come. Writes nothing."""
    plan = Plan(steps=steps, scope=scope)
    by_title = sheets_by_title(raw_sheets, plan)
    for sheet in SHEETS:
        raw = by_title.get(sheet.title)
        parsed, headings = parse(sheet, raw, plan) if raw else ([], set())
        steps.begin(_("Đối chiếu trang “%s”") % sheet.title, len(parsed))
        merge(sheet, parsed, headings, plan)
        sheet.check(plan)
    plan.problems.sort(key=place_in_file)
    plan.warnings.sort(key=place_in_file)
    return plan


def make_plan_back(written: dict[str, list[Row]], steps) -> Plan:
    """What takes an import back: its new rows go, its changed ones become what they were; checked like an import."""
    plan = Plan(steps=steps)
    for sheet in SHEETS:
        rows = written.get(sheet.title, [])
        steps.begin(_("Đối chiếu trang “%s”") % sheet.title, len(rows))
        stored = sheet.stored(plan, {row.key: row.number for row in rows})
        for row in rows:
            if stored.get(row.key) != row.values:
                heading = next(column.heading for column in sheet.columns if column.name == sheet.key[0])
                text = _("đã được sửa hoặc xóa sau lần nhập này")
                plan.refuse(sheet.title, row.number, heading, row.values[sheet.key[0]], text)
            elif row.change == Change.ADDED:
                del stored[row.key]
                plan.removed[sheet.title].append(row)
            else:
                plan.rows[sheet.title].append(Row(row.number, row.before, row.key, Change.CHANGED, row.values))
        sheet.check(plan)
    plan.problems.sort(key=place_in_file)
    return plan


def place_in_file(problem: Problem) -> tuple[int, int]:
    titles = [sheet.title for sheet in sheets_in_file_order()]
    return (titles.index(problem.sheet) if problem.sheet in titles else -1, problem.row)


def sheets_by_title(raw_sheets: list[RawSheet], plan: Plan) -> dict[str, RawSheet]:
    known = {sheet.title for sheet in SHEETS}
    by_title = {}
    for raw in raw_sheets:
        title = clean_line(raw.title)
        if title not in known:
            names = ", ".join(f"“{sheet.title}”" for sheet in sheets_in_file_order())
            plan.refuse(title, 0, "", title, _("trang tính lạ; chỉ được có: %s") % names)
        elif title in by_title:
            plan.refuse(title, 0, "", title, _("trang tính có hai lần"))
        else:
            by_title[title] = raw
    if plan.problems:
        # A sheet that is not here may be the one with the strange name.
        for title in known - by_title.keys():
            plan.unnamed[title].append({})
    return by_title


def parse(sheet: Sheet, raw: RawSheet, plan: Plan) -> tuple[list[Row], set[str]]:
    """Rows whose cells could all be read, and the names of the columns that the file has."""
    if not raw.rows:
        return [], set()
    places = column_places(sheet, raw, plan)
    names = {column.name for column in places}
    absent = [column for column in sheet.columns if column.name not in names]
    absent_keys = [column for column in absent if column.name in sheet.key]
    has_strange = 1 in plan.wrong[sheet.title]
    for column in absent_keys:
        if not has_strange:
            plan.refuse(sheet.title, 1, column.heading, "", _("thiếu cột này"))
    if absent_keys or (has_strange and any(column.required for column in absent)):
        # Which column the strange heading stands for, its owner must say first.
        plan.unnamed[sheet.title].append({})
        return [], names
    rows = []
    for number, *cells in raw.rows:
        if number > 1 and any(cell is not None for cell in cells):
            values = read_row(sheet, number, cells, places, plan)
            if values is not None:
                rows.append(Row(number, values))
    return rows, names


def column_places(sheet: Sheet, raw: RawSheet, plan: Plan) -> dict[Column, int]:
    by_heading = {column.heading: column for column in sheet.columns}
    headings = next((row[1:] for row in raw.rows if row[0] == 1), [])
    width = max((len(row) - 1 for row in raw.rows), default=0)
    places = {}
    for index, cell in enumerate([*headings, *[None] * (width - len(headings))]):
        heading = clean_line(str(cell)) if cell is not None else ""
        column = by_heading.get(heading)
        if column in places:
            plan.refuse(sheet.title, 1, heading, heading, _("cột có hai lần"))
        elif column:
            places[column] = index
        elif heading:
            plan.refuse(sheet.title, 1, heading, heading, _("cột lạ; xem tên các cột trong tệp mẫu"))
        elif any(len(row) > index + 1 and row[index + 1] is not None for row in raw.rows):
            plan.refuse(sheet.title, 1, column_letters(index), "", _("cột có dữ liệu nhưng không có tên ở dòng 1"))
    return places


def column_letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_row(sheet: Sheet, number: int, cells: list, places: dict[Column, int], plan: Plan) -> dict | None:
    values = {}
    is_right = True
    for column, place in places.items():
        raw = cells[place] if place < len(cells) else None
        try:
            values[column.name] = read_cell(column, raw)
        except Unreadable as error:
            plan.refuse(sheet.title, number, column.heading, raw, str(error))
            is_right = False
    if is_right:
        return values
    sheet.doubt(plan, values)
    return None


def read_cell(column: Column, raw):
    if raw is None:
        if column.required:
            raise Unreadable(MISSING)
        return column.default
    if isinstance(raw, CellError):
        raise Unreadable(_("ô có lỗi hoặc công thức chưa được tính; hãy ghi giá trị"))
    value = column.value.read(raw)
    if value == "" and column.required:
        raise Unreadable(MISSING)
    return column.default if value == "" else value


def merge(sheet: Sheet, parsed: list[Row], headings: set[str], plan: Plan) -> None:
    """Lay the rows of the file over what is stored, key by key."""
    keys = {}
    for row in parsed:
        row.key = sheet.key_of(row.values)
        if row.key in keys:
            heading = next(column.heading for column in sheet.columns if column.name == sheet.key[0])
            text = _("trùng với dòng %s: mỗi khóa chỉ được có một dòng") % keys[row.key]
            plan.refuse(sheet.title, row.number, heading, row.values[sheet.key[0]], text)
            sheet.doubt(plan, row.values)
        else:
            keys[row.key] = row.number
    stored = sheet.stored(plan, keys)
    absent = [column for column in sheet.columns if column.name not in headings]
    for row in parsed:
        if plan.scope:
            refuse_strange(sheet, row, stored.get(row.key), plan)
        if row.number not in plan.wrong[sheet.title]:
            lay_over(sheet, row, stored.get(row.key), absent, plan)


def refuse_strange(sheet: Sheet, row: Row, before: dict | None, plan: Plan) -> None:
    if strange := plan.scope.strange(sheet.title, row.values, before, plan):
        name, text = strange
        heading = next(column.heading for column in sheet.columns if column.name == name)
        plan.refuse(sheet.title, row.number, heading, row.values.get(name), text)
        sheet.doubt(plan, row.values)


def lay_over(sheet: Sheet, row: Row, before: dict | None, absent: list[Column], plan: Plan) -> None:
    row.before = before
    if before is not None:
        row.change = Change.UNCHANGED if all(before[n] == v for n, v in row.values.items()) else Change.CHANGED
        for column in absent:
            row.values[column.name] = before[column.name]
    else:
        defaults = sheet.defaults(plan, row.values)
        for column in absent:
            row.values[column.name] = defaults.get(column.name, column.default)
        if missing := next((column for column in absent if column.required), None):
            plan.refuse(sheet.title, row.number, missing.heading, "", _("dòng mới cần cột này"))
            sheet.doubt(plan, row.values)
            return
    plan.rows[sheet.title].append(row)
