"""Days as people type them, with or without marks between the digits."""

import datetime as dt
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BARE_DAY = re.compile(r"\s*(\d{2})(\d{2})(\d{4})\s*")
EARLIEST = dt.date(1930, 2, 3)
FURTHEST_AHEAD = dt.timedelta(days=400)


class DayField(forms.DateField):
    """dd/mm/yyyy whatever the language of the phone, which decides what its own date picker shows."""

    def __init__(self, **options):
        attributes = {
            "inputmode": "numeric",
            "autocomplete": "off",
            "placeholder": _("ngày/tháng/năm"),
            "maxlength": 10,
        }
        messages = {"invalid": _("Ghi ngày như 03/11/2026.")}
        super().__init__(
            widget=forms.DateInput(format="%d/%m/%Y", attrs=attributes), error_messages=messages, **options
        )

    def to_python(self, value):
        if isinstance(value, str) and (bare := BARE_DAY.fullmatch(value)):
            value = "/".join(bare.groups())
        return super().to_python(value)


class SeenField(forms.JSONField):
    """What a page of ours wrote for itself; whatever else arrives here is refused, however deep or long."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid": _("Trang này đã cũ. Hãy tải lại trang rồi làm lại.")}

    def to_python(self, value):
        try:
            return super().to_python(value)
        except (RecursionError, ValueError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
