"""The form of a target."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField
from accounts.querying import QueryForm
from reports.models.targets import RATES, Measure, Operator, Target
from reports.periods import FIRST_YEAR, LAST_YEAR
from sessions.forms import capitalised

MOST = 10_000_000


class NewTargetQuery(QueryForm):
    year = forms.IntegerField(label=_("Năm"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)


class PlainDecimalField(forms.DecimalField):
    """Takes the comma of the country and the dot of the keypad."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        value = value.replace(" ", "").removesuffix("%").replace(",", ".") if isinstance(value, str) else value
        return super().to_python(value)

    def prepare_value(self, value):
        return str(value).removesuffix(".0").replace(".", ",") if isinstance(value, Decimal) else value


class TargetForm(forms.Form):
    measure = forms.ChoiceField(label=_("Chỉ tiêu"), choices=capitalised(Measure.choices))
    operator = forms.ChoiceField(label=_("Mức"), choices=capitalised(Operator.choices), widget=forms.RadioSelect)
    number = PlainDecimalField(
        label=_("Con số"),
        min_value=0,
        max_value=MOST,
        max_digits=9,
        decimal_places=1,
        help_text=_("Với tỷ lệ: phần trăm, ví dụ 90 hoặc 99,5. Với số lượng: số nguyên, ví dụ 600."),
        error_messages={
            "required": _("Hãy ghi con số của chỉ tiêu."),
            "invalid": _("Hãy ghi một con số, ví dụ 90 hoặc 99,5."),
            "max_decimal_places": _("Nhiều nhất một chữ số sau dấu phẩy, ví dụ 99,5."),
        },
    )
    year = forms.IntegerField(
        label=_("Năm"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        localize=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    source = CleanCharField(
        label=_("Căn cứ"),
        max_length=300,
        help_text=_("Nghị quyết, kế hoạch hoặc văn bản đặt chỉ tiêu; ghi số và ngày."),
        error_messages={"required": _("Hãy ghi căn cứ của chỉ tiêu.")},
    )
    version = forms.IntegerField(label=_("Phiên bản"), required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        number, measure = cleaned.get("number"), cleaned.get("measure")
        if number is None or not measure:
            return cleaned
        if measure in RATES and number > 100:
            self.add_error("number", ValidationError(_("Tỷ lệ không quá 100 %.")))
        if measure not in RATES and number != int(number):
            self.add_error("number", ValidationError(_("Số lượng là số nguyên.")))
        return cleaned

    def target(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class VersionForm(forms.Form):
    version = forms.IntegerField(label=_("Phiên bản"), widget=forms.HiddenInput)


def initial_of(target: Target) -> dict:
    return {name: getattr(target, name) for name in TargetForm.base_fields}
