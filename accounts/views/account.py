"""One's own account: how one logs in, and from where one is logged in."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import ending, idling, resetting, second_factor
from accounts.auditing import record
from accounts.forms import MailAddressForm, OwnLogInForm
from accounts.views.logging_in import with_patience


@require_safe
def own(request):
    user = request.user
    return render(
        request,
        "accounts/account.html",
        {
            "log_ins": ending.log_ins_of(request),
            "is_on": second_factor.of(user).exists(),
            "codes_left": second_factor.codes_left(user),
            "is_helper": resetting.is_helper(user),
            "sends_mail": settings.SENDS_MAIL,
        },
    )


def mail_address(request):
    """Where reminders and the way to a new password are sent, if the installation sends mail."""
    form = MailAddressForm(request.POST or None, request=request, initial={"email": request.user.email})
    if not form.is_valid():
        return with_patience(render(request, "accounts/mail_address.html", {"form": form}), form)
    keep_address(request, form.cleaned_data["email"])
    is_given = bool(request.user.email)
    messages.success(request, _("Đã lưu địa chỉ thư.") if is_given else _("Đã bỏ địa chỉ thư. Không gửi thư nữa."))
    return HttpResponseRedirect(reverse("accounts:account"))


@transaction.atomic
def keep_address(request, address: str) -> None:
    """The trail says that it was changed, not to what: an address is a personal value."""
    request.user.email = address
    request.user.save(update_fields=["email"])
    record("account.mail_changed", target=request.user, request=request)


@require_POST
def end_log_in(request):
    form = OwnLogInForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.info(request, _("Phiên đăng nhập này đã kết thúc trước đó."))
        return HttpResponseRedirect(reverse("accounts:account"))
    ending.end([form.cleaned_data["log_in"]])
    record("login.ended", target=request.user, detail={"count": 1}, request=request)
    messages.success(request, _("Đã kết thúc phiên đăng nhập đó."))
    return HttpResponseRedirect(reverse("accounts:account"))


@require_POST
def end_other_log_ins(request):
    count = ending.end_others(request)
    record("login.ended", target=request.user, detail={"count": count}, request=request)
    messages.success(request, _("Đã kết thúc mọi phiên đăng nhập khác. Chỉ còn máy này."))
    return HttpResponseRedirect(reverse("accounts:account"))


def log_in_ends(request):
    """Asked by the page itself before it warns (GET, as a poll); the button to stay sends a POST, which counts."""
    if request.method == "POST":
        idling.note_presence(request)
    return JsonResponse({"seconds": idling.seconds_left(request)})
