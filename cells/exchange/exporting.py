"""Writes the exchange workbook: everything, or one organisation with what it needs to stand alone (workbook.md)."""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from cells.exchange.planning import SHEETS, Sheet, sheets_in_file_order
from cells.models import Lineage, Membership, Organisation, OrganisationPeriod

WIDTH = 18
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A


class Everything:
    """The selection that leaves nothing out."""

    def owns(self, code: str) -> bool:
        return True

    shows = shows_person = owns


@dataclass
class Selection:
    """One organisation and all it was ever above are *owned*; what their rows name is *shown* as context."""

    root: str
    persons: set[str] = field(default_factory=set)
    context: set[str] = field(default_factory=set)

    @cached_property
    def owned(self) -> set[str]:
        below = Lineage.unscoped.filter(ancestor__code=self.root).values_list("descendant__code", flat=True)
        return {self.root, *below}

    def owns(self, code: str) -> bool:
        return code in self.owned

    def shows(self, code: str) -> bool:
        return code in self.context

    def shows_person(self, code: str) -> bool:
        return code in self.persons


def select(root: Organisation) -> Selection:
    selection = Selection(root.code)
    dated_rows = [list(sheet.export_rows(selection)) for sheet in SHEETS[2:]]
    for values in (values for rows in dated_rows for values in rows):
        if "person" in values:
            selection.persons.add(values["person"])
    spans = Membership.unscoped.values_list("person__code", "cell__code")
    selection.persons |= {person for person, cell in spans if selection.owns(cell)}
    named = {values["organisation"] for rows in dated_rows for values in rows if values.get("organisation")}
    named |= {cell for person, cell in spans if person in selection.persons}
    selection.context = with_context(selection.owned | named)
    return selection


def with_context(codes: set[str]) -> set[str]:
    """These organisations, and whatever their periods name: parents of any day and successors, up to the end."""
    links = defaultdict(set)
    for code, parent in OrganisationPeriod.unscoped.filter(parent__isnull=False).values_list(
        "organisation__code", "parent__code"
    ):
        links[code].add(parent)
    for code, successor in Organisation.unscoped.filter(successor__isnull=False).values_list("code", "successor__code"):
        links[code].add(successor)
    found, waiting = set(), set(codes)
    while waiting:
        code = waiting.pop()
        found.add(code)
        waiting |= links[code] - found
    return found


def export_workbook(path: Path, root: Organisation | None = None) -> dict[str, int]:
    """Write the file in one step and return {sheet: rows}. Nothing is left behind if writing fails."""
    selection = select(root) if root else Everything()
    path = Path(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # Opened first: where it cannot be written, openpyxl shall not begin, for it leaves its temporary files behind.
        with draft.open("wb") as file:
            book = Workbook(write_only=True)
            counts = {
                sheet.title: write_sheet(book, sheet, sheet.export_rows(selection)) for sheet in sheets_in_file_order()
            }
            book.save(file)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return counts


def write_sheet(book: Workbook, sheet: Sheet, rows: Iterable[dict]) -> int:
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "A2"
    for index in range(len(sheet.columns)):
        page.column_dimensions[chr(65 + index)].width = WIDTH
    page.append([text_cell(page, column.heading) for column in sheet.columns])
    count = 0
    for values in rows:
        page.append(list(cells(page, sheet, values)))
        count += 1
    return count


def cells(page, sheet: Sheet, values: dict) -> Iterator:
    for column in sheet.columns:
        value = values[column.name]
        written = None if value in (None, "") else column.value.write(value)
        if isinstance(written, str):
            yield text_cell(page, written)
        elif written is None or isinstance(written, int):
            yield written
        else:
            yield dated_cell(page, written)


def text_cell(page, text: str):
    text = ESCAPE.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", text))
    if not text.startswith(("=", "+", "-", "@", "#")):
        return text
    # A text that begins like a formula or an error stays a text, whoever opens the file.
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def dated_cell(page, value):
    cell = WriteOnlyCell(page, value)
    cell.number_format = "dd/mm/yyyy" if hasattr(value, "year") else "hh:mm"
    return cell
