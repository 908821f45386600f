"""The guide through the first day of an installation; each step has a page of its own and may be left for later."""

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.models import CELL_KINDS
from cells.papers.wording import thousands
from cells.reach import ADMINISTRATOR
from cells.views.invitations import OPENED
from reports import first_start
from reports.forms_first_start import CellsForm, OwnOrganisationForm
from reports.sample import removing
from reports.sample.keys import current_entry


@roles(ADMINISTRATOR)
@require_safe
def guide(request):
    own = first_start.own_organisation()
    period = own.periods.latest("first_day") if own else None
    context = {
        "crumbs": [(_("Quản trị"), reverse("accounts:administration")), (_("Bắt đầu sử dụng"), "")],
        "sample": current_entry(),
        "is_sample_user": first_start.is_of_sample(request.user),
        "own": own,
        "name": period.name if period else "",
        "is_cell": bool(period) and period.kind in CELL_KINDS,
        "last_paste": first_start.last_paste(),
        "cells": own.child_periods.count() if own else 0,
    }
    return render(request, "reports/first_start.html", context)


@roles(ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def own_organisation(request):
    form = OwnOrganisationForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: founded(request, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return step(request, form, _("Khai tổ chức của mình"), _("Lưu tổ chức"))


def founded(request, fields: dict) -> str:
    first_start.found(fields, actor=request.user, request=request)
    messages.success(request, _("Đã lưu tổ chức."))
    return reverse("reports:first_start")


@roles(ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def cells(request):
    form = CellsForm(request.POST or None, initial={"cells": first_start.text_taken_back()})
    if form.is_valid():
        try:
            return once(request, lambda: added(request, form.cleaned_data["cells"]))
        except Refused as refusal:
            form.add_error("cells", refusal.text)
    return step(request, form, _("Khai các chi bộ trực thuộc"), _("Thêm chi bộ"))


def added(request, found: list[tuple[str, str]]) -> str:
    count = first_start.add_cells(found, actor=request.user, request=request)
    messages.success(request, _("Đã thêm %s chi bộ.") % thousands(count))
    return reverse("reports:first_start")


@roles(ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back_cells(request):
    if request.method != "POST":
        return redirect("reports:first_start")
    try:
        return once(request, lambda: taken_back(request))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect("reports:first_start")


def taken_back(request) -> str:
    count = first_start.take_back_cells(actor=request.user, request=request)
    messages.info(request, _("Đã bỏ %s chi bộ vừa thêm. Hãy sửa danh sách rồi thêm lại.") % thousands(count))
    return reverse("reports:first_cells")


def step(request, form, title: str, submit: str):
    context = {"form": form, "crumbs": step_crumbs(title), "submit": submit}
    return render(request, "reports/first_start_step.html", context)


def step_crumbs(title: str) -> list[tuple[str, str]]:
    return [(_("Bắt đầu"), reverse("reports:first_start")), (title, "")]


@roles(ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def own_administrator(request):
    """The log-in of the sample makes way: out with it, and straight to the page where the real one chooses a name."""
    if request.method != "POST":
        return redirect("reports:first_start")
    try:
        answer = once(request, lambda: invited(request))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect("reports:first_start")
    if token := request.session.get(OPENED):
        logout(request)
        request.session[OPENED] = token
    return answer


def invited(request) -> str:
    request.session[OPENED] = first_start.first_link()  # never in an address, which the key of the form would keep
    return reverse("cells:invitation")


@roles(ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_sample(request):
    """First what would go, then the button: there is no way back."""
    if first_start.is_of_sample(request.user):
        messages.error(request, _("Tài khoản dùng thử mất cùng dữ liệu mẫu: hãy lập người quản trị của mình trước."))
        return redirect("reports:first_start")
    try:
        if request.method == "POST":
            return once(request, lambda: removed(request))
        context = {"counts": removing.counts(), "crumbs": step_crumbs(_("Xóa dữ liệu mẫu"))}
        return render(request, "reports/first_start_remove.html", context)
    except removing.NoSample:
        messages.error(request, _("Không có dữ liệu mẫu nào để xóa."))
    except removing.RealData as refusal:
        found = ", ".join(f"{thousands(count)} {label}" for label, count in refusal.found)
        text = _("Chưa xóa: trên dữ liệu mẫu đã có dữ liệu ghi thêm (%s). Hãy cài đặt vào thư mục dữ liệu mới.")
        messages.error(request, text % found)
    return redirect("reports:first_start")


def removed(request) -> str:
    counts = removing.remove(actor=request.user, request=request)
    text = _("Đã xóa dữ liệu mẫu: %(organisations)s tổ chức, %(people)s người, %(sessions)s buổi sinh hoạt.")
    numbers = {
        "organisations": thousands(counts.get("organisation", 0)),
        "people": thousands(counts.get("person", 0)),
        "sessions": thousands(counts.get("session", 0)),
    }
    messages.success(request, text % numbers)
    return reverse("reports:first_start")
