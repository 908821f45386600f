"""All reports of a period under one committee: seen, taken away as an archive, or asked for as one PDF and fetched."""

import datetime as dt
import logging
import tempfile

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.auditing import record
from accounts.file_names import download_name
from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.jobs.models import UNFINISHED
from cells.reach import DOWN_THE_TREE
from reports import binding, joining
from reports.bundling import Bundled, archive, digest_of, reports_below
from reports.making import whole_file
from reports.models import Bundle, Report, Stage
from reports.request_forms import BundleAsked, BundleQuery
from reports.rows import names_at
from reports.statistics import organisation_name

logger = logging.getLogger(__name__)

MADE_SHOWN = 10
SINCE = (Stage.RETURNED, Stage.REPLACED)  # what may have become of a report that was sent


@roles(*DOWN_THE_TREE)
@require_safe
def bundle_page(request):
    query = BundleQuery(request.GET, user=request.user)
    bundled = bundled_for(request, query)
    made = binding.bundle_of(request.user, query.top, query.period, bundled) if bundled else None
    context = {
        "query": query,
        "bundled": bundled,
        "seen": digest_of(bundled),
        "made": made,
        "is_in_work": made is not None and made.state in UNFINISHED,
        "earlier": list(earlier_of(request.user)),
        "crumbs": crumbs((_("Tập báo cáo"), "")),
    }
    return render(request, "reports/bundle.html", context)


def crumbs(*more) -> list[tuple]:
    return [(_("Báo cáo"), reverse("reports:list")), *more]


def bundled_for(request, query: BundleQuery) -> list[Bundled]:
    return reports_below(request.user, query.top, query.period) if query.top else []


def earlier_of(user):
    """(bundle, name of its committee)."""
    bundles = list(Bundle.objects.for_user(user).defer("papers")[:MADE_SHOWN])
    days = {bundle.pk: bundle.covered.last_day for bundle in bundles}
    names = names_at((bundle.top_id, days[bundle.pk]) for bundle in bundles)
    return [(bundle, names[bundle.top_id, days[bundle.pk]]) for bundle in bundles]


@roles(*DOWN_THE_TREE)
@require_POST
def ask_for_bundle(request):
    query = BundleAsked(request.POST, user=request.user)
    try:
        return once(request, lambda: asked(request, query))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(f"{reverse('reports:bundle')}{query.link(seen=None)}")


def asked(request, query: BundleAsked) -> str:
    bundled, seen = bundled_for(request, query), query.values["seen"]
    return address(binding.ask(request.user, query.top, query.period, bundled, seen, request))


def address(bundle: Bundle) -> str:
    return reverse("reports:made_bundle", args=[bundle.public_id])


@roles(*DOWN_THE_TREE)
@require_safe
def bundle_zip(request):
    query = BundleQuery(request.GET, user=request.user)
    bundled = bundled_for(request, query)
    file = tempfile.TemporaryFile(dir=settings.DATA_DIR)  # noqa: SIM115 - the response closes it
    try:
        archive(bundled, file)
    except (Refused, OSError) as error:
        file.close()
        return told(request, query, error)
    detail = {"period": query.period.code, "reports": len(bundled), "format": "zip"}
    record("report.bundled", target=query.top, detail=detail, request=request)
    file.seek(0)
    title = titled(query.period, organisation_name(query.top, query.period.last_day))
    return as_download(FileResponse(file, content_type="application/zip"), f"{title}.zip", ".zip")


def titled(period, name: str) -> str:
    return _("Tập báo cáo %(period)s, %(name)s") % {"period": period.label, "name": name}


def told(request, query: BundleQuery, error: Exception):
    if isinstance(error, OSError):
        logger.error("a file of a bundle cannot be read (errno %s)", error.errno)
    messages.error(request, getattr(error, "text", "") or _("Có tệp báo cáo không đọc được. Hãy báo quản trị viên."))
    return redirect(f"{reverse('reports:bundle')}{query.link()}")


def as_download(response, title: str, extension: str):
    name = download_name(title, (extension,))
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def seen(user, public_id) -> Bundle:
    """One's own, of reports that one may still read, each of them."""
    bundle = get_object_or_404(Bundle.objects.for_user(user).select_related("top"), public_id=public_id)
    if not joining.can_fetch(user, bundle):
        raise Http404
    return bundle


@roles(*DOWN_THE_TREE)
@require_safe
def made_bundle(request, public_id):
    bundle = seen(request.user, public_id)
    mark_seen(request.user, bundle)
    name = organisation_name(bundle.top, bundle.covered.last_day)
    context = bundle_context(bundle) | {
        "title": titled(bundle.covered, name),
        "papers": papers_of(request.user, bundle),
        "crumbs": crumbs((_("Tập báo cáo"), page_of(bundle)), (f"{name}, {bundle.covered.label}", "")),
    }
    return render(request, "reports/made_bundle.html", context)


def page_of(bundle: Bundle) -> str:
    """Where the reports that are there now are listed."""
    return f"{reverse('reports:bundle')}{BundleQuery.about(bundle.covered, bundle.top)}"


def papers_of(user, bundle: Bundle) -> list[tuple]:
    """(public id, bookmark, what has become of it since) in order."""
    found = Report.objects.for_user(user).filter(pk__in=bundle.report_ids)
    reports = {one.pk: one for one in found.only("public_id", "stage")}
    papers = [(reports[pk], title) for pk, title in bundle.papers]
    return [(one.public_id, title, one.get_stage_display() if one.stage in SINCE else "") for one, title in papers]


@roles(*DOWN_THE_TREE)
@require_safe
def bundle_state(request, public_id):
    """The part of the page that changes while somebody watches."""
    bundle = seen(request.user, public_id)
    mark_seen(request.user, bundle)
    return render(request, "reports/includes/bundle_state.html", bundle_context(bundle))


def bundle_context(bundle: Bundle) -> dict:
    return {
        "bundle": bundle,
        "is_watching": bundle.state in UNFINISHED,
        "kept_until": bundle.finished and bundle.finished + dt.timedelta(days=settings.RETENTION_BUNDLES_DAYS),
        "page": page_of(bundle),
    }


def mark_seen(user, bundle: Bundle) -> None:
    if bundle.seen_at is None and bundle.state not in UNFINISHED:
        Bundle.objects.for_user(user).filter(pk=bundle.pk, state=bundle.state).update(seen_at=timezone.now())


@roles(*DOWN_THE_TREE)
@require_POST
def make_bundle_again(request, public_id):
    bundle = seen(request.user, public_id)
    try:
        return once(request, lambda: made_again(request, bundle))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address(bundle))


def made_again(request, bundle: Bundle) -> str:
    binding.make_again(bundle, request)
    return address(bundle)


@roles(*DOWN_THE_TREE)
@require_POST
def call_off_bundle(request, public_id):
    bundle = seen(request.user, public_id)
    return once(request, lambda: called_off(request, bundle))


def called_off(request, bundle: Bundle) -> str:
    if binding.call_off(bundle, request):
        messages.info(request, _("Đã hủy việc gộp."))
    return address(bundle)


@roles(*DOWN_THE_TREE)
@require_safe
def download_bundle(request, public_id):
    bundle = seen(request.user, public_id)
    if not bundle.is_there:
        raise Http404
    file = whole_file(bundle)
    if file is None:
        logger.error("the file of bundle %s is missing or not what was made", bundle.pk)
        messages.error(request, _("Không tìm thấy tệp này trên máy chủ. Hãy gộp lại."))
        return redirect(address(bundle))
    title = titled(bundle.covered, organisation_name(bundle.top, bundle.covered.last_day))
    response = as_download(FileResponse(file, content_type="application/pdf"), f"{title}.pdf", ".pdf")
    response.headers["Content-Length"] = bundle.size
    if request.method == "GET":
        record("report.bundle_downloaded", target=bundle, detail={"sha256": bundle.sha256}, request=request)
    return response
