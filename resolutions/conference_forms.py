"""The forms of conferences and of their receiving sites; they know what may be typed, not what it does."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, ClockField, DayField
from accounts.querying import QueryForm
from cells.models import Estimate
from resolutions.filing_forms import PlaceForm, in_capitals, refuse_mark
from resolutions.models import Audience, Mode, StudyConference
from speakers.models import Level

MOST_PEOPLE = 1_000_000
MARKS = [(value, capfirst(label)) for value, label in Estimate.choices]


class CountField(forms.IntegerField):
    """A head count, typed as people write it: `1274`, `1.274` or `1 274`."""

    def __init__(self, **options):
        super().__init__(
            min_value=0,
            max_value=MOST_PEOPLE,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 12}),
            error_messages={
                "invalid": _("Ghi số người bằng chữ số, ví dụ 1274."),
                "min_value": _("Số người không thể âm."),
                "max_value": _("Số này quá lớn. Hãy xem lại."),
            },
            **options,
        )

    def to_python(self, value):
        return super().to_python(without_marks(value) if isinstance(value, str) else value)


def without_marks(text: str) -> str:
    parts = text.strip().replace("\xa0", " ").replace(" ", ".").split(".")
    is_grouped = len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0]) <= 3
    return "".join(parts) if is_grouped else text


class TimesForm(forms.Form):
    start = ClockField(label=_("Giờ bắt đầu"), required=False)
    end = ClockField(label=_("Giờ kết thúc"), required=False)

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", _("Giờ kết thúc phải sau giờ bắt đầu."))
        return cleaned


class VersionedForm(forms.Form):
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class ConferenceForm(PlaceForm, TimesForm):
    """`offered` are documents and people to choose from; what is typed beside them is kept as text."""

    subject = CleanCharField(label=_("Nội dung"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    level = forms.ChoiceField(label=_("Cấp"), choices=[("", _("chọn cấp")), *in_capitals(Level.choices)])
    audience = forms.MultipleChoiceField(
        label=_("Thành phần"),
        required=False,
        choices=in_capitals(Audience.choices),
        widget=forms.CheckboxSelectMultiple,
    )
    mode = forms.ChoiceField(
        label=_("Hình thức"),
        choices=in_capitals(Mode.choices),
        widget=forms.RadioSelect,
        help_text=_("Trực tuyến và kết hợp thì có điểm cầu."),
    )
    day = DayField(label=_("Ngày"))
    venue = CleanCharField(label=_("Địa điểm điểm cầu chính"), max_length=200, required=False)
    documents = forms.MultipleChoiceField(
        label=_("Văn bản học tập"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other_symbols = CleanCharField(
        label=_("Văn bản khác"),
        max_length=400,
        required=False,
        help_text=_("Chỉ ghi số, ký hiệu, cách nhau bằng dấu chấm phẩy. Ví dụ: 05-CT/TW; 01-KL/TW."),
    )
    presenter = forms.ChoiceField(label=_("Báo cáo viên trình bày"), required=False)
    presenter_name = CleanCharField(
        label=_("Hoặc người trình bày khác"),
        max_length=150,
        required=False,
        help_text=_("Họ tên và chức vụ, nếu không có trong danh sách báo cáo viên."),
    )
    expected = CountField(label=_("Triệu tập tại điểm cầu chính"), help_text=_("Điểm cầu khác ghi riêng."))
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, required=False, widget=forms.HiddenInput)
    is_aware = forms.BooleanField(label=_("Đã biết các lưu ý trên, vẫn ghi"), required=False)

    field_order = [
        *("place", "subject", "level", "mode", "day", "start", "end", "venue", "expected", "audience"),
        *("documents", "other_symbols", "presenter", "presenter_name", "version", "is_aware"),
    ]

    def __init__(self, *args, documents, speakers, moves_day=True, asks_whether_aware=False, **options):
        super().__init__(*args, **options)
        self.documents = {str(one.public_id): one for one in documents}
        self.speakers = {str(one.public_id): one for one in speakers}
        self.fields["documents"].choices = [(key, str(one)) for key, one in self.documents.items()]
        self.fields["presenter"].choices = [
            ("", _("không chọn")),
            *((key, one.full_name) for key, one in self.speakers.items()),
        ]
        if not self.documents:
            del self.fields["documents"]
        if not moves_day:
            del self.fields["day"]
        if not asks_whether_aware:
            del self.fields["is_aware"]

    def clean_other_symbols(self):
        refuse_mark(self.cleaned_data["other_symbols"])
        return self.cleaned_data["other_symbols"]

    def clean_subject(self):
        refuse_mark(self.cleaned_data["subject"])
        return self.cleaned_data["subject"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("presenter") and cleaned.get("presenter_name"):
            self.add_error("presenter_name", _("Chỉ chọn một: trong danh sách hoặc ghi tên."))
        if len(symbols_of(self.chosen_documents, cleaned.get("other_symbols", ""))) > 500:
            self.add_error("other_symbols", _("Quá nhiều văn bản cho một hội nghị."))
        return cleaned

    @property
    def chosen_documents(self) -> list:
        return [self.documents[key] for key in self.cleaned_data.get("documents", [])]

    @property
    def told(self) -> dict:
        cleaned = self.cleaned_data
        return cleaned | {
            "documents": self.chosen_documents,
            "document_symbols": symbols_of(self.chosen_documents, cleaned["other_symbols"]),
            "presenter": self.speakers.get(cleaned["presenter"]),
        }


def symbols_of(documents, others: str) -> str:
    """Of the documents, then what was typed, nothing twice."""
    typed = (part.strip() for part in others.split(";"))
    return "; ".join(dict.fromkeys([*(one.symbol for one in documents), *filter(None, typed)]))


class PostponeForm(VersionedForm):
    day = DayField(label=_("Ngày mới"))
    reason = CleanCharField(label=_("Lý do"), max_length=300, error_messages={"required": _("Hãy ghi lý do.")})
    field_order = ["day", "reason", "version"]


class CancelForm(VersionedForm):
    reason = CleanCharField(label=_("Lý do"), max_length=300, error_messages={"required": _("Hãy ghi lý do.")})


class HeadsForm(VersionedForm):
    """How many were called and came, with the word of an estimate."""

    expected = CountField(label=_("Triệu tập"))
    present = CountField(
        label=_("Có mặt"),
        help_text=_("Kể cả khách, nên có thể nhiều hơn số triệu tập."),
    )
    estimate = forms.ChoiceField(
        label=_("Số có mặt là số"), choices=MARKS, required=False, widget=forms.RadioSelect, initial=""
    )
    field_order = ["start", "end", "expected", "present", "estimate", "version"]


class HoldForm(TimesForm, HeadsForm):
    """Of the host's own site; the times as they were."""


class SiteForm(forms.Form):
    name = CleanCharField(label=_("Tên điểm cầu"), max_length=250)
    organisation = forms.ChoiceField(
        label=_("Đơn vị ở điểm cầu"),
        required=False,
        help_text=_("Bí thư, thư ký của đơn vị này tự ghi được số người dự."),
    )
    expected = CountField(label=_("Triệu tập"), initial=0)
    version = forms.IntegerField(
        label=_("Phiên bản"), min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, places, **options):
        """`places`: [(organisation, name)]."""
        super().__init__(*args, **options)
        self.places = {str(one.public_id): one for one, _name in places}
        names = [(str(one.public_id), name) for one, name in places]
        self.fields["organisation"].choices = [("", _("không ghi")), *names]

    @property
    def told(self) -> dict:
        return self.cleaned_data | {"organisation": self.places.get(self.cleaned_data["organisation"])}


class SitesQuery(QueryForm):
    sites = forms.ChoiceField(
        label=_("Điểm cầu"),
        required=False,
        choices=[("", _("Tất cả")), ("missing", _("Chưa báo số"))],
        initial="",
    )
    search = CleanCharField(label=_("Tìm điểm cầu"), required=False, max_length=100, initial="")


class RollCallForm(VersionedForm):
    """Who came, by name; others who came are only counted."""

    present = forms.MultipleChoiceField(label=_("Có mặt"), required=False, widget=forms.CheckboxSelectMultiple)
    others = CountField(label=_("Người khác cùng dự"), initial=0, help_text=_("Chỉ ghi số người, không ghi tên."))
    field_order = ["present", "others", "version"]

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.people = {str(one.public_id): one for one in people}
        self.fields["present"].choices = [(key, one.full_name) for key, one in self.people.items()]

    @property
    def came(self) -> list:
        return [self.people[key] for key in self.cleaned_data["present"]]


class TallyForm(PlaceForm):
    year = forms.IntegerField(label=_("Năm"), min_value=1945, max_value=2199)
    level = forms.ChoiceField(label=_("Cấp"), choices=in_capitals(Level.choices))
    number = CountField(label=_("Số hội nghị"))
    number_mark = forms.ChoiceField(label=_("Đây là số"), choices=MARKS, required=False, widget=forms.RadioSelect)
    rate = forms.DecimalField(
        label=_("Tỷ lệ người dự (%)"),
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        required=False,
        localize=True,
        help_text=_("Chỉ khi báo cáo nêu tỷ lệ mà không nêu số người."),
    )
    rate_mark = forms.ChoiceField(label=_("Tỷ lệ này là số"), choices=MARKS, required=False, widget=forms.RadioSelect)
    source = CleanCharField(label=_("Nguồn"), max_length=300, help_text=_("Báo cáo nào, ngày nào."))
    version = forms.IntegerField(
        label=_("Phiên bản"), min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )


class YearQuery(QueryForm):
    year = forms.IntegerField(label=_("Năm khác"), required=False, min_value=1945, max_value=2199)


class RuleForm(VersionedForm):
    number = forms.IntegerField(label=_("Giá trị"), min_value=0, max_value=10_000)
    source = CleanCharField(label=_("Căn cứ"), max_length=300)
    last_day = DayField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu còn hiệu lực."))
    field_order = ["number", "source", "last_day", "version"]


def conference_values(conference: StudyConference) -> dict:
    names = ("subject", "level", "audience", "mode", "start", "end", "venue", "presenter_name", "expected", "version")
    linked = list(conference.documents.all())
    symbols = {one.symbol for one in linked}
    others = "; ".join(symbol for symbol in conference.symbols if symbol not in symbols)
    return {name: getattr(conference, name) for name in names} | {
        "documents": [str(one.public_id) for one in linked],
        "other_symbols": others,
        "presenter": str(conference.presenter.public_id) if conference.presenter else "",
    }
