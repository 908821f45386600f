"""The forms of an administrator who looks into one person's data, and of making a person anonymous."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField
from cells.models import Person
from cells.person_data import everybody


class LookForm(forms.Form):
    code = CleanCharField(label=_("Mã đảng viên"), max_length=60)
    reason = CleanCharField(
        label=_("Lý do xem"),
        max_length=300,
        help_text=_("Ví dụ: đơn yêu cầu ngày nào, của ai. Lý do được ghi vào nhật ký."),
        error_messages={"required": _("Hãy ghi lý do xem.")},
    )

    def clean_code(self):
        person = everybody().filter(code=self.cleaned_data["code"]).first()
        if person is None:
            raise ValidationError(_("Không có đảng viên nào mang mã này."))
        self.person = person
        return person.code


class AnonymiseForm(forms.Form):
    reason = CleanCharField(
        label=_("Lý do ẩn danh"), max_length=300, error_messages={"required": _("Hãy ghi lý do ẩn danh.")}
    )


class ConfirmForm(AnonymiseForm):
    """The second step: the code is typed once more, so that nobody gets here by two quick clicks."""

    reason = CleanCharField(max_length=300, widget=forms.HiddenInput)
    code = CleanCharField(label=_("Gõ lại mã đảng viên để xác nhận"), max_length=60)
    confirmed = forms.CharField(initial="1", widget=forms.HiddenInput)

    def __init__(self, *args, person: Person, **options):
        super().__init__(*args, **options)
        self.person = person

    def clean_code(self):
        if self.cleaned_data["code"] != self.person.code:
            raise ValidationError(_("Mã không đúng. Hãy gõ đúng mã đang hiện ở trên."))
        return self.cleaned_data["code"]
