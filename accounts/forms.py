import datetime as dt
import math

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import throttling
from accounts.addresses import client_address
from accounts.fields import CleanCharField, PasswordField


class LogInForm(AuthenticationForm):
    username = CleanCharField(
        label=_("Tên đăng nhập"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Hãy nhập tên đăng nhập.")},
    )
    password = PasswordField(
        label=_("Mật khẩu"),
        autocomplete="current-password",
        error_messages={"required": _("Hãy nhập mật khẩu.")},
    )
    # The same words for an unknown name, a wrong password and a disabled account.
    error_messages = {
        "invalid_login": _("Tên đăng nhập hoặc mật khẩu không đúng. Mật khẩu phân biệt chữ hoa và chữ thường."),
        "inactive": _("Tên đăng nhập hoặc mật khẩu không đúng. Mật khẩu phân biệt chữ hoa và chữ thường."),
    }

    is_throttled = False

    def clean(self):
        if self.errors:
            return self.cleaned_data
        try:
            attempt = throttling.begin(self.cleaned_data["username"], client_address(self.request))
        except throttling.TooManyAttempts as refusal:
            self.is_throttled = True
            raise ValidationError(when_to_try_again(refusal), code="throttled") from refusal
        cleaned = super().clean()
        throttling.forgive(attempt)
        return cleaned


def when_to_try_again(refusal: throttling.TooManyAttempts) -> str:
    seconds = (refusal.again_at - timezone.now()).total_seconds()
    minutes = max(1, math.ceil(seconds / 60))
    again = timezone.localtime(timezone.now() + dt.timedelta(minutes=minutes))
    text = _("Đã thử đăng nhập quá nhiều lần. Hãy thử lại sau %(minutes)d phút, vào lúc %(time)s.")
    return text % {"minutes": minutes, "time": f"{again:%H:%M}"}


class PasswordChangeForm(DjangoPasswordChangeForm):
    old_password = PasswordField(label=_("Mật khẩu hiện tại"), autocomplete="current-password")
    new_password1 = PasswordField(
        label=_("Mật khẩu mới"),
        autocomplete="new-password",
        help_text=_(
            "Ít nhất 12 ký tự. Một câu ngắn dễ nhớ với riêng bạn là tốt nhất; được dùng dấu cách và chữ có dấu."
        ),
    )
    new_password2 = PasswordField(label=_("Nhập lại mật khẩu mới"), autocomplete="new-password")
    error_messages = DjangoPasswordChangeForm.error_messages | {
        "password_incorrect": _("Mật khẩu hiện tại không đúng."),
        "password_mismatch": _("Hai lần nhập mật khẩu mới không giống nhau."),
    }

    def validate_password_for_user(self, user, *_field_name):
        """Django names the field of the repetition, where people look for a mistake of typing."""
        super().validate_password_for_user(user, "new_password1")
