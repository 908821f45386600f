"""Reports asked for, watched, fetched, tried again and made anew."""

import datetime as dt
import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auditing import record
from accounts.file_names import download_name
from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.models import Organisation
from cells.papers import letterhead
from reports.access import (
    ASKS_FOR_REPORTS,
    SEES_REPORTS,
    answers,
    awaiting_answer,
    awaiting_sending,
    awaiting_signature,
    signs,
    writes,
)
from reports.answering import why_it_came_back
from reports.issuing import begin_replacement, versions_of
from reports.laying import laid_of
from reports.making import whole_file
from reports.models import Artifact, Notice, Report, ReportScan, Stage
from reports.periods import Period
from reports.request_forms import ConferenceReportForm, ReportAskedQuery, ReportQuery, ReportRequestForm
from reports.requesting import UNFINISHED, renew, request_report, retry, waiting_before
from reports.routing import board_of
from reports.rows import names_at
from reports.showing import changes_of
from reports.statistics import names_on
from reports.taking_in import takers
from reports.views_papers import address, for_writers, frame, seen

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
    if query.values["stage"]:
        reports = reports.filter(stage=query.values["stage"])
    reports = reports.select_related("organisation", "requested_by", "number")
    page = Paginator(reports, ON_A_PAGE).get_page(query.values["page"])
    context = {
        "query": query,
        "page": page,
        "rows": described(page),
        "may_ask": request.user.reach.holds(ASKS_FOR_REPORTS),
        "looks_down": bool(request.user.reach.tops),
        "to_sign": awaiting_signature(request.user).count(),
        "to_answer": awaiting_answer(request.user).count(),
    }
    return render(request, "reports/report_list.html", context)


def described(reports) -> list[tuple]:
    """(report, name of its organisation on its last day, period)."""
    reports = list(reports)
    periods = [report.covered for report in reports]
    names = names_at((report.organisation_id, report.until) for report in reports)
    return [
        (report, names[report.organisation_id, report.until], period)
        for report, period in zip(reports, periods, strict=True)
    ]


@roles(*ASKS_FOR_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request):
    query = ReportAskedQuery(request.GET)
    form = ReportRequestForm(request.POST or None, user=request.user, initial=query.proposed(timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        return once(request, lambda: requested(form, request.user))
    crumbs = [(_("Báo cáo"), reverse("reports:list")), (_("Lập báo cáo"), "")]
    context = {"form": form, "query": query, "crumbs": crumbs}
    return render(request, "reports/report_request.html", context)


@roles(*ASKS_FOR_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def request_about_conference(request):
    form = ConferenceReportForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return once(request, lambda: requested_about(form.cleaned_data["conference"], request.user))
    crumbs = [(_("Báo cáo"), reverse("reports:list")), (_("Báo cáo sau hội nghị"), "")]
    return render(request, "reports/report_about_conference.html", {"form": form, "crumbs": crumbs})


def requested_about(conference, user) -> str:
    period = Period.of_day(conference.day)
    return address(request_report(conference.organisation, period, user, conference=conference))


def requested(form: ReportRequestForm, user) -> str:
    report = request_report(form.cleaned_data["organisation"], form.cleaned_data["period"], user)
    return address(report)


@roles(*SEES_REPORTS)
@require_safe
def report_page(request, public_id):
    report = seen(request.user, public_id)
    mark_read(report, request.user)
    context = frame(report) | report_context(request, report) | life_of(request.user, report)
    return render(request, "reports/report.html", context)


def life_of(user, report: Report) -> dict:
    """Where the report stands, what comes next for this reader, and what has become of its sources."""
    versions = Report.objects.for_user(user).filter(pk__in=versions_of(report).values("pk")).exclude(pk=report.pk)
    return {
        "writes": writes(user, report),
        "signs": signs(user, report),
        "answers": answers(user, report),
        "moves": list(report.moves.all()),
        "came_back": why_it_came_back(report) if not report.is_signed and report.revision > 1 else "",
        "versions": list(versions.order_by("revision")),
        "scans": list(ReportScan.objects.for_user(user).filter(report=report)),
        "changed": changes_of(report),
        "laid": laid_of(report),
        "receiver_name": receiver_name(user, report),
        "is_about_to_go": awaiting_sending(user).filter(pk=report.pk).exists(),
    }


def receiver_name(user, report: Report) -> str:
    """As it was called when it got the report; beside it who takes a waiting one in after its end."""
    if report.receiver is None:
        return ""
    then = body_told(report.receiver, report, timezone.localdate(report.sent_at))
    sent, today = (report.receiver_id, report.organisation_id), timezone.localdate()
    taker = takers([sent], today)[sent] if report.stage == Stage.SENT else report.receiver_id
    known = Organisation.objects.for_user(user).filter(pk=taker).first() if taker != report.receiver_id else None
    return _("%(then)s, nay là %(now)s") % {"then": then, "now": body_told(known, report, today)} if known else then


def body_told(committee: Organisation, report: Report, day: dt.date) -> str:
    period = names_on([committee], day)[committee.pk]
    body = letterhead.body_name(period.name, period.kind)
    board = board_of(period, day) if report.through_board else ""
    return _("%(body)s, qua %(board)s") % {"body": body, "board": board} if board else body


@roles(*SEES_REPORTS)
@require_safe
def report_state(request, public_id):
    """The part of the page that changes while somebody watches; it asks for itself again until all is over."""
    report = seen(request.user, public_id)
    mark_read(report, request.user)
    response = render(request, "reports/includes/report_state.html", report_context(request, report))
    if report.is_signed and report.state not in UNFINISHED:
        response.headers["HX-Refresh"] = "true"  # with its file there, a signed report may be sent
    return response


def report_context(request, report: Report) -> dict:
    is_watching = report.state in UNFINISHED
    ahead = waiting_before(report) if is_watching else 0
    return {
        "report": report,
        "is_watching": is_watching,
        "ahead": ahead,
        "may_ask": writes(request.user, report),
        "is_outdated": is_outdated(report),
    }


def is_outdated(report: Report) -> bool:
    """Whether people wrote on after the file of a draft was made."""
    if report.is_signed or report.finished is None:
        return False
    return report.wordings.filter(writer__isnull=False, saved__gt=report.finished).exists()


def mark_read(report: Report, user) -> None:
    Notice.unscoped.filter(report=report, user=user, read_at=None).update(read_at=timezone.now())


@roles(*ASKS_FOR_REPORTS)
@require_POST
def try_again(request, public_id):
    report = for_writers(request.user, public_id)
    return once(request, lambda: address(retry(report, request.user)))


@roles(*ASKS_FOR_REPORTS)
@require_POST
def make_anew(request, public_id):
    """Of a draft its file, on what it says now; of a signed report the next version, beside it."""
    report = for_writers(request.user, public_id)
    if not report.is_signed:
        return once(request, lambda: address(renew(report, request.user)))
    try:
        return once(request, lambda: address(begin_replacement(report, actor=request.user, request=request)))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address(report))


@roles(*SEES_REPORTS)
@require_safe
def download(request, public_id):
    """The right is asked again here, whatever it was when the report was requested."""
    report = seen(request.user, public_id)
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
