from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import resetting, throttling
from accounts.fields import CleanCharField
from accounts.forms import Slowed, UsernameField
from accounts.models import SecondFactorReset, User
from accounts.querying import QueryForm
from accounts.text import clean_line


class PrefilledQuery(QueryForm):
    """What a link already knows: that of a mail, or from the page of a user."""

    username = CleanCharField(label=_("Tên đăng nhập"), max_length=150, required=False)
    code = CleanCharField(label=_("Mã một lần"), max_length=40, required=False)


class OneTimeCodeForm(Slowed, forms.Form):
    """The same words whoever asks: unknown name, wrong code, one that is over."""

    username = UsernameField()
    code = CleanCharField(
        label=_("Mã một lần"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-field"}
        ),
        help_text=_("12 chữ cái trên tờ giấy được trao. Gõ chữ hoa hay thường, có dấu gạch hay không đều được."),
        error_messages={"required": _("Hãy nhập mã trên tờ giấy.")},
    )

    def __init__(self, *args, request, **options):
        super().__init__(*args, **options)
        self.request = request

    def clean(self):
        if self.errors:
            return self.cleaned_data
        name = self.cleaned_data["username"]
        attempt = self.attempt(f"{name} \N{BULLET} code", self.request, throttling.CODES_PER_ACCOUNT)
        self.row = resetting.find(name, self.cleaned_data["code"])
        if self.row is None:
            text = _("Tên đăng nhập hoặc mã không đúng, hoặc mã đã dùng hay hết hạn.")
            raise ValidationError(text, code="invalid_code")
        throttling.forgive(attempt)
        return self.cleaned_data


class ForWhomForm(forms.Form):
    """An account that the actor may help; others are answered as if they did not exist."""

    username = UsernameField()

    def __init__(self, *args, actor, **options):
        super().__init__(*args, **options)
        self.actor = actor

    def clean_username(self):
        name = clean_line(self.cleaned_data["username"])
        self.user = User.objects.filter(username__iexact=name).first()
        if self.user is None or not resetting.may_reset(self.actor, self.user):
            text = _("Không có tài khoản này, hoặc đồng chí không giúp được tài khoản này.")
            raise ValidationError(text, code="not_yours")
        return name


class ForgottenForm(Slowed, forms.Form):
    username = UsernameField()

    def __init__(self, *args, request, **options):
        super().__init__(*args, **options)
        self.request = request

    def clean_username(self):
        name = self.cleaned_data["username"]
        self.attempt(f"{name} \N{BULLET} mail", self.request, throttling.MAILS_PER_ACCOUNT)  # never forgiven
        return name


class WaitingForm(forms.Form):
    """A request of somebody else about somebody else."""

    request = forms.ModelChoiceField(SecondFactorReset.objects.none())

    def __init__(self, *args, actor, **options):
        super().__init__(*args, **options)
        waiting = [one.pk for one in resetting.waiting_for(actor)]
        self.fields["request"].queryset = SecondFactorReset.objects.filter(pk__in=waiting)
