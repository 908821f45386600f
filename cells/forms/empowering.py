from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from cells.models import OrganisationFunction

FUNCTIONS = [(value, capfirst(label)) for value, label in OrganisationFunction.Function.choices]


class BodyForm(forms.Form):
    """What a body is called and since when; the end stays open while it goes on."""

    body_name = CleanCharField(
        label=_("Tên cơ quan"),
        max_length=250,
        help_text=_("Như trên con dấu của cơ quan."),
    )
    first_day = DayField(label=_("Từ ngày"))
    last_day = DayField(
        label=_("Đến ngày"),
        required=False,
        help_text=_("Để trống khi còn hoạt động. Khi đổi tên: ghi ngày cuối, rồi thêm tên mới."),
    )


class GivingForm(BodyForm):
    function = forms.ChoiceField(label=_("Chức năng"), choices=FUNCTIONS)
    field_order = ("function", "body_name", "first_day", "last_day")


class ChangingForm(BodyForm):
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, widget=forms.HiddenInput)

    @classmethod
    def of(cls, row: OrganisationFunction, data=None):
        return cls(data, initial={name: getattr(row, name) for name in cls.base_fields})
