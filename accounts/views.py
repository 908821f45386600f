from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.forms import LogInForm, PasswordChangeForm


class LogIn(views.LoginView):
    template_name = "accounts/login.html"
    form_class = LogInForm
    redirect_authenticated_user = True

    def form_invalid(self, form):
        status = 429 if form.is_throttled else 200
        return self.render_to_response(self.get_context_data(form=form), status=status)


# Whoever is out already gets to the same page, rather than being told that logging out was not saved.
@method_decorator(login_not_required, name="dispatch")
class LogOut(views.LogoutView):
    """POST only. The browser is told to forget everything, for the next person at this computer."""

    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


class ChangePassword(views.PasswordChangeView):
    """Other sessions of the user end with the old password; this one stays."""

    template_name = "accounts/password.html"
    form_class = PasswordChangeForm
    success_url = reverse_lazy("accounts:password")

    def form_valid(self, form):
        response = super().form_valid(form)
        record("password.changed", actor=self.request.user, target=self.request.user, request=self.request)
        messages.success(self.request, _("Đã đổi mật khẩu. Những nơi khác đang đăng nhập phải đăng nhập lại."))
        return response
