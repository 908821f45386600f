"""Reports asked for, watched, fetched, tried again and made anew."""

import hashlib
import logging
from typing import BinaryIO

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auditing import record
from accounts.file_names import download_name
from accounts.idempotency import once
from cells.access import require, roles
from reports.access import ASKS_FOR_REPORTS, SEES_REPORTS
from reports.forms import ReportQuery, ReportRequestForm, latest_quarter
from reports.models import Artifact, Notice, Report
from reports.periods import Period
from reports.requesting import UNFINISHED, request_again, request_report, retry, waiting_before
from reports.rows import names_at

logger = logging.getLogger(__name__)

ON_A_PAGE = 20
STATES = {
    "": list(Report.State),
    "working": list(UNFINISHED),
    Report.State.DONE: [Report.State.DONE],
    Report.State.FAILED: [Report.State.FAILED],
}


@roles(*SEES_REPORTS)
@require_safe
def report_list(request):
    query = ReportQuery(request.GET)
    reports = Report.objects.for_user(request.user).filter(state__in=STATES[query.values["state"]])
    reports = reports.select_related("organisation", "requested_by", "artifact")
    page = Paginator(reports, ON_A_PAGE).get_page(query.values["page"])
    context = {
        "query": query,
        "page": page,
        "rows": described(page),
        "may_ask": request.user.reach.holds(ASKS_FOR_REPORTS),
    }
    return render(request, "reports/report_list.html", context)


def described(reports) -> list[tuple]:
    """(report, name of its organisation on its last day, period)."""
    reports = list(reports)
    periods = [Period.parse(report.period, report.until) for report in reports]
    names = names_at((report.organisation_id, report.until) for report in reports)
    return [
        (report, names[report.organisation_id, report.until], period)
        for report, period in zip(reports, periods, strict=True)
    ]


@roles(*ASKS_FOR_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request):
    form = ReportRequestForm(request.POST or None, user=request.user, initial=latest_quarter(timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        return once(request, lambda: requested(form, request.user))
    context = {"form": form, "crumbs": [(_("Báo cáo"), reverse("reports:list")), (_("Lập báo cáo"), "")]}
    return render(request, "reports/report_request.html", context)


def requested(form: ReportRequestForm, user) -> str:
    report = request_report(form.cleaned_data["organisation"], form.cleaned_data["period"], user)
    return address(report)


def address(report: Report) -> str:
    return reverse("reports:detail", args=[report.public_id])


def found(request, public_id) -> Report:
    reports = Report.objects.for_user(request.user).select_related("organisation", "requested_by", "artifact")
    return get_object_or_404(reports, public_id=public_id)


@roles(*SEES_REPORTS)
@require_safe
def report_page(request, public_id):
    report = found(request, public_id)
    mark_read(report, request.user)
    (_report, name, period), *_none = described([report])
    context = report_context(request, report) | {
        "name": name,
        "period": period,
        "crumbs": [(_("Báo cáo"), reverse("reports:list")), (f"{name}, {period.label}", "")],
    }
    return render(request, "reports/report.html", context)


@roles(*SEES_REPORTS)
@require_safe
def report_state(request, public_id):
    """The part of the page that changes while somebody watches; it asks for itself again until all is over."""
    report = found(request, public_id)
    mark_read(report, request.user)
    return render(request, "reports/includes/report_state.html", report_context(request, report))


def report_context(request, report: Report) -> dict:
    is_watching = report.state in UNFINISHED
    ahead = waiting_before(report) if is_watching else 0
    return {
        "report": report,
        "is_watching": is_watching,
        "ahead": ahead,
        "may_ask": request.user.reach.acts_at(ASKS_FOR_REPORTS, report.organisation_id),
    }


def mark_read(report: Report, user) -> None:
    Notice.unscoped.filter(report=report, user=user, read_at=None).update(read_at=timezone.now())


@roles(*ASKS_FOR_REPORTS)
@require_POST
def try_again(request, public_id):
    report = found(request, public_id)
    require(request.user.reach.acts_at(ASKS_FOR_REPORTS, report.organisation_id))
    return once(request, lambda: address(retry(report, request.user)))


@roles(*ASKS_FOR_REPORTS)
@require_POST
def make_anew(request, public_id):
    report = found(request, public_id)
    require(request.user.reach.acts_at(ASKS_FOR_REPORTS, report.organisation_id))
    return once(request, lambda: address(request_again(report, request.user)))


def whole_file(artifact: Artifact) -> BinaryIO | None:
    """The file, if it is byte for byte what was built: figures that people sign are not to come from a damaged disk."""
    try:
        file = (settings.DATA_DIR / artifact.path).open("rb")
    except OSError:
        return None
    if hashlib.file_digest(file, "sha256").hexdigest() != artifact.sha256:
        file.close()
        return None
    file.seek(0)
    return file


@roles(*SEES_REPORTS)
@require_safe
def download(request, public_id):
    """The right is asked again here, whatever it was when the report was requested."""
    report = found(request, public_id)
    artifact = get_object_or_404(Artifact.unscoped, report=report)
    file = whole_file(artifact)
    if file is None:
        logger.error("the file of report %s is missing or not what was built", report.pk)
        return render(request, "reports/file_missing.html", report_context(request, report), status=404)
    (_report, name, period), *_none = described([report])
    title = f"Báo cáo {name} {period.code}" + (f" bản {report.revision}" if report.revision > 1 else "")
    response = FileResponse(
        file,
        as_attachment=True,
        filename=download_name(f"{title}.pdf", (".pdf",)),
        content_type="application/pdf",
    )
    response.headers["Content-Length"] = artifact.size
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.method == "GET":
        record("report_downloaded", target=report, detail={"sha256": artifact.sha256}, request=request)
    return response
