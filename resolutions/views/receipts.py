"""Which cell has which outline: said by its officers, counted for those above."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.text import folded
from cells import spreadsheets
from cells.access import require, roles
from cells.reach import AT_THE_CELL, DOWN_THE_TREE
from resolutions import receiving
from resolutions.forms import HoldingQuery
from resolutions.models import Outline, Receipt
from resolutions.receiving import CellRow, Holding
from resolutions.views.documents import address_of, crumbs

ROWS_ON_A_PAGE = 50


@roles(*AT_THE_CELL)
@require_POST
def receive(request, public_id):
    outline = seen_outline(request.user, public_id)
    require(bool(receiving.receivers(request.user.reach, outline)))
    return once(request, lambda: received(request, outline))


def received(request, outline: Outline) -> str:
    receiving.receive(outline, Receipt.Way.SAID, actor=request.user, request=request)
    messages.success(request, _("Đã ghi chi bộ nhận đề cương này."))
    return address_of(outline.document)


@roles(*DOWN_THE_TREE)
@require_safe
def receipts(request, public_id):
    """Those who lack it stand first."""
    outline = seen_outline(request.user, public_id)
    query = HoldingQuery(request.GET)
    rows = receiving.rows_for(request.user, outline)
    page = Paginator(narrowed(rows, query.values), ROWS_ON_A_PAGE).get_page(query.values["page"])
    context = {
        "outline": outline,
        "query": query,
        "page": page,
        "tally": [(one.label, sum(row.holding == one for row in rows), one.value) for one in Holding],
        "total": len(rows),
        "is_narrowed": bool(query.values["holding"] or query.values["search"]),
        "crumbs": crumbs(_("Nơi nhận"), outline.document),
    }
    return render(request, "resolutions/receipts.html", context)


@roles(*DOWN_THE_TREE)
@require_safe
def receipts_table(request, public_id):
    outline = seen_outline(request.user, public_id)
    rows = narrowed(receiving.rows_for(request.user, outline), HoldingQuery(request.GET).values)
    headings = [_("Chi bộ"), _("Tình trạng"), _("Bản đang giữ"), _("Ngày nhận"), _("Cách nhận"), _("Đã dùng ở buổi")]
    title = _("Nơi nhận %s") % outline.title
    return spreadsheets.table_response(
        request, outline, title, headings, map(cells_of_table, rows), action="outline.receipts_exported"
    )


def cells_of_table(row: CellRow) -> list:
    day = f"{row.day:%d/%m/%Y}" if row.day else ""
    uses = ", ".join(f"{use.day:%d/%m/%Y}" for use in row.uses)
    return [row.name, str(row.holding.label), row.edition or "", day, row.way, uses]


def narrowed(rows: list[CellRow], asked: dict) -> list[CellRow]:
    words = folded(asked["search"]).split()
    rows = [row for row in rows if not asked["holding"] or row.holding == asked["holding"]]
    return [row for row in rows if all(word in folded(row.name) for word in words)]


def seen_outline(user, public_id) -> Outline:
    return get_object_or_404(Outline.objects.for_user(user).select_related("document"), public_id=public_id)
