"""Setting up a second factor: by an app on the phone, by a passkey, with recovery codes on paper beside them."""

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.flows import remove_authenticator
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic.edit import FormView

from accounts import second_factor
from accounts.adapters import offers_passkeys
from accounts.auditing import record
from accounts.confirming import confirmed
from accounts.forms import ConfirmForm
from accounts.second_factor_forms import AddPasskeyForm, ConfirmCodeForm, OwnPasskeyForm
from accounts.views.logging_in import with_patience

confirmed_first = method_decorator(confirmed, name="dispatch")


class Confirm(FormView):
    """The password once more, then on to where one wanted to go."""

    template_name = "accounts/confirm.html"
    form_class = ConfirmForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form):
        reauthenticate_by_password(self.request)
        return HttpResponseRedirect(self.wanted())

    def form_invalid(self, form):
        return with_patience(super().form_invalid(form), form)

    def wanted(self):
        return get_next_redirect_url(self.request) or reverse("mfa_index")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"next": self.wanted()}


@require_safe
def overview(request):
    kinds = second_factor.kinds_of(request.user)
    return render(
        request,
        "accounts/second_factor/overview.html",
        {
            "has_app": Authenticator.Type.TOTP in kinds,
            "passkeys": second_factor.passkeys_of(request.user),
            "is_on": bool(kinds),
            "is_demanded": second_factor.is_demanded(request.user),
            "codes_left": second_factor.codes_left(request.user),
            "offers_passkeys": offers_passkeys(request),
        },
    )


@confirmed_first
class SetUpApp(ActivateTOTPView):
    template_name = "accounts/second_factor/set_up_app.html"
    form_class = ConfirmCodeForm

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"secret_in_groups": grouped(context["form"].secret)}

    def form_valid(self, form):
        response = super().form_valid(form)
        second_factor.begin(self.request)
        messages.success(self.request, _("Đã bật xác thực hai lớp bằng ứng dụng trên điện thoại."))
        return response

    def form_invalid(self, form):
        return with_patience(super().form_invalid(form), form)


@confirmed_first
class TurnOffApp(DeactivateTOTPView):
    template_name = "accounts/second_factor/turn_off_app.html"

    def form_valid(self, form):
        messages.success(self.request, _("Đã tắt mã trên điện thoại."))
        return super().form_valid(form)


@confirmed_first
class AddPasskey(AddWebAuthnView):
    template_name = "accounts/second_factor/add_passkey.html"
    form_class = AddPasskeyForm

    def dispatch(self, request, *args, **kwargs):
        if not offers_passkeys(request):
            messages.info(request, _("Địa chỉ này không dùng được khóa truy cập: cần truy cập bằng tên miền và https."))
            return HttpResponseRedirect(reverse("mfa_index"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"form": kwargs.get("form") or self.get_form()}

    def form_valid(self, form):
        response = super().form_valid(form)
        second_factor.begin(self.request)
        messages.success(self.request, _("Đã thêm khóa truy cập."))
        return response


@require_POST
@confirmed
def remove_passkey(request):
    form = OwnPasskeyForm(request.POST, user=request.user)
    if form.is_valid():
        remove_authenticator(request, form.cleaned_data["passkey"])
        messages.success(request, _("Đã bỏ khóa truy cập."))
    else:
        messages.error(request, form.problem)
    return HttpResponseRedirect(reverse("mfa_index"))


@method_decorator(require_safe, name="dispatch")
@confirmed_first
class RecoveryCodes(ViewRecoveryCodesView):
    """Again whenever the password is typed: paper gets lost, and printers jam."""

    template_name = "accounts/second_factor/recovery_codes.html"

    def get(self, request, *args, **kwargs):
        if not second_factor.codes_of(request.user):
            return HttpResponseRedirect(reverse("mfa_index"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"codes": [grouped(code) for code in context["unused_codes"]]}


@confirmed_first
class NewRecoveryCodes(GenerateRecoveryCodesView):
    template_name = "accounts/second_factor/new_recovery_codes.html"

    @transaction.atomic
    def form_valid(self, form):
        record("second_factor.new_codes", target=self.request.user, request=self.request)
        messages.success(self.request, _("Đã tạo mã dự phòng mới. Những mã cũ không còn dùng được."))
        return super().form_valid(form)


def grouped(code: str) -> str:
    """In fours, as people read and type it: `12345678` is `1234 5678`."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
