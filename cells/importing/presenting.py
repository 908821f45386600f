"""Lines of a plan as people read them: what comes, what becomes what, and where the file is wrong."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cells.exchange.planning import SHEETS, Sheet, sheets_in_file_order, shown
from cells.importing.files import ADDED, CHANGED, CLOSED, WRONG, page_of
from cells.models import ImportBatch

PRIVATE = {"reason"}  # why somebody was absent is for the cell alone
ROW_COUNTS = (ADDED, CHANGED, CLOSED, "unchanged", WRONG)


@dataclass
class Fact:
    heading: str
    value: str
    before: str = ""


@dataclass
class Line:
    sheet: str
    row: int
    name: str
    facts: list[Fact] = field(default_factory=list)


@dataclass
class SheetCounts:
    title: str
    counts: list[int]


def lines_on(batch: ImportBatch, tab: str, number: int) -> list:
    """`Line`s of added, changed and closed rows; problems as they were told."""
    found = page_of(batch, tab, number)
    if tab not in {ADDED, CHANGED, CLOSED}:
        return found
    sheets = {sheet.title: sheet for sheet in SHEETS}
    return [as_line(sheets[one["sheet"]], one) for one in found]


def as_line(sheet: Sheet, one: dict) -> Line:
    values, before = one["values"], one["before"]
    line = Line(sheet.title, one["row"], name_of(sheet, values))
    in_name = keys_in_name(sheet, values)
    for column in sheet.columns:
        if before is None:
            if values[column.name] not in (None, "") and column.name not in in_name:
                line.facts.append(Fact(column.heading, written(column, values)))
        elif values[column.name] != before[column.name]:
            line.facts.append(Fact(column.heading, written(column, values), written(column, before) or _("(trống)")))
    return line


NAMES = ("full_name", "name", "theme", "subject")


def name_of(sheet: Sheet, values: dict) -> str:
    """What a reader knows the row by: a name and its code, else its key."""
    columns = [column for column in sheet.columns if column.name in keys_in_name(sheet, values)]
    parts = [written(column, values) for column in sorted(columns, key=lambda column: column.name not in NAMES)]
    first, *rest = [part for part in parts if part]
    return f"{first} ({', '.join(rest)})" if rest else first


def keys_in_name(sheet: Sheet, values: dict) -> set[str]:
    names = {name for name in NAMES if values.get(name)}
    return {sheet.key[0], *names} if names else set(sheet.key)


def written(column, values: dict) -> str:
    if column.name in PRIVATE and values[column.name]:
        return _("(không hiện)")
    value = values[column.name]
    return shown(column.value.write(value)) if value not in (None, "") else ""


def counts_by_sheet(batch: ImportBatch) -> list[SheetCounts]:
    """Of the sheets of which the file has anything."""
    counts = batch.summary.get("counts", {})
    found = []
    for sheet in sheets_in_file_order():
        numbers = [counts.get(sheet.title, {}).get(name, 0) for name in ROW_COUNTS]
        if any(numbers):
            found.append(SheetCounts(sheet.title, numbers))
    return found


def total(batch: ImportBatch) -> dict[str, int]:
    counts = batch.summary.get("counts", {}).values()
    return {name: sum(one.get(name, 0) for one in counts) for name in ROW_COUNTS}
