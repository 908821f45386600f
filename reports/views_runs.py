"""The drafts of a whole quarter on one page, and all reports of a period in one file."""

import logging
import tempfile

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auditing import record
from accounts.file_names import download_name
from accounts.idempotency import once
from accounts.querying import QueryForm
from accounts.refusing import Refused
from cells.access import roles
from cells.reach import DOWN_THE_TREE
from reports import running
from reports.access import ANSWERS_REPORTS
from reports.bundling import Bundled, archive, one_pdf, reports_below
from reports.models import Report, ReportRun
from reports.request_forms import BundleQuery, RunForm
from reports.rows import names_at
from reports.statistics import organisation_name

logger = logging.getLogger(__name__)

ON_A_PAGE = 20
FAILURES_SHOWN = 100
LISTS = "reports:list"


def crumbs(*more) -> list[tuple]:
    return [(_("Báo cáo"), reverse(LISTS)), *more]


@roles(*DOWN_THE_TREE)
@require_safe
def run_list(request):
    query = QueryForm(request.GET)
    page = Paginator(ReportRun.objects.for_user(request.user).with_names(), ON_A_PAGE)
    page = page.get_page(query.values["page"])
    progress = running.progress_of_all(page, request.user)
    rows = [(run, place_of(run), progress[run.pk]) for run in page]
    context = {"rows": rows, "page": page, "query": query, "crumbs": crumbs((_("Đợt báo cáo"), ""))}
    context["may_begin"] = request.user.reach.holds(ANSWERS_REPORTS)
    return render(request, "reports/run_list.html", context)


def place_of(run: ReportRun) -> str:
    return run.top_name or _("Mọi tổ chức")


@roles(*ANSWERS_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def begin_run(request):
    initial = {"quarter": running.ended_quarter(timezone.localdate()).code}
    form = RunForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        return once(request, lambda: begun(request, form.cleaned_data))
    context = {"form": form, "crumbs": crumbs((_("Đợt báo cáo"), reverse("reports:runs")), (_("Chuẩn bị dự thảo"), ""))}
    return render(request, "reports/run_begin.html", context)


def begun(request, told: dict) -> str:
    run = running.begin(told["period"], told["organisation"], request.user, request)
    return reverse("reports:run", args=[run.public_id])


def seen_run(user, public_id) -> ReportRun:
    return get_object_or_404(ReportRun.objects.for_user(user).with_names(), public_id=public_id)


def run_context(request, run: ReportRun) -> dict:
    failed = running.seen_part(run, request.user).filter(state=Report.State.FAILED).order_by("pk")
    failed = list(failed[:FAILURES_SHOWN])
    names = names_at((report.organisation_id, report.until) for report in failed)
    return {
        "run": run,
        "place": place_of(run),
        "period": run.covered,
        "progress": running.progress_of_all([run], request.user)[run.pk],
        "failed": [(report, names[report.organisation_id, report.until]) for report in failed],
        "may_retry": request.user.reach.holds(ANSWERS_REPORTS),
    }


@roles(*DOWN_THE_TREE)
@require_safe
def run_page(request, public_id):
    context = run_context(request, seen_run(request.user, public_id))
    trail = crumbs((_("Đợt báo cáo"), reverse("reports:runs")), (context["period"].label, ""))
    return render(request, "reports/run.html", context | {"crumbs": trail})


@roles(*DOWN_THE_TREE)
@require_safe
def run_state(request, public_id):
    """The part of the page that changes while somebody watches."""
    return render(request, "reports/includes/run_state.html", run_context(request, seen_run(request.user, public_id)))


@roles(*ANSWERS_REPORTS)
@require_POST
def retry_run(request, public_id):
    run = seen_run(request.user, public_id)
    return once(request, lambda: retried(request, run))


def retried(request, run: ReportRun) -> str:
    count = running.retry_failed(run, request.user, request)
    messages.success(request, _("Đã cho lập lại %d báo cáo.") % count)
    return reverse("reports:run", args=[run.public_id])


@roles(*DOWN_THE_TREE)
@require_safe
def bundle_page(request):
    query = BundleQuery(request.GET, user=request.user)
    context = {"query": query, "bundled": bundled_for(request, query), "crumbs": crumbs((_("Tập báo cáo"), ""))}
    return render(request, "reports/bundle.html", context)


def bundled_for(request, query: BundleQuery) -> list[Bundled]:
    return reports_below(request.user, query.top, query.period) if query.top else []


@roles(*DOWN_THE_TREE)
@require_safe
def bundle_pdf(request):
    query = BundleQuery(request.GET, user=request.user)
    bundled = bundled_for(request, query)
    title = title_of(query)
    try:
        content = one_pdf(bundled, title)
    except (Refused, OSError) as error:
        return told(request, query, error)
    noted(request, query, bundled, "pdf")
    return as_download(HttpResponse(content, content_type="application/pdf"), f"{title}.pdf", ".pdf")


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
    noted(request, query, bundled, "zip")
    file.seek(0)
    return as_download(FileResponse(file, content_type="application/zip"), f"{title_of(query)}.zip", ".zip")


def title_of(query: BundleQuery) -> str:
    name = organisation_name(query.top, query.period.last_day) if query.top else ""
    return _("Tập báo cáo %(period)s, %(name)s") % {"period": query.period.label, "name": name}


def told(request, query: BundleQuery, error: Exception):
    if isinstance(error, OSError):
        logger.error("a file of a bundle is missing (errno %s)", error.errno)
    messages.error(request, getattr(error, "text", "") or _("Có tệp báo cáo không đọc được. Hãy báo quản trị viên."))
    return redirect(f"{reverse('reports:bundle')}{query.link()}")


def noted(request, query: BundleQuery, bundled: list[Bundled], form: str) -> None:
    detail = {"period": query.period.code, "reports": len(bundled), "format": form}
    record("report.bundled", target=query.top, detail=detail, request=request)


def as_download(response, title: str, extension: str):
    name = download_name(title, (extension,))
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
