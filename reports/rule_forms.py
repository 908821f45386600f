"""The forms of what an administrator decides about reports: the layout of papers, and whom reports go to."""

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from cells.models import HeadingStyle, LayoutCode, Organisation, PaperLayout
from cells.papers.sheets import USUAL
from reports import ruling
from reports.models import ReportRoute, ReportSpan
from sessions.forms import capitalised


class DatedForm(forms.Form):
    """A row that holds from a day on; what has begun already is history and is not written over."""

    source = CleanCharField(
        label=_("Căn cứ"), max_length=300, error_messages={"required": _("Hãy ghi văn bản, quy chế làm căn cứ.")}
    )
    first_day = DayField(label=_("Áp dụng từ ngày"), error_messages={"required": _("Hãy ghi ngày bắt đầu áp dụng.")})
    version = CleanCharField(label=_("Phiên bản"), max_length=60, required=False, widget=forms.HiddenInput)
    rules, key = PaperLayout, ruling.LAYOUT_KEY

    @classmethod
    def of(cls, row):
        """The form as it would be opened to change this row, which one has then seen."""
        return cls(initial={name: getattr(row, name) for name in cls.base_fields} | {"version": ruling.seen_as(row)})

    def clean(self):
        cleaned = super().clean()
        first_day = cleaned.get("first_day")
        if first_day and first_day <= timezone.localdate() and self.there_is_one(cleaned):
            self.add_error("first_day", _("Đã có quy định áp dụng từ ngày này. Hãy chọn ngày khác."))
        return cleaned

    def there_is_one(self, cleaned: dict) -> bool:
        return self.rules.unscoped.filter(**{name: cleaned.get(name) for name in self.key}).exists()

    def told(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def measure(name: str, least: int, most: int) -> forms.IntegerField:
    label = capfirst(PaperLayout._meta.get_field(name).verbose_name)
    return forms.IntegerField(label=label, min_value=least, max_value=most, initial=USUAL[name])


class LayoutForm(DatedForm):
    code = forms.ChoiceField(label=_("Thể thức"), choices=LayoutCode)
    headings = forms.ChoiceField(label=_("Đánh số đề mục"), choices=HeadingStyle)
    end_mark = forms.ChoiceField(label=_("Dấu kết thúc phần nội dung"), choices=[(".", "."), ("./.", "./.")])
    top, bottom = measure("top", 15, 35), measure("bottom", 15, 35)
    left, right = measure("left", 20, 35), measure("right", 10, 20)  # a long line of place and day still fits
    body_size, leading = measure("body_size", 14, 15), measure("leading", 18, 20)
    page_number_size = measure("page_number_size", 13, 14)
    field_order = ("code", "headings", "end_mark", *USUAL, "source", "first_day")


class RouteForm(DatedForm):
    organisation = CleanCharField(
        label=_("Mã cấp ủy đặt quy định"),
        max_length=60,
        required=False,
        help_text=_("Áp dụng cho mọi nơi trực thuộc. Để trống thì áp dụng khắp nơi, trừ nơi có quy định riêng."),
    )
    issuers = forms.ChoiceField(label=_("Nơi báo cáo"), choices=capitalised(ReportRoute.Issuers.choices))
    span = forms.ChoiceField(label=_("Loại báo cáo"), choices=capitalised(ReportSpan.choices))
    addressee = forms.ChoiceField(label=_("Gửi"), choices=capitalised(ReportRoute.Addressee.choices))
    through_board = forms.BooleanField(
        label=_("Qua ban tuyên giáo"), required=False, help_text=_("Ban tiếp nhận, tổng hợp rồi trình.")
    )
    to_executive = forms.BooleanField(
        label=_("Báo cáo cả ban chấp hành của mình"),
        required=False,
        help_text=_("Thêm Ban Chấp hành vào nơi nhận. Hạn báo cáo ghi ở Quy định về việc phải làm."),
    )
    rules, key = ReportRoute, ruling.ROUTE_KEY
    field_order = (
        "organisation",
        "issuers",
        "span",
        "addressee",
        "through_board",
        "to_executive",
        "source",
        "first_day",
    )

    def clean_organisation(self) -> Organisation | None:
        code = self.cleaned_data["organisation"]
        if not code:
            return None
        organisation = Organisation.objects.filter(code=code).first()
        if organisation is None:
            raise forms.ValidationError(_("Không có tổ chức mang mã này."))
        return organisation
