"""Runs as a script of its own, with little memory and time, on a file nobody has looked into yet.

Checks the container first (reliability.md R7), then reads the cells with calamine, and writes one JSON line for
each sheet and row. Imports nothing of ours, so that it starts fast and has nothing to lose.
"""

import datetime as dt
import json
import re
import resource
import sys
import zipfile
from posixpath import join, normpath
from xml.parsers import expat

MEMORY = 1536 * 1024 * 1024
SECONDS = 120
MOST_ENTRIES = 200
MOST_BYTES = 300 * 1024 * 1024
MOST_ROWS = 250_001  # with the headings
MOST_COLUMNS = 60
SUSPICIOUS_RATIO = 100
SMALL = 1024 * 1024  # a small part may be squeezed as far as it likes
BLOCK = 1024 * 1024
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
RELATIONSHIP_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"


class Refused(Exception):
    """The file is not opened; the first argument is a reason of `cells.exchange.reading.REFUSALS`."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        for line in lines(sys.argv[1]):
            sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    except Refused as refusal:
        sys.stdout.write(json.dumps({"refused": refusal.args[0]}) + "\n")
    except (MemoryError, RecursionError):
        sys.stdout.write(json.dumps({"refused": "too_large"}) + "\n")


def lines(path: str):
    try:
        with zipfile.ZipFile(path) as archive:
            check_entries(archive)
            odd_cells = check_parts(archive)
    except zipfile.BadZipFile:
        raise Refused("not_a_workbook") from None
    except (expat.ExpatError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, KeyError) as error:
        raise Refused("damaged") from error
    yield from sheets(path, odd_cells)


def check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise Refused("too_many_parts")
    if len({entry.filename for entry in entries}) != len(entries):
        raise Refused("damaged")
    for entry in entries:
        name = entry.filename.lower()
        if entry.flag_bits & 1:
            raise Refused("encrypted")
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise Refused("damaged")
        if name.endswith("vbaproject.bin") or "/activex/" in name:
            raise Refused("macros")
        if "/externallinks/" in name:
            raise Refused("external")
        if "/embeddings/" in name:
            raise Refused("embedded")
        if entry.file_size > SMALL and entry.file_size > SUSPICIOUS_RATIO * max(entry.compress_size, 1):
            raise Refused("too_large")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Refused("too_large")
    if "xl/workbook.xml" not in archive.namelist():
        raise Refused("not_a_workbook")


def check_parts(archive: zipfile.ZipFile) -> dict[str, dict[tuple[int, int], str]]:
    """Read every part to its end; returns {sheet name: {(row, column): what is wrong with the cell}}."""
    scans = {}
    budget = MOST_BYTES
    for entry in archive.infolist():
        scan = scan_for(entry.filename)
        with archive.open(entry) as part:
            while block := part.read(BLOCK):
                budget -= len(block)
                if budget < 0:
                    raise Refused("too_large")
                scan.feed(block)
        scan.finish()
        scans[entry.filename] = scan
    return {
        name: scans[target].odd_cells
        for name, target in sheet_parts(scans).items()
        if isinstance(scans.get(target), SheetScan)
    }


def sheet_parts(scans: dict) -> dict[str, str]:
    """{sheet name: name of its part}."""
    workbook = scans["xl/workbook.xml"]
    relations = scans.get("xl/_rels/workbook.xml.rels")
    targets = relations.targets if isinstance(relations, PartScan) else {}
    parts = {}
    for name, relation in workbook.sheets:
        target = targets.get(relation, "")
        parts[name] = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
    return parts


def scan_for(name: str):
    lower = name.lower()
    if not lower.endswith((".xml", ".rels", ".vml")):
        return Bytes()
    if lower.startswith("xl/worksheets/") and lower.count("/") == 2:
        return SheetScan()
    return PartScan()


class Bytes:
    """A part that is no XML: read for its size only."""

    def feed(self, block: bytes) -> None:
        pass

    def finish(self) -> None:
        pass


class PartScan:
    """Refuses document types, entities, external relations and macro content types in one XML part."""

    def __init__(self):
        self.targets: dict[str, str] = {}
        self.sheets: list[tuple[str, str]] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype
        self.parser.EntityDeclHandler = self.refuse_doctype
        self.parser.StartElementHandler = self.start

    def refuse_doctype(self, *_):
        raise Refused("doctype")

    def feed(self, block: bytes) -> None:
        self.parser.Parse(block, False)

    def finish(self) -> None:
        self.parser.Parse(b"", True)

    def start(self, tag: str, attributes: dict) -> None:
        name = tag.rpartition(" ")[2]
        if name == "Relationship":
            if attributes.get("TargetMode", "").lower() == "external":
                raise Refused("external")
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")
        elif name == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get(RELATIONSHIP_ID, "")))
        elif name in {"Override", "Default"} and "macroEnabled" in attributes.get("ContentType", ""):
            raise Refused("macros")


class SheetScan(PartScan):
    """Finds the far edges of a sheet, cells with an Excel error, and formulas without a stored value."""

    def __init__(self):
        super().__init__()
        self.odd_cells: dict[tuple[int, int], str] = {}
        self.row = self.column = 0
        self.kind = ""
        self.has_formula = self.has_value = False
        self.parser.EndElementHandler = self.end

    def start(self, tag: str, attributes: dict) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self.start_cell(attributes)
        elif name == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
            self.check_edges()
        elif name == "f":
            self.has_formula = True
        elif name in {"v", "is"}:
            self.has_value = True

    def start_cell(self, attributes: dict) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            found = REFERENCE.fullmatch(reference)
            if not found:
                raise Refused("damaged")
            self.row, self.column = int(found[2]), column_number(found[1])
        self.check_edges()
        self.kind = attributes.get("t", "")
        self.has_formula = self.has_value = False

    def check_edges(self) -> None:
        if self.row > MOST_ROWS or self.column > MOST_COLUMNS:
            raise Refused("too_large")

    def end(self, tag: str) -> None:
        if not tag.endswith(" c") and tag != "c":
            return
        if self.kind == "e":
            self.odd_cells[self.row, self.column] = "error"
        elif self.has_formula and not self.has_value:
            self.odd_cells[self.row, self.column] = "formula"


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def sheets(path: str, odd_cells: dict):
    # Here and not above: a file that is refused should not wait for the import.
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_path(path)
        for sheet in workbook.sheets_metadata:
            yield {"sheet": sheet.name}
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                yield from rows(workbook.get_sheet_by_name(sheet.name), dict(odd_cells.get(sheet.name, {})))
    except (calamine.CalamineError, calamine.PasswordError, calamine.ZipError, calamine.XmlError) as error:
        raise Refused("damaged") from error


def rows(sheet, odd_cells: dict):
    """[row number, cells …] of each row that is not blank."""
    odd_rows = {row for row, _ in odd_cells}
    top, left = sheet.start or (0, 0)
    number = top
    for row in sheet.iter_rows():
        number += 1
        cells = [None] * left + [as_json(cell) for cell in row]
        if number in odd_rows:
            mark_odd(cells, number, odd_cells)
        if any(cell is not None for cell in cells):
            yield [number, *cells]
    # What holds nothing but odd cells may lie beyond the area that calamine sees.
    for row in sorted(row for row in odd_rows if row > number or row <= top):
        cells = []
        mark_odd(cells, row, odd_cells)
        yield [row, *cells]


def mark_odd(cells: list, number: int, odd_cells: dict) -> None:
    for (row, column), kind in odd_cells.items():
        if row != number:
            continue
        cells.extend([None] * (column - len(cells)))
        cells[column - 1] = {"odd": kind}


def as_json(cell):
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, dt.datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"date": cell.isoformat()}
    if isinstance(cell, dt.time):
        return {"time": cell.isoformat()}
    if isinstance(cell, dt.timedelta):
        return {"seconds": cell.total_seconds()}
    return cell


if __name__ == "__main__":
    main()
