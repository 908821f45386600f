"""Form fields for text: one Unicode form, nothing invisible (reliability.md R3)."""

import datetime as dt
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.text import INVISIBLE, clean_line

CLOCK = re.compile(r"\s*(\d{1,2})\s*(?:[:hHgG.]\s*(\d{2})?|(\d{2}))?\s*")


def reject_broken_text(value: str) -> None:
    """NUL stops PostgreSQL, half a surrogate pair stops both databases."""
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise ValidationError(_("Nội dung có ký tự không đọc được. Hãy gõ lại phần này."), code="broken_text")


class CleanCharField(forms.CharField):
    """One line: NFC, no control or zero-width characters, spaces collapsed."""

    default_validators = []

    def __init__(self, *, max_length=200, **options):
        super().__init__(max_length=max_length, **options)

    def to_python(self, value):
        if value in self.empty_values:
            return self.empty_value
        reject_broken_text(str(value))
        return clean_line(str(value)) or self.empty_value


class CleanTextField(CleanCharField):
    """Several lines: as CleanCharField, but line breaks stay."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, max_length=5000, **options):
        super().__init__(max_length=max_length, **options)

    def to_python(self, value):
        if value in self.empty_values:
            return self.empty_value
        reject_broken_text(str(value))
        text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
        lines = [INVISIBLE.sub("", line).rstrip() for line in text.split("\n")]
        return "\n".join(lines).strip() or self.empty_value


class DayField(forms.DateField):
    """A day as dd/mm/yyyy. Typed, not picked: the picker of a browser shows the order of its own language."""

    FIRST, LAST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)

    widget = forms.DateInput(
        attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": _("ngày/tháng/năm"), "maxlength": 10}
    )

    def to_python(self, value):
        day = super().to_python(value)
        if day and not self.FIRST <= day <= self.LAST:
            raise ValidationError(_("Năm phải từ 1900 đến 2199."), code="far_day")
        return day


class ClockField(forms.Field):
    """`14:00`, `14h`, `14h30`, `1430` or `14`."""

    def __init__(self, **options):
        attributes = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 8}
        super().__init__(widget=forms.TextInput(attrs=attributes), **options)

    def prepare_value(self, value):
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        found = CLOCK.fullmatch(str(value))
        try:
            return dt.time(int(found[1]), int(found[2] or found[3] or 0))
        except (TypeError, ValueError) as error:
            raise ValidationError(_("Ghi giờ như 14:00 hoặc 14h30."), code="invalid") from error


class PasswordField(forms.CharField):
    """Taken as typed, spaces too; only its Unicode form is settled, since phones and PCs type `ễ` differently."""

    def __init__(self, *, autocomplete, **options):
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "data-password": ""})
        super().__init__(strip=False, max_length=128, widget=widget, **options)

    def to_python(self, value):
        value = super().to_python(value)
        reject_broken_text(value)
        return unicodedata.normalize("NFC", value)
