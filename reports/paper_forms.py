"""The forms of a report's life: what people write, who signs, why it goes back, the scan of the signed copy."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, CleanTextField, DayField
from cells.uploads.fields import UploadForm
from cells.uploads.kinds import SCANS
from reports.laying import Laid
from reports.models import ReportWording, SignerPost
from reports.writing import TEXTS, Page
from sessions.fields import SeenField
from sessions.record_forms import BOTH, THEIRS

LONGEST = 10_000
Part = ReportWording.Part


class WritingForm(forms.Form):
    """Both texts, or the one that the page saves by itself; what was not sent stays as it is."""

    base = SeenField(required=False)
    shortcomings = CleanTextField(label=Part.SHORTCOMINGS.label, required=False, max_length=LONGEST)
    next_tasks = CleanTextField(label=Part.NEXT_TASKS.label, required=False, max_length=LONGEST)

    def __init__(self, *args, page: Page, **options):
        super().__init__(*args, **options)
        self.page = page

    def shown(self) -> list[dict]:
        """For the page: as typed where something is wrong, else as stored."""
        values = self.page.values | {name: self.data[name] for name in TEXTS if name in self.data}
        return [
            {
                "name": name,
                "label": self.fields[name].label,
                "value": values[name],
                "problems": self.errors.get(name, ()),
            }
            for name in TEXTS
        ]

    def wanted(self) -> dict[str, str]:
        """What was sent; where somebody was asked to choose, what they chose."""
        names = [name for name in TEXTS if name in self.data and self.data.get(f"take-{name}") != THEIRS]
        return {name: self.chosen(name) for name in names}

    def chosen(self, name: str) -> str:
        text = self.cleaned_data[name]
        if self.data.get(f"take-{name}") == BOTH:
            return "\n".join(part for part in (self.page.values[name], text) if part)
        return text

    def known_base(self) -> dict[str, str]:
        given = self.cleaned_data.get("base")
        given = given if isinstance(given, dict) else {}
        return {name: value for name, value in given.items() if isinstance(value, str)}


class TakeAgainForm(forms.Form):
    base = forms.CharField(max_length=12)  # the token of what stood there when the page was read


class SignForm(forms.Form):
    """In a cell the one who clicks signs; a committee's office says who does."""

    seat = CleanCharField(
        label=_("Địa danh"),
        max_length=100,
        required=False,
        help_text=_("Tên xã, phường, tỉnh đứng trước ngày tháng. Để trống thì ghi tay sau."),
    )
    signer = CleanCharField(
        label=_("Người ký"), max_length=150, error_messages={"required": _("Hãy ghi họ tên người ký.")}
    )
    signer_post = forms.ChoiceField(label=_("Chức vụ người ký"), choices=SignerPost)
    # Of the text on the page; the page writes it itself, so that after a change it is that of the new one.
    seen = forms.CharField(label=_("Bản vừa đọc"), widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, is_personal: bool, **options):
        super().__init__(*args, **options)
        if is_personal:
            del self.fields["signer"], self.fields["signer_post"]


class ReasonForm(forms.Form):
    reason = CleanCharField(
        label=_("Lý do trả lại"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Hãy ghi lý do trả lại, để nơi báo cáo biết phải sửa gì.")},
    )


class LayForm(forms.Form):
    day = DayField(
        label=_("Ngày báo cáo trước Ban Chấp hành"),
        help_text=_("Ngày họp Ban Chấp hành nghe báo cáo này."),
        error_messages={"required": _("Hãy ghi ngày đã báo cáo.")},
    )
    reason = CleanCharField(
        label=_("Lý do sửa"), max_length=300, error_messages={"required": _("Hãy ghi vì sao sửa ngày đã ghi.")}
    )
    version = forms.IntegerField(label=_("Phiên bản"), min_value=0, widget=forms.HiddenInput)

    @classmethod
    def of(cls, laid: Laid, data=None) -> "LayForm":
        standing = laid.standing
        form = cls(data, initial={"day": standing.day if standing else None, "version": laid.version})
        if standing is None:
            del form.fields["reason"]
        return form


class TakeBackLayingForm(forms.Form):
    reason = CleanCharField(
        label=_("Lý do bỏ"), max_length=300, error_messages={"required": _("Hãy ghi vì sao bỏ ngày đã ghi.")}
    )
    version = forms.IntegerField(label=_("Phiên bản"), min_value=0, widget=forms.HiddenInput)

    @classmethod
    def of(cls, laid: Laid, data=None) -> "TakeBackLayingForm":
        return cls(data, initial={"version": laid.version})


class ScanForm(UploadForm):
    allowed = SCANS
