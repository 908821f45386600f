"""What somebody invited fills in: how they will be known to the system, and a password of their own."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField
from accounts.forms import ChoosePasswordForm
from accounts.inviting import PLACEHOLDER, suggested_username
from accounts.models import User

# Without marks: phones and PCs type them in different ways, and nobody should have to guess how it was spelled.
USERNAME = RegexValidator(r"^[a-z0-9]+([._-][a-z0-9]+)*$")


class UsernameField(CleanCharField):
    def __init__(self, **options):
        look = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        help_text = _("Từ 3 đến 30 chữ cái không dấu và chữ số, ví dụ lannt. Dùng để đăng nhập những lần sau.")
        options = {"label": _("Tên đăng nhập"), "help_text": help_text} | options
        super().__init__(min_length=3, max_length=30, widget=forms.TextInput(attrs=look), **options)

    def clean(self, value):
        value = super().clean(str(value).lower() if value else value)
        if not value:
            return value
        try:
            USERNAME(value)
        except ValidationError:
            raise ValidationError(_("Chỉ dùng chữ cái không dấu, chữ số, dấu chấm hoặc gạch nối ở giữa.")) from None
        if value.startswith(PLACEHOLDER) or User.objects.filter(username__iexact=value).exists():
            raise ValidationError(_("Tên đăng nhập này đã có người dùng. Hãy chọn tên khác."), code="taken")
        return value


class InvitationForm(ChoosePasswordForm):
    username = UsernameField()
    field_order = ["username", "new_password1", "new_password2"]

    def __init__(self, user, *args, **options):
        super().__init__(user, *args, **options)
        self.fields["username"].initial = suggested_username(user.full_name)

    def clean_username(self):
        # The rules for passwords compare with the name it will stand beside.
        self.user.username = self.cleaned_data["username"]
        return self.user.username


class FirstForm(InvitationForm):
    """For the first administrator, of whom nobody has written down the name."""

    full_name = CleanCharField(label=_("Họ và tên"), max_length=150)
    field_order = ["full_name", *InvitationForm.field_order]
