"""The hand-over file of a cell, as a workbook and as a PDF."""

import io

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from accounts.auditing import record
from accounts.file_names import download_name
from cells.access import is_below, require, roles
from cells.exchange.exporting import text_cell
from cells.models import CELL_KINDS, Organisation, Role
from cells.papers.typesetting import typeset
from cells.reach import LEADING
from cells.spreadsheets import attachment, watermark
from reports import handing_over


def own_file(request, public_id) -> handing_over.HandOver:
    """For who leads the cell, and for the committees above it: it holds the roster, and no reasons of absence."""
    user = request.user
    cell = get_object_or_404(Organisation.objects.for_user(user), public_id=public_id)
    committees, day = user.reach.at((Role.COMMITTEE,)), user.reach.day
    require(cell.pk in user.reach.at(LEADING) or is_below(cell.pk, committees, day))
    require(cell.periods.on(day).filter(kind__in=CELL_KINDS).exists())
    return handing_over.read(cell, day)


@roles(*LEADING, Role.COMMITTEE)
@require_safe
def workbook(request, public_id):
    file = own_file(request, public_id)
    book = Workbook(write_only=True)
    for section in file.sections:
        add_sheet(book, section, file, request.user)
    content = io.BytesIO()
    book.save(content)
    record("hand_over.exported", target=file.cell, detail={"format": "xlsx"}, request=request)
    return attachment(content.getvalue(), file.title)


def add_sheet(book: Workbook, section, file, user) -> None:
    page = book.create_sheet(section.title[:31].replace("/", "-"))
    page.freeze_panes = "A5"
    for index, (_title, width, _align) in enumerate(section.columns):
        page.column_dimensions[chr(65 + index)].width = max(10, width / 2)
    headings = [title for title, _width, _align in section.columns]
    for line in ([file.title], [watermark(user)], [section.title], headings, *(section.rows or [[section.nothing]])):
        page.append([text_cell(page, text) for text in line])


@roles(*LEADING, Role.COMMITTEE)
@require_safe
def pdf(request, public_id):
    file = own_file(request, public_id)
    content = typeset(handing_over.composed(file))
    record("hand_over.exported", target=file.cell, detail={"format": "pdf"}, request=request)
    response = HttpResponse(content, content_type="application/pdf")
    name = download_name(f"{file.title}.pdf", (".pdf",))
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
