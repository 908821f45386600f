"""The forms of rules about what is owed: each subject asks for what can be ruled about it, and no more."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from accounts.querying import QueryForm
from cells.models import CELL_KINDS, Kind, Organisation
from reports.obligations.models import LAST_OF_MONTH, ObligationRule, Subject
from sessions.models import Sureness

Every = ObligationRule.Every
FIXED_MONTHS = {Subject.REGULAR: Every.MONTH, Subject.THEMATIC: Every.QUARTER, Subject.EXECUTIVE: Every.YEAR}
WITH_DAY = frozenset({Subject.CONFERENCE, Subject.REPORT, Subject.EXECUTIVE})
OF_CELLS = frozenset({Subject.REGULAR, Subject.THEMATIC, Subject.MATERIALS, Subject.RESULT})
DUE_MONTHS = [(0, _("tháng cuối của kỳ")), (1, _("tháng sau kỳ")), (2, _("tháng thứ hai sau kỳ"))]


class SubjectQuery(QueryForm):
    subject = forms.ChoiceField(label=_("Nội dung"), choices=Subject, initial=Subject.REPORT.value, required=False)


class RuleForm(forms.Form):
    organisation = CleanCharField(
        label=_("Áp dụng cho (mã tổ chức)"),
        max_length=60,
        required=False,
        help_text=_("Tổ chức này và mọi đơn vị trực thuộc. Để trống: mọi nơi."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Loại tổ chức phải làm"),
        choices=[(value, capfirst(str(label))) for value, label in Kind.choices],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Không chọn loại nào: mọi loại."),
    )
    months = forms.TypedChoiceField(label=_("Chu kỳ"), coerce=int, choices=[one for one in Every.choices if one[0]])
    due_month = forms.TypedChoiceField(label=_("Hạn vào tháng"), coerce=int, choices=DUE_MONTHS)
    due_day = forms.IntegerField(
        label=_("Hạn vào ngày"),
        min_value=1,
        max_value=LAST_OF_MONTH,
        help_text=_("31: ngày cuối tháng."),
    )
    cut_off_day = forms.IntegerField(
        label=_("Chốt số liệu vào ngày"),
        min_value=1,
        max_value=LAST_OF_MONTH,
        required=False,
        help_text=_("Của tháng cuối kỳ. Để trống: chốt vào ngày đến hạn, hoặc cuối kỳ nếu hạn sau đó."),
    )
    days_ahead = forms.IntegerField(label=_("Báo trước (số ngày)"), min_value=0, max_value=365)
    is_owed = forms.BooleanField(
        label=_("Phải làm"),
        required=False,
        help_text=_("Bỏ dấu để nơi này không phải làm, dù cấp trên có quy định."),
    )
    source_note = CleanCharField(label=_("Căn cứ"), max_length=300, help_text=_("Văn bản, số và ngày."))
    sureness = forms.ChoiceField(
        label=_("Mức chắc chắn"), choices=[(value, capfirst(str(label))) for value, label in Sureness.choices]
    )
    first_day = DayField(label=_("Áp dụng từ ngày"))
    last_day = DayField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu chưa biết."))
    version = forms.IntegerField(label=_("Phiên bản"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, subject: str, **options):
        super().__init__(*args, **options)
        self.subject = subject
        if subject not in WITH_DAY:
            del self.fields["due_month"], self.fields["due_day"]
        if subject not in WITH_DAY or subject in FIXED_MONTHS:
            del self.fields["months"]
        if subject != Subject.REPORT:
            del self.fields["cut_off_day"]
        if subject in OF_CELLS:
            del self.fields["kinds"]
        if subject == Subject.EXECUTIVE:  # a cell has no executive committee
            kinds = self.fields["kinds"]
            kinds.choices = [choice for choice in kinds.choices if choice[0] not in CELL_KINDS]

    def clean_organisation(self):
        code = self.cleaned_data["organisation"]
        if not code:
            return None
        found = Organisation.unscoped.filter(code=code).first()
        if found is None:
            raise ValidationError(_("Không có tổ chức mang mã này. Mã ghi ở trang của tổ chức."))
        return found

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Ngày kết thúc phải từ %s trở đi.") % f"{first:%d/%m/%Y}")
        return cleaned

    def ruled(self) -> dict:
        ruled = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        if self.subject in OF_CELLS:
            ruled["kinds"] = sorted(CELL_KINDS)
        if self.subject in FIXED_MONTHS:
            ruled["months"] = FIXED_MONTHS[self.subject]
        return ruled


def initial_of(rule: ObligationRule) -> dict:
    initial = {name: getattr(rule, name) for name in RuleForm.base_fields if name != "organisation"}
    return initial | {"organisation": rule.organisation.code if rule.organisation else ""}
