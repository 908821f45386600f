"""One person's data as a workbook: a sheet for each table."""

import io
import json

from django.core.serializers.json import DjangoJSONEncoder
from openpyxl import Workbook

from accounts.models import User
from cells.exchange.exporting import text_cell
from cells.models import Person
from cells.person_data import about, changes_of

LONGEST_TITLE = 31  # of a sheet
LONGEST_TEXT = 32_000  # of a cell


def workbook(person: Person | None, user: User | None) -> bytes:
    book = Workbook(write_only=True)
    for number, section in enumerate(about(person, user), start=1):
        title = f"{number}. {section.label}".translate(str.maketrans(dict.fromkeys("[]:*?/\\", "-")))
        fill(book.create_sheet(title[:LONGEST_TITLE]), list(section.values()))
    fill(book.create_sheet("Nhật ký"), list(changes_of(person, user)))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def fill(sheet, rows: list[dict]) -> None:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    sheet.append([text_cell(sheet, name) for name in headings])
    for row in rows:
        sheet.append([text_cell(sheet, as_text(row.get(name))) for name in headings])


def as_text(value) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return text.strip('"')[:LONGEST_TEXT]
