"""A report in the forms that an office works with, and the scan of its signed copy."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.auditing import record
from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import require, roles
from cells.papers import verifying, word
from cells.spreadsheets import attachment
from cells.uploads import answering, releasing
from reports import scanning
from reports.access import ASKS_FOR_REPORTS, SEES_REPORTS, writes
from reports.composing import compose
from reports.models import Report, ReportScan
from reports.paper_forms import ScanForm
from reports.showing import content_of
from reports.tabulating import workbook_of
from reports.views_papers import address, for_writers, frame, seen
from sessions.views.papers import as_file


@roles(*SEES_REPORTS)
@require_safe
def word_file(request, public_id):
    """The same words and figures as the PDF, from a template that the office may replace."""
    report = seen(request.user, public_id)
    content = content_of(report)
    noted(request, report, "docx")
    return as_file(word.render(content), content["title"], "docx")


@roles(*SEES_REPORTS)
@require_safe
def spreadsheet(request, public_id):
    """The same content as a table, with the full list of what every figure was counted from."""
    report = seen(request.user, public_id)
    content = content_of(report)
    frozen = report.figures if report.is_signed else compose(report)["figures"]
    noted(request, report, "xlsx")
    return attachment(workbook_of(content, frozen, request.user), content["title"])


def noted(request, report: Report, form: str) -> None:
    if request.method == "GET":
        record("report.exported", target=report, detail={"format": form}, request=request)


def seen_scan(user, public_id) -> ReportScan:
    scans = ReportScan.objects.for_user(user).select_related("report__organisation")
    return get_object_or_404(scans, public_id=public_id)


def own_scan(user, public_id) -> ReportScan:
    scan = seen_scan(user, public_id)
    require(writes(user, scan.report))
    return scan


@roles(*ASKS_FOR_REPORTS)
def add_scan(request, public_id):
    report = for_writers(request.user, public_id)
    form = ScanForm(request.POST or None, request.FILES or None)
    if form.is_valid() and (accepted := form.accept_file(actor=request.user, request=request)):
        try:
            signatures = scanning.signatures_on(report, accepted)
            return once(request, lambda: added(request, report, accepted, signatures))
        except Refused as refusal:
            form.add_error(None, refusal.text)
        except verifying.NotSigned as refusal:
            form.add_error("file", str(refusal))
    return render(request, "reports/scan.html", frame(report, _("Thêm bản ký")) | {"form": form})


def added(request, report: Report, accepted, signatures) -> str:
    scanning.add(report, accepted, signatures=signatures, actor=request.user, request=request)
    messages.success(request, _("Đã lưu bản ký."))
    return scans_of(report)


def scans_of(report: Report) -> str:
    return f"{address(report)}#ban-ky"


@roles(*SEES_REPORTS)
@require_safe
def download_scan(request, public_id):
    scan = seen_scan(request.user, public_id)
    detail = {"report": scan.report_id}
    return answering.downloaded(request, scan, scans_of(scan.report), "report.scan_downloaded", detail)


@roles(*ASKS_FOR_REPORTS)
@require_POST
def release_scan(request, public_id):
    """By a second person, who looked at what no program can read."""
    scan = own_scan(request.user, public_id)

    def release() -> None:
        releasing.release(scan, scan.uploaded_by_id, actor=request.user, request=request)

    return answering.decided(request, scans_of(scan.report), _("Đã duyệt bản ký."), release)


@roles(*ASKS_FOR_REPORTS)
@require_POST
def remove_scan(request, public_id):
    scan = own_scan(request.user, public_id)
    return once(request, lambda: removed(request, scan))


def removed(request, scan: ReportScan) -> str:
    scanning.remove(scan, actor=request.user, request=request)
    messages.info(request, _("Đã gỡ bản ký."))
    return scans_of(scan.report)
