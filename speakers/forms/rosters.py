"""Forms of rosters: recognise, correct, end, review."""

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from accounts.querying import QueryForm
from cells.querying import named_like
from speakers.appointing import expiring
from speakers.levels import outside
from speakers.models import Held, Level, ReviewItem, SpeakerKind

FIRST_YEAR, LAST_YEAR = 2000, 2100


def heads(choices) -> list[tuple[str, str]]:
    return [(value, capfirst(str(label))) for value, label in choices]


class VersionForm(forms.Form):
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, widget=forms.HiddenInput)


class DecisionFields(forms.Form):
    kind = forms.ChoiceField(label=_("Loại"), choices=heads(SpeakerKind.choices))
    level = forms.ChoiceField(label=_("Cấp"), choices=heads(Level.choices))
    decision_number = CleanCharField(label=_("Số quyết định"), max_length=100)
    decision_date = DayField(label=_("Ngày quyết định"))
    first_day = DayField(label=_("Từ ngày"))
    last_day = DayField(
        label=_("Đến ngày"), required=False, help_text=_("Để trống nếu quyết định không ghi ngày hết hạn.")
    )
    degree = forms.ChoiceField(label=_("Đại học trở lên"), choices=heads(Held.choices), required=False)
    theory = forms.ChoiceField(label=_("Lý luận chính trị cao cấp"), choices=heads(Held.choices), required=False)

    def clean(self):
        cleaned = super().clean()
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        if not first_day or "last_day" in self.errors or "level" not in cleaned:
            return cleaned
        if last_day and last_day < first_day:
            self.add_error("last_day", _("Đến ngày không được trước từ ngày."))
        for name, text in outside(cleaned["level"], first_day, last_day).items():
            self.add_error(name, f"{capfirst(text)}.")
        return cleaned


class AppointForm(DecisionFields):
    code = CleanCharField(
        label=_("Mã đảng viên"),
        max_length=60,
        required=False,
        help_text=_("Để trống nếu là người ngoài, không có trong danh sách đảng viên nào."),
    )
    full_name = CleanCharField(label=_("Họ và tên"), max_length=150)
    field_order = ("code", "full_name")


class CorrectForm(DecisionFields, VersionForm):
    decision_number = CleanCharField(label=_("Số quyết định"), max_length=100, required=False)
    decision_date = DayField(label=_("Ngày quyết định"), required=False)


class EndForm(VersionForm):
    day = DayField(label=_("Ngày cuối cùng"))
    reason = CleanCharField(label=_("Lý do thôi"), max_length=250)


class SpeakersQuery(QueryForm):
    """Which of the three rosters: they are never shown as one."""

    kind = forms.ChoiceField(
        label=_("Loại"), choices=heads(SpeakerKind.choices), initial=SpeakerKind.SPEAKER, required=False
    )
    level = forms.ChoiceField(
        label=_("Cấp"), choices=[("", _("Mọi cấp")), *heads(Level.choices)], initial="", required=False
    )
    shown = forms.ChoiceField(
        label=_("Xem"),
        choices=[
            ("now", _("Đang được công nhận")),
            ("expiring", _("Sắp hết hạn trong 60 ngày")),
            ("ended", _("Đã thôi")),
        ],
        initial="now",
        required=False,
    )
    search = CleanCharField(label=_("Tìm theo tên"), max_length=100, initial="", required=False)

    def narrowed(self, rows, day):
        rows = rows.filter(kind=self.values["kind"])
        if self.values["level"]:
            rows = rows.filter(level=self.values["level"])
        if self.values["search"]:
            rows = rows.filter(named_like(self.values["search"], "person__search"))
        if self.values["shown"] == "expiring":
            return expiring(rows, day)
        rows = rows.filter(last_day__lt=day) if self.values["shown"] == "ended" else rows.on(day)
        return rows.order_by("person__sort_key", "level", "pk")


class LevelSpanForm(VersionForm):
    first_day = DayField(label=_("Từ ngày"))
    last_day = DayField(label=_("Đến ngày"), required=False, help_text=_("Để trống nếu cấp này vẫn còn."))
    source = CleanCharField(label=_("Căn cứ"), max_length=300)

    def clean(self):
        cleaned = super().clean()
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        if first_day and last_day and last_day < first_day:
            self.add_error("last_day", _("Đến ngày không được trước từ ngày."))
        return cleaned


class BeginReviewForm(forms.Form):
    year = forms.IntegerField(label=_("Rà soát của năm"), min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["year"].initial = timezone.localdate().year


class VerdictForm(VersionForm):
    verdict = forms.ChoiceField(label=_("Đề nghị"), choices=ReviewItem.Verdict.choices, widget=forms.RadioSelect)
    reason = CleanCharField(
        label=_("Lý do"), max_length=250, required=False, help_text=_("Cần ghi khi thay người hoặc cho thôi.")
    )
    code = CleanCharField(label=_("Mã đảng viên của người thay"), max_length=60, required=False)
    full_name = CleanCharField(
        label=_("Họ và tên người thay"), max_length=150, required=False, help_text=_("Chỉ ghi khi thay người.")
    )
    field_order = ("verdict", "reason", "code", "full_name")

    def clean(self):
        cleaned = super().clean()
        verdict = cleaned.get("verdict")
        if verdict in (ReviewItem.Verdict.REPLACE, ReviewItem.Verdict.END) and not cleaned.get("reason"):
            self.add_error("reason", _("Hãy ghi lý do."))
        if verdict == ReviewItem.Verdict.REPLACE and not cleaned.get("full_name"):
            self.add_error("full_name", _("Hãy ghi họ và tên người thay."))
        return cleaned


class FinishReviewForm(forms.Form):
    day = DayField(label=_("Thực hiện từ ngày"), help_text=_("Người thôi và người thay đều tính từ ngày này."))
    decision_number = CleanCharField(label=_("Số quyết định kiện toàn"), max_length=100)
