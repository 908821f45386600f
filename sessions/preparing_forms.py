"""The forms around a session: what is ready, who leads it, who asks leave, when it is put off, its paper sheet."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, ClockField
from cells.uploads.fields import UploadForm
from cells.uploads.kinds import PICTURES
from sessions.fields import FURTHEST_AHEAD, DayField
from sessions.forms import OFFERED_REASONS, OTHER, REASONS
from sessions.models import Readiness


class TickForm(forms.Form):
    item = forms.ChoiceField(choices=Readiness)
    is_ready = forms.ChoiceField(choices=(("yes", ""), ("no", "")))


class DutiesForm(forms.Form):
    """Only people of the roster; what was noted before by another name stays as a choice."""

    chair_name = forms.ChoiceField(label=_("Chủ trì buổi này"), required=False)
    minute_taker_name = forms.ChoiceField(label=_("Thư ký buổi này"), required=False)
    version = forms.IntegerField(label=_("Phiên bản"), min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        for name in ("chair_name", "minute_taker_name"):
            field = self.fields[name]
            kept = [self.initial[name]] if self.initial.get(name) and self.initial[name] not in people else []
            field.choices = [("", _("chưa phân công")), *((one, one) for one in (*kept, *people))]


class AbsenceForm(forms.Form):
    """One's own: a reason by one tap, or in words."""

    reason = forms.ChoiceField(
        label=_("Lý do"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn lý do.")},
    )
    other = CleanCharField(label=_("Lý do khác"), max_length=200, required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") == OTHER and not cleaned.get("other"):
            self.add_error("other", _("Hãy ghi lý do khác."))
        return cleaned

    @property
    def told(self) -> str:
        reason = self.cleaned_data["reason"]
        return reason if reason in OFFERED_REASONS else self.cleaned_data["other"]


class AbsenceOfForm(AbsenceForm):
    """The minute-taker's: of whom."""

    person = forms.ChoiceField(label=_("Đảng viên"), error_messages={"required": _("Hãy chọn đảng viên.")})
    field_order = ["person", "reason", "other"]

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.people = people
        self.fields["person"].choices = [("", _("chọn đảng viên")), *((name, name) for name in people)]


class WithdrawalForm(forms.Form):
    person = forms.UUIDField()


class ReasonForm(forms.Form):
    reason = CleanCharField(
        label=_("Lý do"),
        max_length=300,
        help_text=_("Đảng viên đọc được lý do này."),
        error_messages={"required": _("Hãy ghi lý do.")},
    )
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, widget=forms.HiddenInput)


class PostponingForm(ReasonForm):
    day = DayField(label=_("Ngày mới"))
    start = ClockField(label=_("Giờ bắt đầu"), required=False)
    field_order = ["day", "start", "reason", "version"]

    def clean_day(self):
        day = self.cleaned_data["day"]
        last = timezone.localdate() + FURTHEST_AHEAD
        if not timezone.localdate() <= day <= last:
            raise ValidationError(_("Ngày mới phải từ hôm nay đến %s.") % f"{last:%d/%m/%Y}")
        return day


class SheetForm(UploadForm):
    """Only the own cell looks at it, so it need not wait for a second person."""

    allowed = PICTURES
    may_wait = False


class RemovalForm(forms.Form):
    reason = CleanCharField(
        label=_("Lý do gỡ ảnh"), max_length=300, error_messages={"required": _("Hãy ghi lý do gỡ ảnh.")}
    )
