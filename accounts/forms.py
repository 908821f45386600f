import datetime as dt
import math

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm, SetPasswordMixin
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import passwords, throttling
from accounts.addresses import client_address
from accounts.fields import CleanCharField, PasswordField


class Slowed:
    """A form that looks at a secret: every look counts before it is taken, whatever comes of it."""

    refusal: throttling.TooManyAttempts | None = None

    def attempt(self, name: str, request, per_account: int | None = None):
        try:
            return throttling.begin(name, client_address(request), per_account)
        except throttling.TooManyAttempts as refusal:
            throttling.note_refusal(name, request)
            self.refusal = refusal
            raise ValidationError(when_to_try_again(refusal), code="throttled") from refusal


class UsernameField(CleanCharField):
    widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})

    def __init__(self, **options):
        options.setdefault("error_messages", {"required": _("Hãy nhập tên đăng nhập.")})
        super().__init__(label=_("Tên đăng nhập"), max_length=150, **options)


class LogInForm(Slowed, AuthenticationForm):
    username = UsernameField()
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

    def clean(self):
        if self.errors:
            return self.cleaned_data
        attempt = self.attempt(self.cleaned_data["username"], self.request)
        cleaned = super().clean()
        throttling.forgive(attempt)
        return cleaned


def when_to_try_again(refusal: throttling.TooManyAttempts) -> str:
    seconds = (refusal.again_at - timezone.now()).total_seconds()
    minutes = max(1, math.ceil(seconds / 60))
    again = timezone.localtime(timezone.now() + dt.timedelta(minutes=minutes))
    text = _("Đã thử đăng nhập quá nhiều lần. Hãy thử lại sau %(minutes)d phút, vào lúc %(time)s.")
    return text % {"minutes": minutes, "time": f"{again:%H:%M}"}


class OwnPassword(Slowed):
    """The password of whoever is logged in: the next person at this computer may not guess it either."""

    def checked(self, user, request, password: str) -> str:
        attempt = self.attempt(user.username, request)
        if not user.check_password(password):
            raise ValidationError(_("Mật khẩu hiện tại không đúng."), code="password_incorrect")
        throttling.forgive(attempt)
        return password


class ConfirmForm(OwnPassword, forms.Form):
    password = PasswordField(label=_("Mật khẩu"), autocomplete="current-password")

    def __init__(self, *args, request, **options):
        super().__init__(*args, **options)
        self.request = request

    def clean_password(self):
        return self.checked(self.request.user, self.request, self.cleaned_data["password"])


class MailAddressForm(ConfirmForm):
    """Whoever reads that mailbox can have a new password sent there: hence the password once more."""

    email = forms.EmailField(
        label=_("Thư điện tử"), required=False, max_length=254, help_text=_("Để trống nếu không muốn nhận thư nữa.")
    )
    field_order = ("email", "password")


class NewPassword(SetPasswordMixin):
    """Chosen twice; what is wrong with it is said at the first field (rules: accounts/passwords.py)."""

    error_messages = {"password_mismatch": _("Hai lần nhập mật khẩu mới không giống nhau.")}

    @property
    def rules(self) -> list[str]:
        return passwords.rules(self.user)

    def validate_password_for_user(self, user, *_field_name):
        """Django names the field of the repetition, where people look for a mistake of typing."""
        super().validate_password_for_user(user, "new_password1")


class ChoosePasswordForm(NewPassword, SetPasswordForm):
    """For whoever has shown in another way who they are: `ChoosePasswordForm(user, data)`."""

    new_password1 = PasswordField(label=_("Mật khẩu mới"), autocomplete="new-password")
    new_password2 = PasswordField(label=_("Nhập lại mật khẩu mới"), autocomplete="new-password")


class PasswordChangeForm(OwnPassword, NewPassword, DjangoPasswordChangeForm):
    old_password = PasswordField(label=_("Mật khẩu hiện tại"), autocomplete="current-password")
    new_password1 = PasswordField(label=_("Mật khẩu mới"), autocomplete="new-password")
    new_password2 = PasswordField(label=_("Nhập lại mật khẩu mới"), autocomplete="new-password")

    def __init__(self, *args, request, **options):
        super().__init__(*args, **options)
        self.request = request

    def clean_old_password(self):
        return self.checked(self.user, self.request, self.cleaned_data["old_password"])


class OwnLogInForm(forms.Form):
    """One of the user's own log-ins, to be ended."""

    log_in = forms.ModelChoiceField(UserSession.objects.none())

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["log_in"].queryset = UserSession.objects.filter(user_id=user.pk)
