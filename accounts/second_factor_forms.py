from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import second_factor, throttling
from accounts.fields import CleanCharField
from accounts.forms import Slowed

# What allauth and fido2 raise over answers that no browser gives.
UNREADABLE = (AttributeError, InvalidSignature, KeyError, TypeError, ValueError)
PASSKEY_ERRORS = dict.fromkeys(
    ("required", "invalid"), _("Chưa nhận được khóa truy cập. Hãy bấm lại nút và làm theo máy hướng dẫn.")
)


class CodeField(CleanCharField):
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "class": "code-field"})

    def __init__(self, **options):
        super().__init__(max_length=40, error_messages={"required": _("Hãy nhập mã.")}, **options)


class WithCode(Slowed):
    def attempt_code(self):
        # A count of its own: whoever knows the name only cannot use up the tries of whoever knows the password.
        return self.attempt(f"{self.user.username} \N{BULLET} 2", context.request, throttling.CODES_PER_ACCOUNT)


class SecondFactorForm(WithCode, forms.Form):
    """`user` has shown the password and now shows a code."""

    code = CodeField(label=_("Mã xác thực"))

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.user = user

    def clean_code(self):
        attempt = self.attempt_code()
        code = self.cleaned_data["code"]
        self.authenticator = second_factor.take(self.user, code)
        if self.authenticator is None:
            refuse(self.user)
            raise get_adapter().validation_error("incorrect_code")
        throttling.forgive(attempt)
        return code

    def save(self):
        post_authentication(context.request, self.authenticator)


def refuse(user) -> None:
    authentication_failed.send(sender=Authenticator, request=context.request, user=user, authenticator=None)


class PasskeyForm(AuthenticateWebAuthnForm):
    credential = forms.JSONField(widget=forms.HiddenInput, error_messages=PASSKEY_ERRORS)

    def clean_credential(self):
        try:
            return super().clean_credential()
        except UNREADABLE as error:
            refuse(self.user)
            raise ValidationError(PASSKEY_ERRORS["invalid"], code="incorrect_code") from error


class ConfirmCodeForm(WithCode, ActivateTOTPForm):
    """The first code of the app: it shows that both keep the same secret."""

    code = CodeField(label=_("Mã 6 chữ số trên ứng dụng"))

    def clean_code(self):
        attempt = self.attempt_code()
        code = self.cleaned_data["code"]
        if not validate_totp_code(self.secret, code):
            raise ValidationError(_("Mã không đúng. Hãy nhập mã đang hiện trên ứng dụng."), code="incorrect_code")
        throttling.forgive(attempt)
        return code


class AddPasskeyForm(AddWebAuthnForm):
    name = CleanCharField(
        label=_("Tên gọi của khóa"), max_length=60, required=False, help_text=_("Ví dụ: Điện thoại của tôi.")
    )
    credential = forms.JSONField(widget=forms.HiddenInput, error_messages=PASSKEY_ERRORS)

    def clean(self):
        try:
            return super().clean()
        except UNREADABLE as error:
            raise ValidationError(PASSKEY_ERRORS["invalid"], code="incorrect_code") from error


class OwnPasskeyForm(forms.Form):
    """One of the user's own passkeys, to be removed."""

    passkey = forms.ModelChoiceField(Authenticator.objects.none())

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["passkey"].queryset = second_factor.passkeys_of(user)

    def clean_passkey(self):
        passkey = self.cleaned_data["passkey"]
        if not get_adapter().can_delete_authenticator(passkey):
            raise get_adapter().validation_error("cannot_delete_authenticator")
        return passkey

    @property
    def problem(self) -> str:
        """In one line, for a page that does not show this form."""
        if self.has_error("passkey", "cannot_delete_authenticator"):
            return self.errors["passkey"][0]
        return _("Khóa truy cập này đã được bỏ trước đó.")
