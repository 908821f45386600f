"""The forms of a session's rating."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.fields import CleanCharField
from sessions.fields import SeenField
from sessions.measuring import plain
from sessions.rating import Line, Sheet

MOST_SPEAKERS = 100_000


class PointsField(CleanCharField):
    """`4`, `4,5` or `4.5`, as text in the one way in which it is stored."""

    def __init__(self, most: Decimal, **options):
        self.most = most
        super().__init__(max_length=8, required=False, **options)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return ""
        points = self.points(text)
        if not 0 <= points <= self.most:
            raise ValidationError(_("Điểm từ 0 đến %s.") % plain(self.most), code="range")
        if points != round(points, 2):
            raise ValidationError(_("Nhiều nhất hai chữ số sau dấu phẩy."), code="places")
        return plain(points)

    def points(self, text: str) -> Decimal:
        try:
            points = Decimal(text.replace(",", "."))
        except InvalidOperation as error:
            raise ValidationError(_("Ghi điểm bằng chữ số, ví dụ 4 hoặc 4,5."), code="invalid") from error
        if not points.is_finite():
            raise ValidationError(_("Ghi điểm bằng chữ số, ví dụ 4 hoặc 4,5."), code="invalid")
        return points


class CountField(forms.IntegerField):
    def __init__(self, present: int, **options):
        self.present = present
        super().__init__(min_value=0, max_value=MOST_SPEAKERS, required=False, **options)
        self.error_messages["invalid"] = _("Ghi số người bằng chữ số.")
        self.error_messages["min_value"] = _("Số người không thể dưới 0.")

    def clean(self, value):
        number = super().clean(value)
        if number is not None and number > self.present:
            raise ValidationError(_("Nhiều hơn số có mặt (%d).") % self.present, code="too_many")
        return "" if number is None else str(number)


class RatingForm(forms.Form):
    """The whole sheet, or the few fields that the page saves by itself; what was not sent stays as it is."""

    base = SeenField(required=False)

    def __init__(self, *args, sheet: Sheet, **options):
        super().__init__(*args, **options)
        self.sheet = sheet
        for line in sheet.lines:
            self.fields |= fields_of(line)

    def wanted(self) -> dict[str, str]:
        """What was sent; where somebody was asked to choose, what they chose."""
        return {
            name: self.cleaned_data[name]
            for name in self.sheet.values
            if name in self.data and self.data.get(f"take-{name}") != "theirs"
        }

    def known_base(self) -> dict[str, str]:
        given = self.cleaned_data.get("base")
        given = given if isinstance(given, dict) else {}
        return {name: value for name, value in given.items() if isinstance(value, str)}


def fields_of(line: Line) -> dict[str, forms.Field]:
    found = {}
    if line.asks_for_points:
        found[line.points_field] = PointsField(line.criterion.max_points)
    if line.criterion.asks_for_count:
        found[line.count_field] = CountField(line.known.present)
    return found
