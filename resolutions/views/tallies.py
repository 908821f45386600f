"""What reports of other years state of conferences, typed by hand and marked so; it enters no figure."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.querying import QueryForm
from accounts.refusing import Refused
from cells.access import require, roles
from cells.models import Organisation
from cells.naming import names_for
from cells.reach import AT_THE_CELL, DOWN_THE_TREE
from resolutions import stating
from resolutions.adding_up import HeadCount, head_count
from resolutions.conference_forms import TallyForm, VersionedForm
from resolutions.convening import ChangedMeanwhile
from resolutions.models import KEEPERS, StatedTally, keeps_at
from resolutions.views.convening import compared, crumbs
from resolutions.views.documents import places_of
from resolutions.views.sites import status_of

ROWS_ON_A_PAGE = 50
LIST = "resolutions:tallies"


@roles(*AT_THE_CELL, *DOWN_THE_TREE)
@require_safe
def tallies(request):
    user, query = request.user, QueryForm(request.GET)
    seen = StatedTally.objects.for_user(user)
    page = Paginator(seen, ROWS_ON_A_PAGE).get_page(query.values["page"])
    names = names_for(user, {row.organisation_id for row in page}, user.reach.day)
    context = {
        "query": query,
        "page": page,
        "rows": [row_of(row, names, user) for row in page],
        "sums": sums_of(seen),
        "keeps": bool(keeps_at(user.reach)),
        "crumbs": crumbs(None, _("Số liệu nhập tay về hội nghị")),
    }
    return render(request, "resolutions/tallies.html", context)


def row_of(row: StatedTally, names: dict[int, str], user) -> dict:
    return {
        "tally": row,
        "name": names.get(row.organisation_id, ""),
        "number": stating.number_printed(row.number, row.number_mark),
        "rate": stating.rate_printed(row),
        "keeps": row.is_kept_by(user.reach),
    }


def sums_of(seen) -> list[tuple[int, str]]:
    """[(year, the sum with its word)]."""
    found: dict[int, list] = {}
    for year, number, mark in seen.values_list("year", "number", "number_mark"):
        found.setdefault(year, []).append(HeadCount(0, number, mark))
    totals = [(year, head_count(rows)) for year, rows in sorted(found.items(), reverse=True)]
    return [(year, stating.number_printed(total.present, total.estimate)) for year, total in totals]


@roles(*KEEPERS)
def add_tally(request):
    form = TallyForm(request.POST or None, places=places_of(request.user))

    def write() -> str:
        organisation = Organisation.objects.for_user(request.user).get(pk=form.place)
        stating.add(organisation, form.cleaned_data, actor=request.user, request=request)
        messages.success(request, _("Đã ghi."))
        return reverse(LIST)

    if form.is_valid():
        return once(request, write)
    return tally_page(request, form, _("Ghi số liệu nhập tay"))


def tally_page(request, form, title: str, tally: StatedTally | None = None, versions=None):
    lead = _("Dùng cho số liệu chỉ có trong báo cáo cũ. Số này không cộng vào số liệu tính từ hội nghị.")
    context = {"form": form, "title": title, "lead": lead, "back": reverse(LIST), "tally": tally}
    context["versions"] = versions
    context["crumbs"] = crumbs(None, title)
    return render(request, "resolutions/tally_form.html", context, status=status_of(form, versions))


def kept_tally(user, public_id) -> StatedTally:
    tally = get_object_or_404(StatedTally.objects.for_user(user), public_id=public_id)
    require(tally.is_kept_by(user.reach))
    return tally


@roles(*KEEPERS)
def change_tally(request, public_id):
    tally = kept_tally(request.user, public_id)

    def opened(data=None) -> TallyForm:
        initial = {name: getattr(tally, name) for name in (*stating.STATED, "version")}
        return TallyForm(data, places={tally.organisation_id: ""}, initial=initial)

    form, versions = opened(request.POST or None), None

    def write() -> str:
        version = form.cleaned_data["version"] or tally.version
        stating.change(tally, form.cleaned_data, version=version, actor=request.user, request=request)
        messages.success(request, _("Đã sửa."))
        return reverse(LIST)

    if form.is_valid():
        try:
            return once(request, write)
        except ChangedMeanwhile:
            tally = kept_tally(request.user, public_id)
            versions = compared(form, opened())
    return tally_page(request, form, _("Sửa số liệu nhập tay"), tally, versions)


@roles(*KEEPERS)
@require_POST
def remove_tally(request, public_id):
    tally = kept_tally(request.user, public_id)
    form = VersionedForm(request.POST)

    def write() -> str:
        stating.remove(tally, version=form.cleaned_data["version"], actor=request.user, request=request)
        messages.success(request, _("Đã bỏ dòng."))
        return reverse(LIST)

    if not form.is_valid():
        return redirect(LIST)
    try:
        return once(request, write)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(LIST)
