"""What is typed on the first day: the own organisation, and the cells below it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, CleanTextField, DayField
from cells.models import Kind

MOST_CELLS = 500
LONGEST_CODE, LONGEST_NAME = 60, 250


class OwnOrganisationForm(forms.Form):
    name = CleanCharField(
        label=_("Tên đầy đủ"), max_length=LONGEST_NAME, help_text=_("Như in trên văn bản, ví dụ: Đảng bộ xã Tân Hòa.")
    )
    kind = forms.ChoiceField(label=_("Loại"), choices=[(value, capfirst(label)) for value, label in Kind.choices])
    code = CleanCharField(
        label=_("Mã"), max_length=40, help_text=_("Ngắn, không trùng, dùng trong tệp Excel. Ví dụ: 38.168.")
    )
    parent_name = CleanCharField(
        label=_("Tên tổ chức cấp trên trực tiếp"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("In ở góc trái văn bản, ví dụ: Đảng bộ tỉnh Bình Minh. Cấp tỉnh thì để trống."),
    )
    first_day = DayField(label=_("Hoạt động từ ngày"), help_text=_("Ngày thành lập, hoặc ngày bắt đầu ghi sổ."))
    term = CleanCharField(label=_("Nhiệm kỳ"), max_length=20, required=False, help_text=_("Ví dụ: 2025-2030."))
    term_first_day = DayField(label=_("Nhiệm kỳ bắt đầu từ ngày"), required=False)

    def clean_first_day(self):
        day = self.cleaned_data["first_day"]
        if day > timezone.localdate():
            raise ValidationError(_("Ngày này chưa tới."))
        return day

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == Kind.PROVINCE:
            cleaned["parent_name"] = ""
        elif cleaned.get("kind") and not cleaned.get("parent_name") and "parent_name" not in self.errors:
            self.add_error("parent_name", _("Hãy ghi tên tổ chức cấp trên."))
        if cleaned.get("term") and not cleaned.get("term_first_day") and "term_first_day" not in self.errors:
            self.add_error("term_first_day", _("Hãy ghi ngày bắt đầu nhiệm kỳ."))
        return cleaned


class CellsForm(forms.Form):
    """One cell a line: its name, or code and name with a semicolon or a tab between, as pasted from a spreadsheet."""

    cells = CleanTextField(
        label=_("Danh sách chi bộ"),
        max_length=150_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Mỗi dòng một chi bộ: chỉ tên, hoặc mã rồi dấu chấm phẩy rồi tên. Dán được từ Excel."),
    )

    def clean_cells(self):
        lines = [line.strip() for line in self.cleaned_data["cells"].split("\n")]
        found = [parsed(number, line) for number, line in enumerate(lines, start=1) if line]
        if len(found) > MOST_CELLS:
            raise ValidationError(_("Mỗi lần dán nhiều nhất %d chi bộ.") % MOST_CELLS)
        for place, key in ((0, _("mã")), (1, _("tên"))):
            given = [one[place].casefold() for one in found if one[place]]
            twice = sorted({text for text in given if given.count(text) > 1})
            if twice:
                problem = _("Có %(key)s ghi hai lần: %(text)s.") % {"key": key, "text": twice[0]}
                raise ValidationError(problem)
        return found


def parsed(number: int, line: str) -> tuple[str, str]:
    code, separator, name = line.replace("\t", ";").partition(";")
    code, name = (code.strip(), name.strip()) if separator else ("", line)
    if not name or len(name) > LONGEST_NAME or len(code) > LONGEST_CODE:
        raise ValidationError(_("Dòng %d không đọc được: cần tên chi bộ, hoặc mã; tên.") % number)
    return code, name
