"""Forgotten passwords and lost phones: what helpers make, and what the owner does with it."""

import time
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import mailing, resetting
from accounts.forms import ChoosePasswordForm
from accounts.idempotency import once
from accounts.models import ResetCode
from accounts.resetting_forms import ForgottenForm, ForWhomForm, OneTimeCodeForm, PrefilledQuery, WaitingForm
from accounts.views.logging_in import with_patience


def for_helpers(view):
    """Administrators, and who else may help some (accounts/resetting.py)."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not resetting.is_helper(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


SHOWN, SHOWN_AT, LASTS = "reset_code", "reset_code_at", 15 * 60


@login_not_required
def one_time_code(request):
    query = PrefilledQuery(request.GET)
    form = OneTimeCodeForm(request.POST or None, request=request, initial=query.values)
    if form.is_valid():
        request.session[SHOWN], request.session[SHOWN_AT] = [form.row.pk, form.row.digest], int(time.time())
        return HttpResponseRedirect(reverse("accounts:new_password"))
    return with_patience(render(request, "accounts/resetting/one_time_code.html", {"form": form}), form)


@login_not_required
def new_password(request):
    row = shown_code(request)
    if row is None:
        return HttpResponseRedirect(reverse("accounts:one_time_code"))
    form = ChoosePasswordForm(row.user, request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/resetting/new_password.html", {"form": form, "owner": row.user})
    try:
        resetting.choose_password(row, form, request)
    except resetting.CodeUsedUp:
        messages.error(request, _("Mã đã dùng hoặc hết hạn. Hãy xin mã mới."))
        return HttpResponseRedirect(reverse("accounts:one_time_code"))
    request.session.flush()
    messages.success(request, _("Đã đặt mật khẩu mới. Hãy đăng nhập bằng mật khẩu này."))
    return HttpResponseRedirect(reverse("accounts:login"))


def shown_code(request) -> ResetCode | None:
    if time.time() - request.session.get(SHOWN_AT, 0) > LASTS:
        return None
    number, digest = request.session[SHOWN]
    return resetting.good_codes().filter(pk=number, digest=digest, user__is_active=True).select_related("user").first()


@for_helpers
def make_reset_code(request):
    """Answered with the page to print itself: the code is kept nowhere, so there is no other page to lead to."""
    query = PrefilledQuery(request.GET)
    form = ForWhomForm(request.POST or None, actor=request.user, initial=query.values)
    if not form.is_valid():
        return render(request, "accounts/resetting/make_code.html", {"form": form})
    code, row = resetting.make_code(form.user, actor=request.user, request=request)
    context = {"code": code, "row": row, "owner": form.user, "address": address_of_codes(request)}
    return render(request, "accounts/resetting/code_on_paper.html", context)


def address_of_codes(request) -> str:
    return request.build_absolute_uri(reverse("accounts:one_time_code"))


@for_helpers
def second_factor_resets(request):
    form = ForWhomForm(request.POST or None, actor=request.user)
    if form.is_valid():
        return once(request, lambda: ask(request, form.user))
    return render(
        request,
        "accounts/resetting/second_factor.html",
        {"form": form, "waiting": resetting.waiting_for(request.user)},
    )


def ask(request, user) -> str:
    resetting.ask_second_factor_reset(user, request)
    messages.success(request, _("Đã ghi đề nghị. Một người khác có quyền phải xác nhận thì mới gỡ."))
    return reverse("accounts:second_factor_resets")


@require_POST
@for_helpers
def confirm_second_factor_reset(request):
    form = WaitingForm(request.POST, actor=request.user)
    address = reverse("accounts:second_factor_resets")
    if not form.is_valid():
        messages.error(request, _("Đề nghị này không còn nữa."))
        return HttpResponseRedirect(address)
    asked = form.cleaned_data["request"]
    if "drop" in request.POST:
        return once(request, lambda: drop(request, asked, address))
    if asked.asked_by_id == request.user.pk:
        messages.error(request, _("Người đề nghị không tự xác nhận được. Cần một người khác có quyền."))
        return HttpResponseRedirect(address)
    return once(request, lambda: confirm(request, asked, address))


def confirm(request, asked, address: str) -> str:
    user = resetting.reset_second_factor(asked, request)
    messages.success(request, _("Đã gỡ xác thực hai lớp của %(user)s.") % {"user": user})
    return address


def drop(request, asked, address: str) -> str:
    resetting.drop_second_factor_reset(asked, request)
    messages.success(request, _("Đã bỏ đề nghị, không có gì thay đổi."))
    return address


@login_not_required
def forgotten(request):
    """Where mail is set up; the answer is the same whoever is named, and as quick: the worker looks and sends."""
    if not settings.SENDS_MAIL:
        raise Http404
    form = ForgottenForm(request.POST or None, request=request)
    if form.is_valid():
        mailing.ask_for_reset(form.cleaned_data["username"], address_of_codes(request))
        return render(request, "accounts/resetting/mail_sent.html")
    return with_patience(render(request, "accounts/resetting/forgotten.html", {"form": form}), form)
