from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells import spreadsheets
from cells.access import roles
from cells.models import Role
from cells.querying import TrailQuery
from cells.reach import ADMINISTRATOR
from cells.taking_away import first_rows
from cells.trail import asked, entries_for, rows_of

ROWS_ON_A_PAGE = 50


@roles(ADMINISTRATOR, Role.INSPECTOR)
@require_safe
def audit(request):
    """Newest first, from one entry back to the next: counting a million rows for a page number would take seconds."""
    query = TrailQuery(request.GET)
    entries = found(request.user, query)
    if query.values["before"]:
        entries = entries.filter(pk__lt=query.values["before"])
    rows = rows_of(entries[: ROWS_ON_A_PAGE + 1], request.user)
    context = {
        "query": query,
        "rows": rows[:ROWS_ON_A_PAGE],
        "older": rows[ROWS_ON_A_PAGE - 1].entry.pk if len(rows) > ROWS_ON_A_PAGE else None,
        "is_filtered": bool(query.given().keys() - {"before", "page"}),
        "is_administrator": request.user.is_administrator,
    }
    return render(request, "cells/audit.html", context)


def found(user, query: TrailQuery):
    return entries_for(user).filter(asked(query.values)).select_related("actor", "values").order_by("-pk")


@roles(ADMINISTRATOR, Role.INSPECTOR)
@require_safe
def audit_table(request):
    """What the filters say; personal values stay on the page."""
    query = TrailQuery(request.GET)
    rows = rows_of(first_rows(found(request.user, query)), request.user)
    headings = [_("Thời điểm"), _("Người làm"), _("Việc"), _("Đối tượng"), _("Tổ chức"), _("Địa chỉ mạng"), _("Mã")]
    table = (
        [
            f"{timezone.localtime(row.entry.at):%d/%m/%Y %H:%M:%S}",
            row.who,
            row.action,
            row.what,
            row.place,
            row.entry.address or "",
            row.detail,
        ]
        for row in rows
    )
    title = _("Nhật ký ngày %s") % f"{timezone.localdate():%d-%m-%Y}"
    return spreadsheets.table_response(request, None, title, headings, table, action="audit.exported")
