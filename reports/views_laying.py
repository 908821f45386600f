"""The day on which a yearly report was laid before the executive committee: written, corrected, taken back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import side_by_side
from reports import laying
from reports.access import SIGNS_REPORTS
from reports.models import Report
from reports.paper_forms import LayForm, TakeBackLayingForm
from reports.views_papers import address, for_signers, frame
from sessions.states import ChangedMeanwhile


@roles(*SIGNS_REPORTS)
def lay(request, public_id):
    said = _("Đã ghi ngày báo cáo Ban Chấp hành.")
    return page(request, public_id, LayForm, laying.lay, "reports/lay.html", said)


@roles(*SIGNS_REPORTS)
def take_back(request, public_id):
    said = _("Đã bỏ ngày báo cáo Ban Chấp hành. Việc này lại chưa xong.")
    return page(request, public_id, TakeBackLayingForm, laying.take_back, "reports/take_back_laying.html", said)


def page(request, public_id, form_class, change, template: str, said: str):
    report = for_signers(request.user, public_id)
    try:
        laid = laying.open_for(report)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address(report))
    form = form_class.of(laid, request.POST or None)
    context = frame(report, _("Báo cáo trước Ban Chấp hành")) | {"laid": laid, "form": form}
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, report, change, form.cleaned_data, said))
        except ChangedMeanwhile:
            laid = laying.laid_of(report)
            context |= {"laid": laid} | side_by_side(form_class.of(laid, request.POST), form_class.of(laid))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
    context["first_day"] = laying.first_day_of(report)
    return render(request, template, context, status=409 if "versions" in context else 200)


def changed(request, report: Report, change, fields: dict, said: str) -> str:
    change(report, **fields, actor=request.user, request=request)
    messages.success(request, said)
    return f"{address(report)}#ban-chap-hanh"
