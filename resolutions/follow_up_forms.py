"""The forms of follow-ups."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from accounts.querying import QueryForm
from cells.uploads.fields import UploadForm
from cells.uploads.kinds import PAPERS
from resolutions.conference_forms import VersionedForm
from resolutions.filing_forms import check_link, in_capitals, refuse_mark
from resolutions.models import FollowUp


class FollowUpQuery(QueryForm):
    show = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[("overdue", _("Quá hạn")), ("open", _("Chưa xong")), ("done", _("Đã xong")), ("all", _("Tất cả"))],
        initial="open",
    )
    kind = forms.ChoiceField(
        label=_("Loại việc"),
        required=False,
        choices=[("", _("Tất cả")), *in_capitals(FollowUp.Kind.choices)],
        initial="",
    )
    conference = forms.UUIDField(label=_("Hội nghị"), required=False, widget=forms.HiddenInput)


class FollowUpForm(forms.Form):
    kind = forms.ChoiceField(label=_("Loại việc"), choices=in_capitals(FollowUp.Kind.choices), widget=forms.RadioSelect)
    title = CleanCharField(
        label=_("Nội dung"), max_length=300, help_text=_("Ví dụ: Nộp bài thu hoạch sau học tập Nghị quyết.")
    )
    due = DayField(label=_("Hạn"))
    owner_name = CleanCharField(label=_("Người phụ trách"), max_length=150, required=False)
    version = forms.IntegerField(
        label=_("Phiên bản"), min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )

    def clean_title(self):
        refuse_mark(self.cleaned_data["title"])
        return self.cleaned_data["title"]


class GiveForm(FollowUpForm):
    whom = forms.MultipleChoiceField(
        label=_("Giao cho"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một nơi.")},
    )
    field_order = ["kind", "title", "whom", "due", "owner_name"]

    def __init__(self, *args, whom: dict[str, str], **options):
        super().__init__(*args, **options)
        self.fields["whom"].choices = list(whom.items())
        if len(whom) == 1:
            self.fields["whom"].initial = list(whom)


class InspectedForm(VersionedForm):
    day = DayField(label=_("Ngày kiểm tra"))
    field_order = ["day", "version"]

    def __init__(self, *args, today, **options):
        super().__init__(*args, **options)
        self.today = today

    def clean_day(self):
        return not_after(self.cleaned_data["day"], self.today)


def not_after(day, today):
    if day > today:
        raise ValidationError(_("Ngày không thể sau hôm nay."))
    return day


class FinishForm(UploadForm):
    """A file, a document that is kept here, or a link: one of them at least."""

    allowed = PAPERS

    proof = forms.ChoiceField(label=_("Hoặc chọn văn bản đã đưa lên"), required=False)
    link = CleanCharField(
        label=_("Hoặc địa chỉ"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Bắt đầu bằng https://. Chỉ ghi nơi không chứa bí mật nhà nước."),
    )
    done_on = DayField(label=_("Ngày xong"))
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    field_order = ["file", "is_attested", "proof", "link", "done_on", "version"]

    def __init__(self, *args, documents, today, **options):
        super().__init__(*args, **options)
        self.today = today
        self.documents = {str(one.public_id): one for one in documents}
        self.fields["file"].required = self.fields["is_attested"].required = False
        self.fields["proof"].choices = [
            ("", _("không chọn")),
            *((key, str(one)) for key, one in self.documents.items()),
        ]
        if not self.documents:
            del self.fields["proof"]

    def clean_link(self):
        link = self.cleaned_data["link"]
        if link:
            check_link(link)
        return link

    def clean_done_on(self):
        return not_after(self.cleaned_data["done_on"], self.today)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("file") and not cleaned.get("is_attested"):
            self.add_error("is_attested", _("Hãy đánh dấu xác nhận."))
        return cleaned

    @property
    def told(self) -> dict:
        return self.cleaned_data | {"proof": self.documents.get(self.cleaned_data.get("proof", ""))}


class WhyForm(VersionedForm):
    reason = CleanCharField(label=_("Lý do"), max_length=300, error_messages={"required": _("Hãy ghi lý do.")})
    field_order = ["reason", "version"]


KIND_LABELS = {value: capfirst(label) for value, label in FollowUp.Kind.choices}
