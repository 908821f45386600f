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
RELATIONSHIP_ID = "/relationships id"  # of either edition of the standard
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


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
    if len({entry.filename.lower() for entry in entries}) != len(entries):
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
    if WORKBOOK not in archive.namelist():
        raise Refused("not_a_workbook")


def check_parts(archive: zipfile.ZipFile) -> list[dict]:
    """Read every part to its end; returns what is odd in each sheet, {row: {column: what is wrong with the cell}}."""
    scans = {}
    budget = MOST_BYTES
    # The workbook first: it and its relations say which parts are sheets, whatever their names.
    for entry in sorted(archive.infolist(), key=lambda entry: entry.filename not in (WORKBOOK, RELATIONS)):
        scan = scan_for(entry.filename, scans)
        with archive.open(entry) as part:
            while block := part.read(BLOCK):
                budget -= len(block)
                if budget < 0:
                    raise Refused("too_large")
                scan.feed(block)
        scan.finish()
        scans[entry.filename.lower()] = scan
    sheets = [scans.get(part) for part in sheet_parts(scans)]
    if not all(isinstance(sheet, SheetScan) for sheet in sheets):
        raise Refused("damaged")
    return [sheet.odd_cells for sheet in sheets]


def sheet_parts(scans: dict) -> list[str]:
    """Names of the parts that are sheets, in the order of the workbook."""
    relations = scans.get(RELATIONS)
    targets = relations.targets if relations else {}
    return [part_name(targets.get(relation, "")) for relation in scans[WORKBOOK].sheets]


def part_name(target: str) -> str:
    return normpath(join("/xl", target.replace("\\", "/"))).lstrip("/").lower()


def scan_for(name: str, scans: dict):
    if WORKBOOK in scans and name.lower() in sheet_parts(scans):
        return SheetScan()
    return PartScan() if name.lower().endswith((".xml", ".rels", ".vml")) else Bytes()


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
        self.sheets: list[str] = []
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
            self.sheets.append(next((value for key, value in attributes.items() if key.endswith(RELATIONSHIP_ID)), ""))
        elif name in {"Override", "Default"} and "macroEnabled" in attributes.get("ContentType", ""):
            raise Refused("macros")


class SheetScan(PartScan):
    """Finds the far edges of a sheet, cells with an Excel error, and formulas without a stored value."""

    def __init__(self):
        super().__init__()
        self.odd_cells: dict[int, dict[int, str]] = {}
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
        elif name == "v" and self.has_formula:
            # Only now, for it is slow: programs write an empty value beside a formula that they did not calculate.
            self.parser.CharacterDataHandler = self.read_value

    def read_value(self, text: str) -> None:
        self.has_value = self.has_value or bool(text.strip())

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
        self.parser.CharacterDataHandler = None
        if self.kind == "e":
            self.odd_cells.setdefault(self.row, {})[self.column] = "error"
        elif self.has_formula and not self.has_value and self.kind != "str":  # an empty text is a value
            self.odd_cells.setdefault(self.row, {})[self.column] = "formula"


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def sheets(path: str, odd_cells: list[dict]):
    # Here and not above: a file that is refused should not wait for the import.
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_path(path)
        if len(workbook.sheets_metadata) != len(odd_cells):
            raise Refused("damaged")
        for index, sheet in enumerate(workbook.sheets_metadata):
            yield {"sheet": sheet.name}
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                yield from rows(workbook.get_sheet_by_index(index), odd_cells[index])
    except (calamine.CalamineError, calamine.PasswordError, calamine.ZipError, calamine.XmlError) as error:
        raise Refused("damaged") from error


def rows(sheet, odd_cells: dict[int, dict[int, str]]):
    """[row number, cells …] of each row that is not blank."""
    _top, left = sheet.start or (0, 0)
    number = 0
    # Rows are counted from the first of the sheet, columns from the first that holds anything.
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [None] * left + [as_json(cell) for cell in row]
        mark_odd(cells, odd_cells.get(number, {}))
        if any(cell is not None for cell in cells):
            yield [number, *cells]
    # What holds nothing but odd cells may lie beyond the area that calamine sees.
    for beyond in sorted(row for row in odd_cells if row > number):
        cells = []
        mark_odd(cells, odd_cells[beyond])
        yield [beyond, *cells]


def mark_odd(cells: list, odd: dict[int, str]) -> None:
    for column, kind in odd.items():
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
