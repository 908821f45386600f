"""The forms of the number register: take, cancel, terms, and where a paper register ended."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from cells.models import DocumentType, Term
from cells.registers import Register, numbers_outside, overlapping

ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
YEARS = re.compile(r"\d{4} ?[-–] ?\d{4}")  # cells count their congresses by years, committees by number
HIGHEST = 99_999


def type_choices(registers: list[Register]) -> list[tuple[str, str]]:
    offered = {one for register in registers for one in register.types}
    return [(one.value, f"{capfirst(one.label)} ({one.printed})") for one in DocumentType if one in offered]


class RegisterChoice(forms.Form):
    """Asks for the register only where somebody keeps more than one."""

    def __init__(self, *args, registers: list[Register], **options):
        super().__init__(*args, **options)
        self.registers = {register.key: register for register in registers}
        if len(registers) > 1:
            choices = [(register.key, register.name) for register in registers]
            self.fields = {"register": forms.ChoiceField(label=_("Sổ của"), choices=choices), **self.fields}

    @property
    def register(self) -> Register | None:
        chosen = self.cleaned_data.get("register")
        return self.registers.get(chosen) if "register" in self.fields else next(iter(self.registers.values()))


class NumberForm(RegisterChoice):
    document_type = forms.ChoiceField(label=_("Loại văn bản"))
    subject = CleanCharField(
        label=_("Trích yếu"),
        max_length=500,
        help_text=_("Không ghi văn bản mật vào sổ này."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    day = DayField(label=_("Ngày ký"))

    def __init__(self, *args, registers, **options):
        super().__init__(*args, registers=registers, **options)
        self.fields["document_type"].choices = type_choices(registers)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("Số chỉ được cấp khi ký; ngày ký không thể sau hôm nay."))
        return day


class CancelForm(forms.Form):
    reason = CleanCharField(
        label=_("Lý do hủy"),
        max_length=300,
        help_text=_("Số đã hủy vẫn còn trong sổ và không cấp lại."),
        error_messages={"required": _("Hãy ghi lý do hủy.")},
    )


class TermForm(RegisterChoice):
    ordinal = CleanCharField(
        label=_("Khóa hoặc nhiệm kỳ"),
        max_length=20,
        help_text=_("Số La Mã, ví dụ XX; chi bộ có thể ghi năm, ví dụ 2025–2027."),
    )
    first_day = DayField(label=_("Từ ngày (ngày đại hội)"))
    last_day = DayField(label=_("Đến ngày"), required=False, help_text=_("Để trống nếu nhiệm kỳ chưa kết thúc."))
    symbol = CleanCharField(
        label=_("Ký hiệu cơ quan trên văn bản"),
        max_length=20,
        required=False,
        help_text=_("Ví dụ CB, ĐU, BTG. Để trống thì theo loại tổ chức: chi bộ là CB, đảng ủy là ĐU."),
    )
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, registers, term: Term | None = None, **options):
        super().__init__(*args, registers=registers, **options)
        self.term = term

    def clean_ordinal(self):
        ordinal = self.cleaned_data["ordinal"].upper()
        if not ROMAN.fullmatch(ordinal) and not YEARS.fullmatch(ordinal):
            raise ValidationError(_("Ghi bằng số La Mã, ví dụ XX, hoặc bằng năm, ví dụ 2025–2027."))
        return ordinal

    def clean(self):
        cleaned = super().clean()
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        if not first_day or "last_day" in self.errors or self.register is None:
            return cleaned
        if last_day and last_day < first_day:
            self.add_error("last_day", _("Đến ngày không được trước từ ngày."))
            return cleaned
        self.refuse_overlap(first_day, last_day)
        if self.term and numbers_outside(self.term, first_day, last_day):
            self.add_error(None, _("Nhiệm kỳ này đã cấp số cho văn bản ngoài khoảng ngày đó. Hãy chọn ngày khác."))
        return cleaned

    def refuse_overlap(self, first_day, last_day) -> None:
        organisation, function = self.register.organisation, self.register.function
        other = overlapping(organisation, function, first_day, last_day, but=self.term)
        if other:
            text = _("Trùng ngày với nhiệm kỳ khóa %(ordinal)s (từ %(day)s). Hãy kết thúc nhiệm kỳ đó trước.")
            self.add_error("first_day", text % {"ordinal": other.ordinal, "day": f"{other.first_day:%d/%m/%Y}"})
        same = Term.unscoped.filter(
            organisation=organisation, function=function, ordinal=self.cleaned_data.get("ordinal", "")
        )
        if same.exclude(pk=self.term.pk if self.term else None).exists():
            self.add_error("ordinal", _("Khóa này đã được khai."))


class PaperRegisterForm(forms.Form):
    document_type = forms.ChoiceField(label=_("Loại văn bản"))
    last_number = forms.IntegerField(
        label=_("Số cuối cùng đã cấp trên sổ giấy"),
        min_value=1,
        max_value=HIGHEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("Phần mềm sẽ cấp tiếp từ số sau đó."),
    )

    def __init__(self, *args, register: Register, **options):
        super().__init__(*args, **options)
        self.fields["document_type"].choices = type_choices([register])
