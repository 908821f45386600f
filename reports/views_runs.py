"""The drafts of a whole quarter on one page."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.idempotency import once
from accounts.querying import QueryForm
from cells.access import roles
from cells.reach import DOWN_THE_TREE
from reports import running
from reports.access import ANSWERS_REPORTS
from reports.models import Report, ReportRun
from reports.request_forms import BundleQuery, RunForm
from reports.rows import names_at

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
        "bundle_url": f"{reverse('reports:bundle')}{BundleQuery.about(run.covered, run.top)}",
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
