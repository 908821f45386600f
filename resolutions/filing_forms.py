"""The forms of documents, outlines and the book of hand-overs; they know what may be typed, not what it does."""

import re
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from accounts.querying import QueryForm
from cells.uploads.fields import UploadForm
from cells.uploads.kinds import PAPERS
from cells.uploads.secrecy import bears_mark
from resolutions.citing import Citation, bare_term, of_parts
from resolutions.filing import FIELDS
from resolutions.models import Document, Outline, PaperHandover

NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
MOST_COPIES = 1000


class BookQuery(QueryForm):
    year = forms.IntegerField(label=_("Năm giao"), required=False, min_value=1945, max_value=2199)


def in_capitals(choices) -> list[tuple[str, str]]:
    return [(value, capfirst(label)) for value, label in choices]


def refuse_mark(text: str) -> None:
    if bears_mark(text):
        raise ValidationError(_("Văn bản mang dấu mật không được ghi ở đây. Hãy dùng sổ giao nhận văn bản giấy."))


class MarklessField(CleanCharField):
    """What is told of a paper here says nothing of one that bears a secrecy mark."""

    def validate(self, value):
        super().validate(value)
        refuse_mark(value)


class PlaceForm(forms.Form):
    """Asks for the organisation only where somebody acts for more than one."""

    def __init__(self, *args, places: dict[int, str], **options):
        super().__init__(*args, **options)
        self.places = places
        if len(places) > 1:
            self.fields = {
                "place": forms.TypedChoiceField(label=_("Của tổ chức"), choices=list(places.items()), coerce=int),
                **self.fields,
            }

    @property
    def place(self) -> int:
        return self.cleaned_data["place"] if "place" in self.fields else next(iter(self.places))


class ValidDays(forms.Form):
    valid_from = DayField(label=_("Có hiệu lực từ ngày"), required=False)
    valid_to = DayField(label=_("Đến hết ngày"), required=False, help_text=_("Chưa biết thì để trống."))

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and first > last:
            self.add_error("valid_to", _("Ngày cuối không được trước ngày đầu."))
        return cleaned


class DocumentForm(PlaceForm, ValidDays):
    """`found` are documents that may be the same one; they do not stop whoever says that it is another."""

    symbol = MarklessField(label=_("Số, ký hiệu"), max_length=60, help_text=_("Ví dụ: 05-CT/TW, 3638-QĐ/TU."))
    type = forms.ChoiceField(label=_("Loại văn bản"), choices=in_capitals(Document.Type.choices))
    issuer = MarklessField(
        label=_("Cơ quan ban hành"), max_length=150, help_text=_("Ví dụ: Bộ Chính trị, Ban Thường vụ Tỉnh ủy.")
    )
    term = CleanCharField(
        label=_("Khóa hoặc năm"), max_length=30, required=False, help_text=_("Khóa ghi số La Mã, ví dụ khóa XII.")
    )
    issued_on = DayField(label=_("Ngày ban hành"), required=False)
    subject = MarklessField(
        label=_("Trích yếu"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Không ghi văn bản mật vào đây."),
    )
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, required=False, widget=forms.HiddenInput)
    is_another = forms.BooleanField(label=_("Vẫn là văn bản khác"), required=False)

    field_order = ["place", "symbol", "type", "issuer", "term", "issued_on", "subject"]

    def __init__(self, *args, asks_whether_another=False, **options):
        super().__init__(*args, **options)
        if not asks_whether_another:
            del self.fields["is_another"]

    def clean_term(self):
        """`khóa xii` and `XII` are kept as one: `khóa XII`."""
        term = self.cleaned_data["term"]
        roman = bare_term(term) if term else ""
        return f"khóa {roman}" if roman else term

    def cited(self) -> Citation:
        told = self.cleaned_data
        return of_parts(told["symbol"], told["type"], told["term"], told["issued_on"])

    def told(self) -> dict:
        return {name: self.cleaned_data[name] for name in FIELDS}


class ReasonForm(forms.Form):
    reason = MarklessField(
        label=_("Lý do"), max_length=300, error_messages={"required": _("Hãy ghi lý do để người đọc biết.")}
    )


class EditionForm(ValidDays, UploadForm):
    """A file or a link, one of the two."""

    allowed = PAPERS

    link = CleanCharField(
        label=_("Hoặc địa chỉ video"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Bắt đầu bằng https://. Video mở ở trang khác, không nằm trong phần mềm này."),
    )
    changes = MarklessField(
        label=_("Điểm mới của bản này"), max_length=300, required=False, help_text=_("Để nơi đã nhận biết cần đọc gì.")
    )

    field_order = ["title", "audience", "file", "link", "changes", "valid_from", "valid_to", "is_attested"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["file"].required = False
        self.fields["is_attested"].label = _("Tôi xác nhận tệp hoặc video không chứa bí mật nhà nước")
        self.fields["valid_from"].label = _("Dùng từ ngày")

    def clean_link(self):
        link = self.cleaned_data["link"]
        if link:
            check_link(link)
        return link

    def clean(self):
        cleaned = super().clean()
        has_file, has_link = bool(cleaned.get("file")), bool(cleaned.get("link"))
        if has_file and has_link:
            self.add_error("link", _("Chỉ chọn một: tệp hoặc địa chỉ video."))
        elif not has_file and not has_link and not {"file", "link"} & self.errors.keys():
            self.add_error("file", _("Hãy chọn tệp, hoặc ghi địa chỉ video."))
        return cleaned


def check_link(link: str) -> None:
    """https and a host, without a name or password in front of it."""
    URLValidator(schemes=["https"], message=_("Địa chỉ phải bắt đầu bằng https:// và viết đúng."))(link)
    if "@" in urlsplit(link).netloc:
        raise ValidationError(_("Địa chỉ không được kèm tên đăng nhập."))


class OutlineForm(PlaceForm, EditionForm):
    title = MarklessField(label=_("Tên đề cương"), max_length=250)
    audience = forms.ChoiceField(
        label=_("Dành cho"), choices=in_capitals(Outline.Audience.choices), widget=forms.RadioSelect, initial="members"
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        del self.fields["changes"]


class NameField(CleanCharField):
    """A person's name and nothing else: figures and strokes belong to numbers of papers."""

    def validate(self, value):
        super().validate(value)
        if value and (not NAME.fullmatch(value) or bears_mark(value)):
            raise ValidationError(_("Chỉ ghi họ và tên, không ghi số, ký hiệu hay nội dung văn bản."))


class HandoverForm(PlaceForm):
    day = DayField(label=_("Ngày giao"))
    copies = forms.IntegerField(
        label=_("Số bản"),
        min_value=1,
        max_value=MOST_COPIES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Ghi số bản bằng chữ số."), "min_value": _("Ít nhất là 1 bản.")},
    )
    handed_by = NameField(label=_("Người giao"), max_length=150)
    received_by = NameField(label=_("Người nhận"), max_length=150)

    def clean_day(self):
        return not_to_come(self.cleaned_data["day"])


def not_to_come(day):
    if day > timezone.localdate():
        raise ValidationError(_("Ngày không thể sau hôm nay."))
    return day


class ReturnForm(forms.Form):
    returned_on = DayField(label=_("Ngày trả lại"))

    def __init__(self, *args, line: PaperHandover, **options):
        super().__init__(*args, **options)
        self.line = line

    def clean_returned_on(self):
        day = not_to_come(self.cleaned_data["returned_on"])
        if day < self.line.day:
            raise ValidationError(_("Ngày trả lại không thể trước ngày giao."))
        return day


class CancelLineForm(forms.Form):
    cancelled = forms.ChoiceField(
        label=_("Lý do hủy"), choices=in_capitals(PaperHandover.Cancelled.choices), widget=forms.RadioSelect
    )
