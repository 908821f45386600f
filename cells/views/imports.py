"""Imports: upload, preview, confirm, undo. The work itself is done in the background."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auditing import record
from accounts.idempotency import once
from accounts.querying import QueryForm
from accounts.refusing import Refused
from cells.access import roles
from cells.exchange.planning import sheet_called
from cells.forms.imports import HAS_IMPORTS, IMPORTS, IMPORTS_WORKBOOKS, DecisionForm, PlanQuery, UploadForm
from cells.importing import deciding, handing_out
from cells.importing.files import CHANGED, ON_A_PAGE, TABS, WRONG, Missing
from cells.importing.presenting import counts_by_sheet, lines_on, total
from cells.jobs.models import UNFINISHED, JobState
from cells.models import ImportBatch

ON_A_LIST = 20
Phase = ImportBatch.Phase


@roles(*HAS_IMPORTS)
@require_safe
def import_list(request):
    query = QueryForm(request.GET)
    batches = ImportBatch.objects.for_user(request.user)
    page = Paginator(batches, ON_A_LIST).get_page(query.values["page"])
    uploads = request.user.reach.holds(IMPORTS)
    return render(
        request, "cells/import_list.html", {"query": query, "page": page, "rows": list(page), "uploads": uploads}
    )


@roles(*IMPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    form = UploadForm(request.POST or None, request.FILES or None, reach=request.user.reach)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: received(request, form.cleaned_data))
        except Refused as refusal:
            form.add_error("file", refusal.text)
    context = {"form": form, "crumbs": [(_("Nhập dữ liệu"), reverse("cells:imports")), (_("Tải tệp lên"), "")]}
    return render(request, "cells/import_upload.html", context)


def received(request, given: dict) -> str:
    batch = deciding.receive(
        given["file"],
        given["kind"],
        user=request.user,
        cell=given["cell"],
        first_day=given["first_day"],
        request=request,
    )
    return address(batch)


def address(batch: ImportBatch) -> str:
    return reverse("cells:import", args=[batch.public_id])


def found(request, public_id) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.for_user(request.user), public_id=public_id)


@roles(*HAS_IMPORTS)
@require_safe
def import_page(request, public_id):
    batch = found(request, public_id)
    query = PlanQuery(request.GET)
    shown = query.values["show"]
    begun_at = place_of(batch) or (_("Nhập dữ liệu"), reverse("cells:imports"))
    context = state_of(batch) | {"query": query, "show": shown, "crumbs": [begun_at, (batch.file_name, "")]}
    if shown in TABS and context["has_plan"]:
        count = batch.summary["tabs"][shown]["count"]
        context["page"] = page = Paginator(range(count), ON_A_PAGE).get_page(query.values["page"])
        try:
            context["lines"] = lines_on(batch, shown, page.number)
        except Missing:
            context["is_missing"] = True
    return render(request, "cells/import.html", context)


@roles(*HAS_IMPORTS)
@require_safe
def import_state(request, public_id):
    """The part that changes while somebody watches; once the work is over, the whole page is asked for anew."""
    batch = found(request, public_id)
    response = render(request, "cells/includes/import_state.html", state_of(batch))
    if batch.state not in UNFINISHED:
        response.headers["HX-Refresh"] = "true"
    return response


def state_of(batch: ImportBatch) -> dict:
    is_over = batch.state == JobState.DONE
    has_plan = bool(batch.summary.get("tabs")) and not batch.forgotten_at
    totals = total(batch)
    alone = sheet_called(batch.sheet).alone if batch.sheet else None
    return {
        "batch": batch,
        "upload_url": alone.upload_page(batch.sheet_key) if alone else reverse("cells:import_upload"),
        "place": place_of(batch),
        "is_watching": batch.state in UNFINISHED,
        "has_plan": has_plan,
        "totals": totals,
        "sheets": counts_by_sheet(batch),
        "can_confirm": is_over and batch.phase == Phase.PLAN and has_plan and can_be_written(batch),
        "can_drop": is_over and batch.phase == Phase.PLAN,
        "can_undo": deciding.can_be_undone(batch),
        "can_retry": batch.state == JobState.FAILED and not batch.forgotten_at,
        "warnings": batch.summary["tabs"]["warnings"]["count"] if has_plan else 0,
        "wrong_lines": batch.summary["tabs"][WRONG]["count"] if has_plan else 0,
        "changed": totals[CHANGED],
    }


def place_of(batch: ImportBatch) -> tuple[str, str] | None:
    """What rows of one sheet are about: what it is called, and its page."""
    return sheet_called(batch.sheet).alone.page(batch.sheet_key) if batch.sheet else None


def can_be_written(batch: ImportBatch) -> bool:
    return batch.summary["is_right"] and not batch.summary["changes_nothing"]


@roles(*HAS_IMPORTS)
@require_safe
def wrong_rows(request, public_id):
    batch = found(request, public_id)
    if not batch.summary.get("tabs", {}).get(WRONG, {}).get("count") or batch.forgotten_at:
        raise Http404
    try:
        book = handing_out.wrong_rows(batch)
    except Missing:
        raise Http404 from None
    record("import.wrong_rows", target=batch, request=request)
    return handing_out.answer(book, "Dòng cần sửa.xlsx")


@roles(*IMPORTS_WORKBOOKS)
@require_safe
def workbook_template(request):
    record("import.template", request=request)
    return handing_out.answer(handing_out.empty_workbook(), "Mẫu sổ trao đổi.xlsx")


@roles(*IMPORTS)
@require_safe
def roster_template(request):
    record("import.template", request=request)
    return handing_out.answer(handing_out.empty_roster(), "Mẫu danh sách đảng viên.xlsx")


def decided(request, batch: ImportBatch, decide) -> HttpResponseRedirect:
    """Carry out what was decided; a refusal is told on the page of the import."""
    try:
        return once(request, lambda: decide() or address(batch))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return HttpResponseRedirect(address(batch))


@roles(*HAS_IMPORTS)
@require_POST
def confirm(request, public_id):
    batch = found(request, public_id)
    form = DecisionForm(request.POST)
    number = form.cleaned_data["plan"] if form.is_valid() else 0
    return decided(request, batch, lambda: deciding.confirm(batch, number, actor=request.user, request=request))


@roles(*HAS_IMPORTS)
@require_POST
def drop(request, public_id):
    batch = found(request, public_id)
    return decided(request, batch, lambda: deciding.drop(batch, actor=request.user, request=request))


@roles(*HAS_IMPORTS)
@require_POST
def undo(request, public_id):
    batch = found(request, public_id)
    return decided(request, batch, lambda: deciding.ask_for_undo(batch, actor=request.user, request=request))


@roles(*HAS_IMPORTS)
@require_POST
def retry(request, public_id):
    batch = found(request, public_id)
    return decided(request, batch, lambda: deciding.try_again(batch, actor=request.user, request=request))
