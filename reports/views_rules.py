"""What an administrator decides about reports: layouts of papers and the way of reports, from a day on."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.idempotency import once
from cells.access import roles
from cells.comparing import side_by_side
from cells.models import PaperLayout
from cells.papers.layouts import layout_on
from cells.reach import ADMINISTRATOR
from reports import ruling
from reports.models import ReportRoute, ReportSpan
from reports.rule_forms import LayoutForm, RouteForm


@roles(ADMINISTRATOR)
@require_safe
def report_rules(request):
    routes, spans = ReportRoute.unscoped.select_related("organisation"), list(ReportSpan)
    context = {
        "layouts": list(PaperLayout.unscoped.all()),
        "current": layout_on(),
        "routes": sorted(routes, key=lambda route: spans.index(route.span)),
        "crumbs": crumbs(),
    }
    return render(request, "reports/rules.html", context)


def crumbs(here: str = "") -> list[tuple]:
    up = [(_("Quản trị"), reverse("accounts:administration"))]
    itself = _("Thể thức, nơi nhận báo cáo")
    return [*up, (itself, reverse("reports:rules")), (here, "")] if here else [*up, (itself, "")]


@roles(ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new_layout(request):
    return rule_page(request, LayoutForm, ruling.set_layout, _("Thể thức văn bản"))


@roles(ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new_route(request):
    return rule_page(request, RouteForm, ruling.set_route, _("Nơi nhận báo cáo"))


def rule_page(request, form_class, write, title: str):
    form = form_class(request.POST or None, initial={"first_day": timezone.localdate()})
    context = {"form": form, "title": title, "crumbs": crumbs(title), "cancel_url": reverse("reports:rules")}
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: written(request, form, write))
        except ruling.AlreadyRuled as ruled:
            context |= side_by_side(form, form_class.of(ruled.stored))
    return render(request, "reports/rule_form.html", context, status=409 if "versions" in context else 200)


def written(request, form, write) -> str:
    write(form.told(), seen=form.cleaned_data["version"], actor=request.user, request=request)
    messages.success(request, _("Đã ghi. Văn bản đã ký trước đó không thay đổi."))
    return reverse("reports:rules")
