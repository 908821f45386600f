"""The book in which paper documents change hands."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.idempotency import once
from cells import spreadsheets
from cells.access import require, roles
from cells.models import Organisation
from cells.naming import names_for
from cells.taking_away import first_rows, taken_away
from resolutions import handing_over
from resolutions.filing_forms import BookQuery, CancelLineForm, HandoverForm, ReturnForm
from resolutions.models import HANDS_OVER, PaperHandover
from resolutions.views.documents import crumbs

ROWS_ON_A_PAGE = 50


@roles(*HANDS_OVER)
@require_safe
def handovers(request):
    query = BookQuery(request.GET)
    page = Paginator(lines_for(request.user, query), ROWS_ON_A_PAGE).get_page(query.values["page"])
    context = {
        "query": query,
        "page": page,
        "rows": named(request.user, page),
        "crumbs": crumbs(_("Sổ giao nhận văn bản giấy")),
    }
    return render(request, "resolutions/handovers.html", context)


@roles(*HANDS_OVER)
@require_safe
def handovers_print(request):
    rows = named(request.user, first_rows(lines_for(request.user, BookQuery(request.GET))))
    refused = taken_away(request, "handover.exported", len(rows))
    if refused:
        return refused
    context = {"rows": rows, "day": timezone.localdate(), "crumbs": crumbs(_("Bản in sổ giao nhận"))}
    context["watermark"] = spreadsheets.watermark(request.user)
    return render(request, "resolutions/handovers_print.html", context)


@roles(*HANDS_OVER)
@require_safe
def handovers_table(request):
    lines = first_rows(lines_for(request.user, BookQuery(request.GET)))
    headings = [
        *(_("Tổ chức"), _("Số thứ tự"), _("Ngày giao"), _("Số bản"), _("Người giao"), _("Người nhận")),
        *(_("Ngày trả lại"), _("Hủy")),
    ]
    rows = (
        [
            *(name, line.number, f"{line.day:%d/%m/%Y}", line.copies, line.handed_by, line.received_by),
            *(f"{line.returned_on:%d/%m/%Y}" if line.returned_on else "", line.get_cancelled_display()),
        ]
        for line, name, _may_change in named(request.user, lines)
    )
    title = _("Sổ giao nhận văn bản giấy")
    return spreadsheets.table_response(request, None, title, headings, rows, action="handover.exported")


@roles(*HANDS_OVER)
def enter(request):
    user = request.user
    places = names_for(user, user.reach.at(HANDS_OVER), user.reach.day)
    form = HandoverForm(
        request.POST or None, places=places, initial={"day": timezone.localdate(), "handed_by": user.full_name}
    )
    if form.is_valid():
        return once(request, lambda: entered(request, form))
    context = {"form": form, "crumbs": book_crumbs(_("Ghi giao văn bản"))}
    return render(request, "resolutions/handover_enter.html", context, status=422 if form.is_bound else 200)


def entered(request, form: HandoverForm) -> str:
    organisation = Organisation.objects.for_user(request.user).get(pk=form.place)
    fields = {name: form.cleaned_data[name] for name in ("day", "copies", "handed_by", "received_by")}
    line = handing_over.enter(organisation, fields, actor=request.user, request=request)
    messages.success(request, _("Đã ghi vào sổ, số thứ tự %s.") % line)
    return reverse("resolutions:handovers")


@roles(*HANDS_OVER)
def handover_returned(request, public_id):
    line = kept_line(request.user, public_id)
    form = ReturnForm(request.POST or None, line=line, initial={"returned_on": timezone.localdate()})
    return line_page(
        request,
        line,
        form,
        lambda: handing_over.give_back(line, form.cleaned_data["returned_on"], actor=request.user, request=request),
        _("Ghi trả lại"),
    )


@roles(*HANDS_OVER)
def handover_cancel(request, public_id):
    line = kept_line(request.user, public_id)
    form = CancelLineForm(request.POST or None)
    return line_page(
        request,
        line,
        form,
        lambda: handing_over.cancel(line, form.cleaned_data["cancelled"], actor=request.user, request=request),
        _("Hủy dòng này"),
    )


def line_page(request, line: PaperHandover, form, do, title: str):
    def write() -> str:
        do()
        messages.success(request, _("Đã ghi vào sổ."))
        return reverse("resolutions:handovers")

    if form.is_valid():
        try:
            return once(request, write)
        except handing_over.NoLongerOut as refusal:
            form.add_error(None, refusal.text)
    context = {"form": form, "line": line, "title": title, "crumbs": book_crumbs(title)}
    return render(request, "resolutions/handover_line.html", context, status=422 if form.is_bound else 200)


def lines_for(user, query: BookQuery):
    lines = PaperHandover.objects.for_user(user).order_by("organisation", "-number")
    year = query.values["year"]
    return lines.filter(day__year=year) if year else lines


def named(user, lines) -> list[tuple[PaperHandover, str, bool]]:
    """(line, name of its organisation, whether the user may still write to it)."""
    lines = list(lines)
    names = names_for(user, {line.organisation_id for line in lines}, user.reach.day)
    return [(line, names.get(line.organisation_id, ""), may_change(user, line)) for line in lines]


def may_change(user, line: PaperHandover) -> bool:
    return not line.returned_on and not line.cancelled and line.organisation_id in user.reach.at(HANDS_OVER)


def kept_line(user, public_id) -> PaperHandover:
    line = get_object_or_404(PaperHandover.objects.for_user(user), public_id=public_id)
    require(line.organisation_id in user.reach.at(HANDS_OVER))
    return line


def book_crumbs(here: str) -> list[tuple[str, str]]:
    *documents, _here = crumbs("")
    return [*documents, (_("Sổ giao nhận"), reverse("resolutions:handovers")), (here, "")]
