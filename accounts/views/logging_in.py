import math

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts import second_factor
from accounts.adapters import offers_passkeys
from accounts.forms import LogInForm
from accounts.second_factor_forms import PasskeyForm, SecondFactorForm

STATE = "auth_hash"  # of the password that was typed: a change in between ends the log-in


class LogIn(views.LoginView):
    """The password, then whatever else allauth's steps of a log-in ask for."""

    template_name = "accounts/login.html"
    form_class = LogInForm
    redirect_authenticated_user = True
    extra_context = {"sends_mail": settings.SENDS_MAIL}

    def form_valid(self, form):
        user = form.get_user()
        login = Login(user=user, redirect_url=self.get_success_url())
        login.state[STATE] = user.get_session_auth_hash()
        # Who typed the password just now is not asked for it once more by the next page.
        record_authentication(self.request, user, method="password", reauthenticated=True)
        return perform_login(self.request, login)

    def form_invalid(self, form):
        return with_patience(self.render_to_response(self.get_context_data(form=form)), form)


def with_patience(response, form):
    """429 for whoever tried too often, with the time after which to try again."""
    refusal = getattr(form, "refusal", None)
    if refusal:
        response.status_code = 429
        seconds = (refusal.again_at - timezone.now()).total_seconds()
        response.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return response


@method_decorator(login_stage_required(AuthenticateStage.key, "accounts:login"), name="dispatch")
class SecondFactor(AuthenticateView):
    """The second step: a code, or a passkey. Until then nobody is logged in."""

    template_name = "accounts/second_factor/ask.html"
    form_class = SecondFactorForm
    webauthn_form_class = PasskeyForm

    def dispatch(self, request, *args, **kwargs):
        login = request._login_stage.login
        is_still_good = login.user.is_active and login.state.get(STATE) == login.user.get_session_auth_hash()
        if not is_still_good or not second_factor.of(login.user).exists():
            clear_login(request)
            return HttpResponseRedirect(reverse("accounts:login"))
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form):
        return with_patience(super().form_invalid(form), form)

    def get_context_data(self, **kwargs):
        kinds = set(second_factor.of(self.stage.login.user).values_list("type", flat=True))
        return super().get_context_data(**kwargs) | {
            "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
            "has_app": Authenticator.Type.TOTP in kinds,
            "offers_passkeys": offers_passkeys(self.request),
        }


# Whoever is out already gets to the same page, rather than being told that logging out was not saved.
@method_decorator(login_not_required, name="dispatch")
class LogOut(views.LogoutView):
    """POST only. The browser is told to forget everything, for the next person at this computer."""

    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response
