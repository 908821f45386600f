"""Receiving sites: set up by the host, reported on by each site's own people."""

import io

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from openpyxl import Workbook

from accounts.idempotency import once
from accounts.refusing import Refused
from cells import spreadsheets
from cells.access import require, roles
from cells.exchange.exporting import write_sheet
from cells.forms.imports import FileForm
from cells.importing import deciding
from cells.models import ImportBatch, Role
from cells.reach import AT_THE_CELL
from cells.taking_away import taken_away
from resolutions import gathering
from resolutions.conference_forms import HeadsForm, SiteForm, VersionedForm
from resolutions.convening import ChangedMeanwhile
from resolutions.models import KEEPERS, ReceivingSite, StudyConference, reports_for
from resolutions.narrowing import with_name
from resolutions.views.convening import address_of, compared, crumbs, kept_conference, page
from resolutions.workbook import SitesSheet, sites_of

REPORTERS = frozenset({*AT_THE_CELL, Role.BOARD, Role.COMMITTEE})
Way = ReceivingSite.Way


def site_for(user, public_id) -> ReceivingSite:
    """One that the user reports on, as one of the site or for the host."""
    sites = ReceivingSite.objects.for_user(user).select_related("conference__organisation", "organisation")
    site = get_object_or_404(sites, public_id=public_id)
    require(is_own(user, site) or site.conference.is_kept_by(user.reach))
    return site


def is_own(user, site: ReceivingSite) -> bool:
    return site.organisation_id is not None and site.organisation_id in reports_for(user.reach)


def kept_site(user, public_id) -> ReceivingSite:
    site = site_for(user, public_id)
    require(site.conference.is_kept_by(user.reach))
    return site


def page_of(site: ReceivingSite) -> str:
    return reverse("resolutions:site", args=[site.public_id])


@roles(*KEEPERS)
def add_site(request, public_id):
    conference = kept_conference(request.user, public_id)
    form = SiteForm(request.POST or None, places=gathering.places_below(conference))
    if form.is_valid():
        try:
            return once(request, lambda: added(request, conference, form))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
    return page(request, conference, form, _("Thêm điểm cầu"), address_of(conference), adds_sites=conference)


def added(request, conference: StudyConference, form: SiteForm) -> str:
    site = gathering.add(conference, form.told, actor=request.user, request=request)
    messages.success(request, _("Đã thêm %s.") % site.name)
    return address_of(conference)


@roles(*KEEPERS)
@require_POST
def add_children(request, public_id):
    conference = kept_conference(request.user, public_id)

    def write() -> str:
        made = gathering.add_children(conference, actor=request.user, request=request)
        messages.success(request, _("Đã thêm %d điểm cầu của các đơn vị trực thuộc.") % made)
        return address_of(conference)

    return carried_out(request, write, address_of(conference))


def carried_out(request, write, back: str):
    """Of buttons without a page of their own: a refusal is told where the button was."""
    try:
        return once(request, write)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(back)


@roles(*KEEPERS)
def change_site(request, public_id):
    site = kept_site(request.user, public_id)
    form, versions = opened_site(site, request.POST or None), None
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, site, form))
        except ChangedMeanwhile:
            versions = compared(form, opened_site(kept_site(request.user, public_id)))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
    return page(request, site.conference, form, _("Sửa điểm cầu"), page_of(site), versions=versions)


def opened_site(site: ReceivingSite, data=None) -> SiteForm:
    places = gathering.places_below(site.conference)
    if site.organisation and site.organisation not in [one for one, _name in places]:
        places.append((site.organisation, site.name))
    initial = {"name": site.name, "expected": site.expected, "version": site.version}
    initial["organisation"] = str(site.organisation.public_id) if site.organisation else ""
    return SiteForm(data, places=places, initial=initial)


def changed(request, site: ReceivingSite, form: SiteForm) -> str:
    version = form.cleaned_data["version"] or site.version
    gathering.change(site, form.told, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa điểm cầu."))
    return page_of(site)


@roles(*KEEPERS)
@require_POST
def remove_site(request, public_id):
    site = kept_site(request.user, public_id)
    form = VersionedForm(request.POST)
    if not form.is_valid():
        return redirect(page_of(site))

    def write() -> str:
        gathering.remove(site, version=form.cleaned_data["version"], actor=request.user, request=request)
        messages.success(request, _("Đã bỏ điểm cầu."))
        return address_of(site.conference)

    return carried_out(request, write, page_of(site))


@roles(*REPORTERS)
def site(request, public_id):
    """The page of one site: how many were called, how many came."""
    user = request.user
    here = site_for(user, public_id)
    way = Way.PAGE if is_own(user, here) else Way.HOST
    form, versions = HeadsForm(request.POST or None, initial=heads_of(here)), None
    if form.is_valid():
        try:
            return once(request, lambda: reported(request, here, form.cleaned_data, way))
        except ChangedMeanwhile:
            here = site_for(user, public_id)
            versions = compared(form, HeadsForm(initial=heads_of(here)))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = site_context(request, here, form) | {"versions": versions}
    return render(request, "resolutions/site.html", context, status=status_of(form, versions))


def status_of(form, versions) -> int:
    return 409 if versions is not None else 422 if form.is_bound else 200


def heads_of(here: ReceivingSite) -> dict:
    initial = {"expected": here.expected, "estimate": here.estimate, "version": here.version}
    return initial if here.is_missing else initial | {"present": here.present}


def site_context(request, here: ReceivingSite, form) -> dict:
    user, conference = request.user, here.conference
    keeps = conference.is_kept_by(user.reach)
    sees = keeps or StudyConference.objects.for_user(user).filter(pk=conference.pk).exists()
    token = gathering.token_of(here) if keeps else ""
    return {
        "site": here,
        "conference": with_name(conference),
        "form": form,
        "keeps": keeps,
        "may_report": conference.day <= user.reach.day and conference.state != StudyConference.State.CANCELLED,
        "link": request.build_absolute_uri(reverse("resolutions:site_link", args=[token])) if token else "",
        "code": picture(request, token) if token else "",
        "calls_the_roll": calls_the_roll(user, here),
        "crumbs": crumbs(conference, here.name) if sees else [],
    }


def picture(request, token: str) -> str:
    url = request.build_absolute_uri(reverse("resolutions:site_link", args=[token]))
    return segno.make(url, error="m").svg_data_uri(scale=4, border=2)


def calls_the_roll(user, here: ReceivingSite) -> bool:
    return here.organisation_id is not None and here.organisation_id in user.reach.own(AT_THE_CELL)


def reported(request, here: ReceivingSite, told: dict, way: str) -> str:
    gathering.report(
        here, told, way, version=told["version"], today=request.user.reach.day, actor=request.user, request=request
    )
    messages.success(request, _("Đã ghi số người dự của điểm cầu."))
    return page_of(here)


@roles(*KEEPERS)
@require_POST
def make_link(request, public_id):
    here = kept_site(request.user, public_id)

    def write() -> str:
        gathering.make_link(here, actor=request.user, request=request)
        messages.success(request, _("Đã lập đường dẫn. Đường dẫn cũ, nếu có, không dùng được nữa."))
        return page_of(here)

    return carried_out(request, write, page_of(here))


@roles(*KEEPERS)
@require_POST
def revoke_link(request, public_id):
    here = kept_site(request.user, public_id)

    def write() -> str:
        gathering.revoke_link(here, actor=request.user, request=request)
        messages.success(request, _("Đã thu hồi đường dẫn."))
        return page_of(here)

    return carried_out(request, write, page_of(here))


@roles(*KEEPERS)
@require_POST
def make_links(request, public_id):
    conference = kept_conference(request.user, public_id)

    def write() -> str:
        made = gathering.make_links(conference, actor=request.user, request=request)
        messages.success(request, _("Đã lập %d đường dẫn. Hãy tải bảng để gửi từng điểm cầu.") % made)
        return address_of(conference)

    return carried_out(request, write, address_of(conference))


@roles(*KEEPERS)
@require_safe
def links_table(request, public_id):
    """Each site with its numbers and its link, to be sent to it and to nobody else."""
    conference = kept_conference(request.user, public_id)
    headings = [
        *(
            _("Điểm cầu"),
            _("Triệu tập"),
            _("Có mặt"),
            _("Ước lượng"),
            _("Đã báo số"),
            _("Đường dẫn"),
            _("Dùng đến ngày"),
        ),
    ]
    rows = (
        row_of(request, here) for here in ReceivingSite.objects.for_user(request.user).filter(conference=conference)
    )
    title = _("Điểm cầu hội nghị %s") % f"{conference.day:%d-%m-%Y}"
    return spreadsheets.table_response(
        request, conference.organisation, title, headings, rows, action="site.table_exported"
    )


@roles(*KEEPERS)
@require_safe
def sites_workbook(request, public_id):
    """The sheet of the exchange workbook with this conference's sites; filled in, `import_sites` takes it."""
    conference = kept_conference(request.user, public_id)
    refused = taken_away(request, "site.table_exported", conference.sites.count(), target=conference)
    if refused:
        return refused
    book, content = Workbook(write_only=True), io.BytesIO()
    write_sheet(book, SitesSheet(), sites_of(conference))
    book.save(content)
    return spreadsheets.attachment(content.getvalue(), _("Điểm cầu %s") % conference.code)


@roles(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_sites(request, public_id):
    """A file with the sites of this conference; what becomes of it is seen, confirmed and undone on its own page."""
    conference = kept_conference(request.user, public_id)
    form = FileForm(request.POST or None, request.FILES or None)
    try:
        gathering.refuse_sites(conference)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address_of(conference))
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: received(request, conference, form.cleaned_data["file"]))
        except Refused as refusal:
            form.add_error("file", refusal.text)
    context = {"form": form, "conference": with_name(conference), "crumbs": crumbs(conference, _("Nhập điểm cầu"))}
    return render(request, "resolutions/import_sites.html", context)


def received(request, conference: StudyConference, file) -> str:
    about = {"sheet": SitesSheet.title, "sheet_key": conference.code}
    batch = deciding.receive(file, ImportBatch.Kind.SHEET, user=request.user, request=request, **about)
    return reverse("cells:import", args=[batch.public_id])


def row_of(request, here: ReceivingSite) -> list:
    token = gathering.token_of(here)
    url = request.build_absolute_uri(reverse("resolutions:site_link", args=[token])) if token else ""
    return [
        *(here.name, here.expected, "" if here.is_missing else here.present),
        here.get_estimate_display() if here.estimate else "",
        _("chưa") if here.is_missing else _("rồi"),
        url,
        f"{here.link_until:%d/%m/%Y}" if token else "",
    ]


@login_not_required
def site_link(request, token):
    """For a site whose people do not log in: shows and takes the numbers of this one site, nothing else."""
    here = gathering.site_of(token)
    if here is None:
        is_flood = gathering.note_refusal(request)
        return render(request, "resolutions/site_link_gone.html", status=429 if is_flood else 404)
    form, versions = HeadsForm(request.POST or None, initial=heads_of(here)), None
    if form.is_valid():
        try:
            gathering.refuse_flood(here)
            gathering.report(
                here,
                form.cleaned_data,
                Way.LINK,
                version=form.cleaned_data["version"],
                today=timezone.localdate(),
                actor=None,
                request=request,
            )
            return HttpResponseRedirect(request.path)
        except gathering.TooOften as refusal:
            return render(request, "resolutions/site_link_gone.html", {"text": refusal.text}, status=429)
        except ChangedMeanwhile:
            here = gathering.site_of(token) or here
            versions = compared(form, HeadsForm(initial=heads_of(here)))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    conference = with_name(here.conference)
    context = {
        "site": here,
        "conference": conference,
        "form": form,
        "versions": versions,
        "may_report": conference.day <= timezone.localdate(),
    }
    response = render(request, "resolutions/site_link.html", context, status=status_of(form, versions))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
