"""Tables handed out as XLSX: text stays text whatever it begins with, and the file says who took it and when."""

import io
from collections.abc import Iterable
from itertools import islice

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.file_names import download_name
from cells.exchange.exporting import text_cell
from cells.taking_away import taken_away

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(
    request,
    organisation,
    title: str,
    headings: list[str],
    rows: Iterable[Iterable],
    *,
    action: str = "table.exported",
) -> HttpResponse:
    """The answer with the file, or the page that says why not; the trail names the organisation and how many rows."""
    rows = list(islice(rows, settings.EXPORT_ROWS + 1))
    refused = taken_away(request, action, len(rows), target=organisation)
    if refused:
        return refused
    book = Workbook(write_only=True)
    page = book.create_sheet(_("Bảng"))
    page.freeze_panes = "A4"
    for index in range(len(headings)):
        page.column_dimensions[chr(65 + index)].width = 46 if index == 0 else 16
    page.append([text_cell(page, title)])
    page.append([text_cell(page, watermark(request.user))])
    page.append([text_cell(page, str(heading)) for heading in headings])
    for row in rows:
        page.append([text_cell(page, value) if isinstance(value, str) else value for value in row])
    content = io.BytesIO()
    book.save(content)
    return attachment(content.getvalue(), title)


def watermark(user) -> str:
    now = timezone.localtime()
    return _("Xuất bởi %(user)s (%(username)s) lúc %(time)s ngày %(day)s") % {
        "user": user,
        "username": user.username,
        "time": f"{now:%H:%M}",
        "day": f"{now:%d/%m/%Y}",
    }


def attachment(content: bytes, title: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    name = download_name(f"{title}.xlsx", (".xlsx",))
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
