"""The forms of rules about sessions and of holidays."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField
from accounts.querying import QueryForm
from sessions.fields import DayField
from sessions.forms import capitalised
from sessions.models import LAST_DAY_OF_EVERY_MONTH, Holiday, RuleSubject, SessionRule, Shift, Sureness

# subject: what its number is, least, most
NUMBERS = {
    RuleSubject.SESSION_DAY: (_("Ngày trong tháng"), 1, LAST_DAY_OF_EVERY_MONTH),
    RuleSubject.MINUTES_REGULAR: (_("Số phút tối thiểu"), 15, 480),
    RuleSubject.MINUTES_THEMATIC: (_("Số phút tối thiểu"), 15, 480),
    RuleSubject.MINUTES_COMBINED: (_("Số phút tối thiểu"), 15, 480),
    RuleSubject.THEMATIC_PER_QUARTER: (_("Số buổi mỗi quý"), 1, 12),
    RuleSubject.MATERIALS_DAYS: (_("Trước buổi sinh hoạt (số ngày)"), 0, 30),
    RuleSubject.RESULT_DAYS: (_("Sau buổi sinh hoạt (số ngày)"), 0, 30),
}
FIRST_YEAR, LAST_YEAR = 2018, 2100


class RuleQuery(QueryForm):
    subject = forms.ChoiceField(
        label=_("Nội dung"), choices=RuleSubject, initial=RuleSubject.SESSION_DAY, required=False
    )


class RuleForm(forms.Form):
    """One subject for one place. Whoever differs from what is inherited says why, and on what ground."""

    number = forms.IntegerField(widget=forms.NumberInput(attrs={"inputmode": "numeric"}))
    shift = forms.ChoiceField(
        label=_("Khi ngày đó trùng ngày nghỉ"), choices=capitalised(Shift.choices), widget=forms.RadioSelect
    )
    first_day = DayField(label=_("Áp dụng từ ngày"))
    last_day = DayField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu chưa biết."))
    source = CleanCharField(
        label=_("Căn cứ"), max_length=300, help_text=_("Văn bản, nghị quyết hoặc ý kiến cho phép; ghi số và ngày.")
    )
    reason = CleanCharField(
        label=_("Lý do"), max_length=500, error_messages={"required": _("Hãy ghi lý do quy định khác.")}
    )
    allowed_by = CleanCharField(label=_("Nơi cho phép (nếu có)"), max_length=250, required=False)
    cells_may_differ = forms.BooleanField(label=_("Chi bộ được chọn khác khi có lý do"), required=False)
    sureness = forms.ChoiceField(label=_("Mức chắc chắn"), choices=capitalised(Sureness.choices))
    version = forms.IntegerField(label=_("Phiên bản"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, subject: str, is_national: bool, is_cell: bool = False, **options):
        super().__init__(*args, **options)
        label, least, most = NUMBERS[subject]
        number = self.fields["number"]
        number.label = label
        number.validators += [MinValueValidator(least), MaxValueValidator(most)]
        if subject == RuleSubject.SESSION_DAY:
            self.fields["first_day"].help_text = _("Ngày sinh hoạt mới áp dụng từ tháng kế tiếp nếu đổi giữa tháng.")
        else:
            del self.fields["shift"]
        if is_national:
            for name in ("reason", "allowed_by"):
                del self.fields[name]
        else:
            del self.fields["sureness"]
        if is_cell:
            del self.fields["cells_may_differ"]

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Ngày kết thúc phải từ %s trở đi.") % f"{first:%d/%m/%Y}")
        return cleaned

    def ruled(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class EndingForm(forms.Form):
    last_day = DayField(
        label=_("Ngày cuối cùng còn áp dụng"), help_text=_("Từ ngày hôm sau, đơn vị lại theo quy định của cấp trên.")
    )
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, widget=forms.HiddenInput)

    @classmethod
    def of(cls, rule, data=None) -> "EndingForm":
        """Of anything that is ruled for a span of days and has a version."""
        return cls(data, initial={"last_day": rule.last_day or timezone.localdate(), "version": rule.version})


class HolidayQuery(QueryForm):
    year = forms.IntegerField(label=_("Năm"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)


class HolidayForm(forms.Form):
    day = DayField(label=_("Ngày nghỉ"))
    name = CleanCharField(label=_("Tên ngày nghỉ"), max_length=150)
    source = CleanCharField(label=_("Căn cứ"), max_length=300, required=False)
    sureness = forms.ChoiceField(label=_("Mức chắc chắn"), choices=capitalised(Sureness.choices))
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, widget=forms.HiddenInput)

    def __init__(self, data=None, *, holiday: Holiday | None = None):
        stored = {name: getattr(holiday, name) for name in self.base_fields} if holiday else {}
        super().__init__(data, initial=stored)
        self.holiday = holiday
        if not holiday:
            del self.fields["version"]

    def clean_day(self):
        day = self.cleaned_data["day"]
        if Holiday.objects.filter(day=day).exclude(pk=self.holiday.pk if self.holiday else None).exists():
            raise ValidationError(_("Ngày này đã có trong danh sách ngày nghỉ."))
        return day

    def told(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class RemovalForm(forms.Form):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


def initial_of(rule: SessionRule) -> dict:
    return {name: getattr(rule, name) for name in RuleForm.base_fields}
