"""Files to upload and the steps of an import, for its tests."""

import io
import uuid
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from openpyxl import Workbook

from cells.importing.deciding import receive
from cells.importing.working import work
from cells.models import ImportBatch
from tests.cells.books import Book, save

HEADINGS = ["STT", "Họ tên", "Ngày sinh", "Giới tính", "Tư cách", "Tình trạng", "Từ ngày"]


def roster_rows(count: int) -> list[list]:
    """Head line, then people with a name and a birth of their own."""
    people = [
        [n, f"Nguyễn Văn {chr(65 + n % 26)}{n}", f"{1 + n % 28:02}/0{1 + n % 9}/{1950 + n % 50}", "nam", "CT", "", ""]
        for n in range(1, count + 1)
    ]
    return [HEADINGS, *people]


def xlsx(rows: list[list], title: str = "Danh sách") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def book_bytes(book: Book, folder: Path) -> bytes:
    return save(book, folder / "book.xlsx").read_bytes()


def upload(client, content: bytes, kind: str, name: str = "danh sách.xlsx", **fields):
    """The answer of the upload form."""
    file = SimpleUploadedFile(name, content)
    data = {"kind": kind, "file": file, "form_key": uuid.uuid4(), "first_day": "01/06/2024"} | fields
    return client.post(reverse("cells:import_upload"), data)


def uploaded(content: bytes, user, kind: str = "workbook", **fields) -> ImportBatch:
    """Without the page: for those who are about what comes after."""
    with transaction.atomic():
        return receive(SimpleUploadedFile("sổ.xlsx", content), kind, user=user, **fields)


def planned(client, content: bytes, kind: str, **fields) -> ImportBatch:
    answer = upload(client, content, kind, **fields)
    assert answer.status_code == 302, answer.context["form"].errors
    batch = ImportBatch.unscoped.latest("pk")
    assert work(batch.pk)
    batch.refresh_from_db()
    return batch


def decide(client, name: str, batch: ImportBatch, **fields):
    return client.post(reverse(f"cells:{name}", args=[batch.public_id]), {"form_key": uuid.uuid4()} | fields)


def carried_out(client, name: str, batch: ImportBatch, **fields) -> ImportBatch:
    decide(client, name, batch, **fields)
    assert work(batch.pk)
    batch.refresh_from_db()
    return batch
