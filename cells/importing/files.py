"""The files of an import below DATA_DIR: what was uploaded, and the plan that was made of it."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, time
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from cells.exchange.planning import SHEETS, Change, Plan, Row, shown
from cells.exchange.reading import RawSheet
from cells.models import ImportBatch

ADDED, CHANGED, CLOSED, WRONG, WARNINGS = "added", "changed", "closed", "wrong", "warnings"
TABS = (ADDED, CHANGED, CLOSED, WRONG, WARNINGS)
HELD, PEOPLE = "held", "people"  # not shown: whole rows that are wrong, and who is new
ON_A_PAGE = 50


class Missing(Exception):
    """The file is gone, or not what was written."""


def folder() -> Path:
    path = settings.DATA_DIR / "imports"
    path.mkdir(mode=0o750, exist_ok=True)
    return path


def upload_path(batch: ImportBatch) -> Path:
    return folder() / f"{batch.public_id.hex}.xlsx"


def plan_path(batch: ImportBatch) -> Path:
    return folder() / batch.plan_name


def forget_files(batch: ImportBatch) -> None:
    for path in folder().glob(f"*{batch.public_id.hex}*"):
        path.unlink(missing_ok=True)


def forget_other_plans(batch: ImportBatch, name: str) -> None:
    """Plans of attempts that were cut off, and the one before this."""
    for path in folder().glob(f"*{batch.public_id.hex}-*.plan"):
        if path.name != name:
            path.unlink(missing_ok=True)


def store_plan(batch: ImportBatch, plan: Plan, raw_sheets: list[RawSheet]) -> dict:
    """Write the plan in one step; what the row then has to know: name, digest, counts and where its pages begin."""
    name = f"{batch.public_id.hex}-{batch.token.hex}.plan"
    draft = folder() / f".{name}"
    digest = hashlib.sha256()
    tabs = {}
    try:
        with draft.open("wb") as file:
            for tab, lines in contents(plan, raw_sheets).items():
                tabs[tab] = write_tab(file, lines, digest)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o640)
        draft.replace(folder() / name)
    finally:
        draft.unlink(missing_ok=True)
    return {
        "plan_name": name,
        "plan_sha256": digest.hexdigest(),
        "summary": {
            "tabs": tabs,
            "counts": {sheet.title: counts_of(plan, sheet.title) for sheet in SHEETS},
            "is_right": plan.is_right,
            "changes_nothing": plan.changes_nothing,
        },
    }


def write_tab(file: BinaryIO, lines: Iterable[dict], digest) -> dict:
    """How many lines there were, and where in the file each page of them begins."""
    count, pages = 0, []
    for line in lines:
        if count % ON_A_PAGE == 0:
            pages.append(file.tell())
        encoded = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        digest.update(encoded)
        file.write(encoded)
        count += 1
    return {"count": count, "pages": pages}


def counts_of(plan: Plan, title: str) -> dict[str, int]:
    counts = dict(plan.counts(title))
    right = (row for row in plan.rows[title] if row.number not in plan.wrong[title])
    closed = sum(1 for row in right if is_closed(row))
    return {
        ADDED: counts.get(Change.ADDED, 0),
        CHANGED: counts.get(Change.CHANGED, 0) - closed,
        CLOSED: closed,
        "unchanged": counts.get(Change.UNCHANGED, 0),
        WRONG: counts["wrong"],
    }


def is_closed(row: Row) -> bool:
    """A span that went on and now ends."""
    return bool(
        row.change == Change.CHANGED
        and "last_day" in row.values
        and row.values["last_day"]
        and not row.before["last_day"]
    )


def contents(plan: Plan, raw_sheets: list[RawSheet]) -> dict[str, Iterable[dict]]:
    return {
        ADDED: rows_of(plan, lambda row: row.change == Change.ADDED),
        CHANGED: rows_of(plan, lambda row: row.change == Change.CHANGED and not is_closed(row)),
        CLOSED: rows_of(plan, is_closed),
        WRONG: (vars(problem) for problem in plan.problems),
        WARNINGS: (vars(problem) for problem in plan.warnings),
        HELD: wrong_rows(plan, raw_sheets),
        PEOPLE: ({"person": code} for code in new_people(plan)),
    }


def rows_of(plan: Plan, is_wanted: Callable[[Row], bool]) -> Iterator[dict]:
    for sheet in SHEETS:
        for row in plan.rows[sheet.title]:
            if row.number not in plan.wrong[sheet.title] and is_wanted(row):
                yield {
                    "sheet": sheet.title,
                    "row": row.number,
                    "change": row.change,
                    "values": {name: as_json(value) for name, value in row.values.items()},
                    "before": row.before and {name: as_json(value) for name, value in row.before.items()},
                }


def wrong_rows(plan: Plan, raw_sheets: list[RawSheet]) -> Iterator[dict]:
    """The headings of each sheet with wrong rows, then these rows as they stand in the file."""
    for raw in raw_sheets:
        numbers = plan.wrong.get(raw.title, set())
        if numbers - {0}:
            for number, *cells in raw.rows:
                if number == 1 or number in numbers:
                    yield {"sheet": raw.title, "row": number, "cells": [shown(cell) for cell in cells]}


def new_people(plan: Plan) -> list[str]:
    """Persons who come into being with this import, members and speakers alike."""
    known = plan.parts.get("stored persons", {})
    added = (row.values for rows in plan.rows.values() for row in rows if row.change == Change.ADDED)
    return sorted({values["person"] for values in added if "person" in values} - known.keys())


def page_of(batch: ImportBatch, tab: str, number: int) -> list[dict]:
    """One page of a tab, counted from 1."""
    pages = batch.summary["tabs"][tab]["pages"]
    if not 1 <= number <= len(pages):
        return []
    rest = batch.summary["tabs"][tab]["count"] - (number - 1) * ON_A_PAGE
    return list(lines_from(batch, pages[number - 1], min(rest, ON_A_PAGE)))


def all_of(batch: ImportBatch, tab: str) -> Iterator[dict]:
    found = batch.summary["tabs"][tab]
    return lines_from(batch, found["pages"][0], found["count"]) if found["count"] else iter(())


def lines_from(batch: ImportBatch, start: int, count: int) -> Iterator[dict]:
    try:
        with plan_path(batch).open("rb") as file:
            file.seek(start)
            for line in islice(file, count):
                yield decoded(json.loads(line))
    except (OSError, ValueError) as error:
        raise Missing(batch.pk) from error


def written_rows(batch: ImportBatch) -> dict[str, list[Row]]:
    """What the confirmed plan added and changed, as it was stored. Raises Missing."""
    try:
        with plan_path(batch).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != batch.plan_sha256:
                raise Missing(batch.pk)
    except OSError as error:
        raise Missing(batch.pk) from error
    sheets = {sheet.title: sheet for sheet in SHEETS}
    rows: dict[str, list[Row]] = {title: [] for title in sheets}
    for tab in (ADDED, CHANGED, CLOSED):
        for line in all_of(batch, tab):
            key = sheets[line["sheet"]].key_of(line["values"])
            row = Row(line["row"], line["values"], key, Change(line["change"]), line["before"])
            rows[line["sheet"]].append(row)
    return rows


def as_json(value):
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return {"time": value.isoformat()} if isinstance(value, time) else value


def decoded(line: dict) -> dict:
    for part in ("values", "before"):
        if line.get(part):
            line[part] = {name: as_value(value) for name, value in line[part].items()}
    return line


def as_value(value):
    if not isinstance(value, dict):
        return value
    with suppress(KeyError):
        return date.fromisoformat(value["day"])
    return time.fromisoformat(value["time"])
