"""The life of a report as a paper: read, written, submitted, signed, sent, taken in or sent back, replaced."""

import json

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import require, roles
from reports import answering, issuing, writing
from reports.access import ANSWERS_REPORTS, ASKS_FOR_REPORTS, SEES_REPORTS, SIGNS_REPORTS, answers, signs, writes
from reports.composing import as_draft, compose
from reports.figure_rows import figure_page_of
from reports.models import Report, ReportWording, Stage
from reports.paper_forms import ReasonForm, SignForm, TakeAgainForm, WritingForm
from reports.showing import content_of, shown
from reports.signing import own_post, signature, usual
from reports.statistics import organisation_name
from sessions.noting import Conflict


def seen(user, public_id) -> Report:
    related = ("organisation", "requested_by", "artifact", "conference", "number", "receiver", "signed_by", "run")
    return get_object_or_404(Report.objects.for_user(user).select_related(*related), public_id=public_id)


def for_writers(user, public_id) -> Report:
    report = seen(user, public_id)
    require(writes(user, report))
    return report


def for_signers(user, public_id) -> Report:
    report = seen(user, public_id)
    require(signs(user, report))
    return report


def for_receivers(user, public_id) -> Report:
    report = seen(user, public_id)
    require(answers(user, report))
    return report


def address(report: Report) -> str:
    return reverse("reports:detail", args=[report.public_id])


def frame(report: Report, here: str = "") -> dict:
    """What every page about a report says of it."""
    name = organisation_name(report.organisation, report.until)
    covered = report.covered
    itself = f"{name}, {covered.label}"
    trail = [(itself, address(report)), (here, "")] if here else [(itself, "")]
    return {
        "report": report,
        "name": name,
        "period": covered,
        "crumbs": [(_("Báo cáo"), reverse("reports:list")), *trail],
        "cancel_url": address(report),
    }


@roles(*SEES_REPORTS)
@require_safe
def preview(request, public_id):
    """The same words and figures in the same order as the PDF."""
    report = seen(request.user, public_id)
    content = shown(report, content_of(report))
    context = frame(report, _("Nội dung")) | {"content": content, "writes": writes(request.user, report)}
    return render(request, "reports/preview.html", context)


@roles(*SEES_REPORTS)
@require_safe
def figure_page(request, public_id, name):
    """From a number to what it was counted from."""
    report = seen(request.user, public_id)
    frozen = report.figures if report.is_signed else compose(report)["figures"]
    found = figure_page_of(request.user, report, frozen, name)
    if found is None:
        raise Http404
    context = frame(report, found.label) | {"found": found}
    return render(request, "reports/figure.html", context)


@roles(*ASKS_FOR_REPORTS)
def write(request, public_id):
    report = for_writers(request.user, public_id)
    if report.stage != Stage.DRAFT:
        messages.error(request, writing.NotADraft().text)
        return redirect(address(report))
    page = writing.Page(report)
    form = WritingForm(request.POST or None, page=page)
    if form.is_valid():
        try:
            return once(request, lambda: written(request, report, form))
        except Conflict as conflict:
            return side_by_side(request, report, form, conflict)
        except Refused as refusal:
            messages.error(request, refusal.text)
            return redirect(address(report))
    base = form.known_base() if form.is_bound and "base" in form.cleaned_data else page.tokens
    context = frame(report, _("Ghi nội dung")) | {"fields": form.shown(), "base_json": json.dumps(base)}
    context["has_wordings"] = report.wordings.exists()
    context["came_back"] = answering.why_it_came_back(report) if report.revision > 1 else ""
    return render(request, "reports/write.html", context, status=422 if form.is_bound else 200)


def written(request, report: Report, form: WritingForm) -> str:
    writing.save(report, form.wanted(), form.known_base(), actor=request.user, request=request)
    messages.success(request, _("Đã lưu nội dung báo cáo."))
    return reverse("reports:preview", args=[report.public_id])


def side_by_side(request, report: Report, form: WritingForm, conflict: Conflict):
    """Both versions of what clashes; the rest of what was sent goes along, so that nothing typed is lost."""
    clashing = {clash.name for clash in conflict.clashes}
    tokens = writing.Page(Report.objects.for_user(request.user).get(pk=report.pk)).tokens
    context = {
        "report": report,
        "clashes": conflict.clashes,
        "others": {name: text for name, text in form.wanted().items() if name not in clashing},
        "base_json": json.dumps(form.known_base() | {name: tokens[name] for name in clashing}),
        "address": reverse("reports:write", args=[report.public_id]),
        "crumbs": frame(report, _("Hai bản"))["crumbs"],
    }
    return render(request, "reports/write_conflict.html", context, status=409)


@roles(*ASKS_FOR_REPORTS)
@require_POST
def save_draft(request, public_id):
    """What the page saves by itself, for its script; answers are JSON, after a redirect if all went well."""
    report = for_writers(request.user, public_id)
    form = WritingForm(request.POST, page=writing.Page(report))
    if not form.is_valid():
        return JsonResponse({"problem": next(iter(form.errors.values()))[0]}, status=422)
    try:
        return once(request, lambda: drafted(request, report, form))
    except Conflict as conflict:
        fields = [clash.label for clash in conflict.clashes]
        return JsonResponse({"problem": conflict.text, "fields": fields}, status=409)
    except Refused as refusal:
        return JsonResponse({"problem": refusal.text}, status=409)


def drafted(request, report: Report, form: WritingForm) -> str:
    writing.save(report, form.wanted(), form.known_base(), actor=request.user, request=request)
    return reverse("reports:saved_texts", args=[report.public_id])


@roles(*ASKS_FOR_REPORTS)
@require_safe
def wordings(request, public_id):
    """How III and IV read before, newest first, for whoever wants one of them back."""
    report = for_writers(request.user, public_id)
    page = writing.Page(report)
    kept = list(report.wordings.select_related("writer").order_by("-pk"))
    now, tokens = page.values, page.tokens
    parts = [
        (part, tokens[part], [(one, one.text == now[part]) for one in kept if one.part == part], now[part])
        for part in ReportWording.Part
    ]
    context = frame(report, _("Các lần ghi")) | {"parts": parts, "may_take": report.stage == Stage.DRAFT}
    return render(request, "reports/wordings.html", context)


@roles(*ASKS_FOR_REPORTS)
@require_POST
def take_wording(request, public_id):
    found = ReportWording.objects.for_user(request.user).select_related("report")
    wording = get_object_or_404(found, public_id=public_id)
    report = for_writers(request.user, wording.report.public_id)
    form = TakeAgainForm(request.POST)
    try:
        if not form.is_valid():
            raise writing.OutdatedWording
        return once(request, lambda: taken_again(request, wording, form.cleaned_data["base"]))
    except Conflict:
        messages.error(request, writing.OutdatedWording().text)
    except Refused as refusal:
        messages.error(request, refusal.text)
    return redirect(reverse("reports:wordings", args=[report.public_id]))


def taken_again(request, wording: ReportWording, base: str) -> str:
    writing.take_again(wording, base, actor=request.user, request=request)
    messages.success(request, _("Đã dùng lại bản đã chọn. Bản vừa thay vẫn còn trong các lần ghi."))
    return reverse("reports:write", args=[wording.report.public_id])


@roles(*ASKS_FOR_REPORTS)
@require_safe
def saved_texts(request, public_id):
    """As they are stored, so that two who write at once see each other's words."""
    page = writing.Page(for_writers(request.user, public_id))
    return JsonResponse({"tokens": page.tokens, "values": page.values})


def step(request, report: Report, change, said: str):
    """One click that moves a report on; a refusal is told on its page."""
    try:
        return once(request, lambda: stepped(request, report, change, said))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address(report))


def stepped(request, report: Report, change, said: str) -> str:
    change(report, actor=request.user, request=request)
    messages.success(request, said)
    return address(report)


@roles(*ASKS_FOR_REPORTS)
@require_POST
def submit(request, public_id):
    report = for_writers(request.user, public_id)
    return step(request, report, issuing.submit, _("Đã trình bí thư ký."))


@roles(*ASKS_FOR_REPORTS)
@require_POST
def take_back(request, public_id):
    report = for_writers(request.user, public_id)
    return step(request, report, issuing.take_back, _("Đã lấy lại, báo cáo trở về dự thảo."))


@roles(*SIGNS_REPORTS)
def sign(request, public_id):
    report = for_signers(request.user, public_id)
    if report.is_signed:
        return redirect(address(report))
    content = compose(report)
    is_personal = own_post(request.user, report) is not None
    initial = {"signer": str(request.user)} | usual(report)
    form = SignForm(request.POST or None, is_personal=is_personal, initial=initial)
    if form.is_valid():
        try:
            return once(request, lambda: signed(request, report, form))
        except issuing.AlreadySigned:
            return redirect(address(report))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = frame(report, _("Ký")) | {
        "form": form,
        "seen": issuing.digest_of_draft(content),  # of the text on this page, also after it changed meanwhile
        "content": shown(report, as_draft(content)),
        "is_personal": is_personal,
        "post": own_post(request.user, report),
    }
    return render(request, "reports/sign.html", context)


def signed(request, report: Report, form: SignForm) -> str:
    told = signature(request.user, report, form.cleaned_data)
    issued = issuing.sign(report, told, seen=form.cleaned_data["seen"], actor=request.user, request=request)
    messages.success(request, _("Đã ký báo cáo số %s. Tệp PDF đang được lập.") % issued.number.symbol)
    return address(report)


@roles(*SIGNS_REPORTS)
@require_POST
def send(request, public_id):
    report = for_signers(request.user, public_id)
    return step(request, report, issuing.send, _("Đã gửi báo cáo."))


@roles(*ANSWERS_REPORTS)
@require_POST
def receive(request, public_id):
    report = for_receivers(request.user, public_id)
    return step(request, report, answering.receive, _("Đã tiếp nhận báo cáo."))


@roles(*ANSWERS_REPORTS)
def send_back(request, public_id):
    report = for_receivers(request.user, public_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: sent_back(request, report, form.cleaned_data["reason"]))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "reports/send_back.html", frame(report, _("Trả lại")) | {"form": form})


def sent_back(request, report: Report, reason: str) -> str:
    answering.send_back(report, reason, actor=request.user, request=request)
    messages.info(request, _("Đã trả lại báo cáo kèm lý do."))
    return address(report)
