from django.contrib import messages
from django.contrib.auth import views
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from accounts import ending
from accounts.auditing import record
from accounts.forms import PasswordChangeForm
from accounts.views.logging_in import with_patience


class ChangePassword(views.PasswordChangeView):
    """Other log-ins of the user end with the old password; this one stays."""

    template_name = "accounts/password.html"
    form_class = PasswordChangeForm
    success_url = reverse_lazy("accounts:password")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    @transaction.atomic
    def form_valid(self, form):
        form.save()
        ending.keep_this(self.request, form.user)
        record("password.changed", actor=self.request.user, target=self.request.user, request=self.request)
        messages.success(self.request, _("Đã đổi mật khẩu. Những nơi khác đang đăng nhập phải đăng nhập lại."))
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form):
        return with_patience(super().form_invalid(form), form)
