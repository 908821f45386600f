import datetime as dt
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from accounts.querying import QueryForm
from accounts.returning import BackQuery
from cells.models import Organisation
from cells.reach import AT_THE_CELL
from reports.access import ASKS_FOR_REPORTS, reportable
from reports.belonging import NOW, THEN
from reports.models import Report, Stage
from reports.periods import FIRST_YEAR, LAST_YEAR, Period, PeriodError
from reports.running import ended_quarter
from reports.statistics import names_on
from resolutions.models import StudyConference

WHOLE_YEAR = "Y"
SPANS = [
    (WHOLE_YEAR, _("Cả năm")),
    ("H1", _("6 tháng đầu năm")),
    ("H2", _("6 tháng cuối năm")),
    *[(f"Q{number}", _("Quý %s") % roman) for number, roman in enumerate(("I", "II", "III", "IV"), start=1)],
    *[(f"{month:02d}", _("Tháng %s") % month) for month in range(1, 13)],
]
YEARS_OFFERED = 12
CONFERENCES_OFFERED = 50


def span_and_year(code: str) -> tuple[str, str]:
    year, _dash, span = code.partition("-")
    return span or WHOLE_YEAR, year


def code_of(span: str, year: int) -> str:
    return f"{year}" if span == WHOLE_YEAR else f"{year}-{span}"


def years_offered(day: dt.date, also: str = "") -> list[tuple[str, str]]:
    years = {str(day.year - back) for back in range(YEARS_OFFERED)} | ({also} if also.isdecimal() else set())
    return [(year, year) for year in sorted(years, reverse=True)]


def year_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Năm"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False, widget=forms.Select
    )


def complete_months(day: dt.date) -> Period:
    """The year up to the last month that is over: whole months and, from April on, whole quarters."""
    until = day.replace(day=1) - dt.timedelta(days=1)
    return Period.parse(f"{until.year}", until)


def asked_for(period: Period) -> dict[str, str]:
    """The period as a query string says it."""
    span, year = span_and_year(period.code)
    return {"span": span, "year": year, "until": f"{period.until:%d/%m/%Y}" if period.is_cut else ""}


class PeriodQuery(BackQuery):
    """A period, its cut-off and the structure in which it is read. Said in full, so that an address can be shared."""

    span = forms.ChoiceField(label=_("Kỳ"), choices=SPANS, required=False)
    year = year_field()
    until = DayField(label=_("Ngày chốt"), required=False)
    structure = forms.ChoiceField(
        label=_("Cơ cấu tổ chức"),
        choices=[(THEN, _("lúc đó")), (NOW, _("hiện nay"))],
        initial=THEN,
        required=False,
        widget=forms.HiddenInput,
    )
    whole = forms.BooleanField(label=_("Cả bảng trên một trang"), required=False, widget=forms.HiddenInput)

    def __init__(self, data, *args, **options):
        self.names_a_period = bool(data.get("span") and data.get("year"))
        if not self.names_a_period:
            data = data.copy()
            for name, value in asked_for(complete_months(timezone.localdate())).items():
                data[name] = value
        super().__init__(data, *args, **options)
        self.fields["year"].required = False
        self.fields["year"].widget.choices = years_offered(timezone.localdate(), also=data.get("year", "")[:4])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("until") and cleaned.get("span") and cleaned.get("year"):
            try:
                Period.parse(code_of(cleaned["span"], cleaned["year"]), cleaned["until"])
            except PeriodError as error:
                self.add_error("until", str(error))
        return cleaned

    @cached_property
    def period(self) -> Period:
        values = self.values
        if values["span"] and values["year"]:
            return Period.parse(code_of(values["span"], values["year"]), values["until"])
        return complete_months(timezone.localdate())

    @property
    def filters(self) -> list[forms.BoundField]:
        """What narrows and orders the rows of a page, beside its period."""
        return [self[name] for name in self.fields if name not in PeriodQuery.base_fields]

    def address(self, path: str, **changes) -> str:
        """Another page about the same period, cut-off and structure."""
        asked = self.asked | changes
        return f"{path}?{urlencode({name: value for name, value in asked.items() if value not in (None, '')})}"

    @cached_property
    def asked(self) -> dict[str, str]:
        structure = self.values["structure"]
        return asked_for(self.period) | {"structure": "" if structure == THEN else structure}

    @property
    def problems(self) -> list[str]:
        """As everywhere, but a cut-off outside the period says where it may lie."""
        special = [str(error) for error in self.errors.get("until", ())]
        general = [problem for problem in super().problems if str(self.fields["until"].label) not in problem]
        return general + special


def name_field(label) -> CleanCharField:
    widget = forms.TextInput(attrs={"type": "search", "placeholder": _("gõ không dấu cũng được")})
    return CleanCharField(label=label, required=False, max_length=100, initial="", widget=widget)


def sort_field(*labels: tuple[str, str], initial: str = "name") -> forms.ChoiceField:
    """By each of (sort, label), up and down."""
    both = [(value, label) for name, label in labels for value, label in ((name, label), (f"-{name}", turned(label)))]
    return forms.ChoiceField(label=_("Sắp xếp"), choices=both, required=False, initial=initial)


def choice_field(label, *choices: tuple[str, str]) -> forms.ChoiceField:
    """One of these; the first, if none is asked for."""
    return forms.ChoiceField(label=label, choices=choices, required=False, initial=choices[0][0])


def turned(label):
    return format_lazy("{} ({})", label, _("ngược lại"))


class DashboardQuery(PeriodQuery):
    """The dashboard; `name`, `sort` and `page` are about its table of subordinate organisations."""

    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field(
        *[("name", _("Tên tổ chức")), ("rate", _("Tỷ lệ có mặt thấp trước"))],
        *[("regular", _("Thiếu sinh hoạt định kỳ nhiều trước")), ("thematic", _("Thiếu chuyên đề nhiều trước"))],
        ("sessions", _("Ít buổi sinh hoạt trước")),
    )


class DayQuery(PeriodQuery):
    """How things stood on a day, today if none is given; the period goes along for the numbers that are followed."""

    on = DayField(label=_("Vào ngày"), required=False, help_text=_("Để trống là hôm nay."))

    @cached_property
    def day(self) -> dt.date:
        today = timezone.localdate()
        return min(self.values["on"] or today, today)


WHAT = [
    ("sessions", _("Sinh hoạt định kỳ, chuyên đề")),
    ("conferences", _("Hội nghị và việc sau hội nghị")),
    ("reports", _("Báo cáo, kết quả sinh hoạt")),
    ("speakers", _("Báo cáo viên, tuyên truyền viên")),
    ("all", _("Mọi việc")),
]


class LightsQuery(DayQuery):
    what = choice_field(_("Việc"), *WHAT)
    light = choice_field(
        _("Tình trạng"),
        *[("", _("Tất cả")), ("late", _("Quá hạn")), ("due", _("Sắp đến hạn")), ("fine", _("Đúng hạn"))],
    )
    kind = choice_field(_("Loại tổ chức"), ("all", _("Tất cả")), ("cells", _("Chi bộ")), ("committees", _("Đảng bộ")))
    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field(
        *[("light", _("Quá hạn lâu trước")), ("name", _("Tên tổ chức")), ("since", _("Ngày đến hạn"))], initial="light"
    )


class ChangesQuery(DayQuery):
    since = DayField(label=_("So với ngày"), required=False, help_text=_("Để trống là ngày cuối của tháng trước."))
    what = choice_field(_("Việc"), *[one for one in WHAT if one[0] != "speakers"])
    show = choice_field(
        _("Xem"),
        *[("all", _("Mọi thay đổi")), ("late", _("Mới quá hạn")), ("back", _("Hết quá hạn"))],
        *[("roster", _("Danh sách đảng viên thay đổi")), ("tree", _("Tổ chức mới, không còn"))],
    )
    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field(("name", _("Tên tổ chức")))

    @cached_property
    def day_before(self) -> dt.date:
        """Of the earlier snapshot; never after the later one."""
        month_before = self.day.replace(day=1) - dt.timedelta(days=1)
        return min(self.values["since"] or month_before, self.day)


class HeatMapQuery(PeriodQuery):
    name = name_field(_("Tìm tên chi bộ"))
    show = choice_field(_("Xem"), ("all", _("Tất cả chi bộ")), ("missing", _("Chi bộ có tháng thiếu")))
    sort = sort_field(("name", _("Tên chi bộ")), ("rate", _("Tỷ lệ có mặt")), ("missing", _("Số tháng thiếu")))


class CompareQuery(PeriodQuery):
    measure = choice_field(
        _("Số liệu so sánh"),
        *[("attendance", _("Tỷ lệ có mặt")), ("regular", _("Sinh hoạt định kỳ"))],
        *[("thematic", _("Sinh hoạt chuyên đề")), ("conference", _("Dự hội nghị học tập"))],
    )
    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field(
        *[("name", _("Tên tổ chức")), ("rate", _("Tỷ lệ"))],
        *[("numerator", _("Số đạt")), ("denominator", _("Số phải đạt"))],
    )


class SessionRowsQuery(PeriodQuery):
    """The sessions behind a number; `figure` says behind which."""

    figure = forms.CharField(required=False, initial="sessions", widget=forms.HiddenInput, max_length=30)
    name = name_field(_("Tìm tên chi bộ"))
    sort = sort_field(
        *[("day", _("Ngày")), ("expected", _("Phải có mặt")), ("present", _("Có mặt"))],
        *[("excused", _("Vắng có lý do")), ("unexcused", _("Vắng không lý do")), ("guests", _("Khách"))],
        initial="-day",
    )

    def __init__(self, data, *args, figures=(), **options):
        super().__init__(data, *args, **options)
        self.fields["figure"] = forms.ChoiceField(
            label=_("Số liệu"), choices=figures, required=False, initial="sessions"
        )


class DutyRowsQuery(PeriodQuery):
    part = choice_field(_("Loại"), ("regular", _("Định kỳ (mỗi tháng)")), ("thematic", _("Chuyên đề (mỗi quý)")))
    show = choice_field(_("Xem"), ("all", _("Tất cả")), ("missing", _("Chưa sinh hoạt")), ("done", _("Đã sinh hoạt")))
    name = name_field(_("Tìm tên chi bộ"))
    sort = sort_field(("name", _("Tên chi bộ")), ("span", _("Kỳ")), ("done", _("Kết quả")))


MEMBERS = [
    *[("members_total", _("Tất cả đảng viên")), ("members_official", _("Đảng viên chính thức"))],
    *[("members_probationary", _("Đảng viên dự bị")), ("members_exempt", _("Miễn sinh hoạt"))],
    *[("members_away", _("Tạm thời đi")), ("members_hosted", _("Tạm thời đến"))],
]


class MemberRowsQuery(PeriodQuery):
    """Names, for those who see rosters."""

    figure = choice_field(_("Số liệu"), *MEMBERS)
    name = name_field(_("Tìm họ tên"))
    sort = sort_field(
        *[("name", _("Họ và tên")), ("cell", _("Chi bộ")), ("standing", _("Tư cách"))],
        *[("status", _("Tình trạng")), ("since", _("Từ ngày"))],
    )


class MemberCountsQuery(PeriodQuery):
    """How many there are at each subordinate organisation, for those who see counts only."""

    figure = choice_field(_("Số liệu"), *MEMBERS)
    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field(("name", _("Tên tổ chức")), *MEMBERS)


class SpeakerRowsQuery(PeriodQuery):
    figure = choice_field(
        _("Số liệu"),
        *[("speakers", _("Báo cáo viên")), ("propagandists", _("Tuyên truyền viên"))],
        ("collaborators", _("Cộng tác viên dư luận xã hội")),
    )
    name = name_field(_("Tìm họ tên hoặc tổ chức"))
    sort = sort_field(("name", _("Họ và tên")), ("place", _("Tổ chức")), ("since", _("Từ ngày")))


class OrganisationRowsQuery(PeriodQuery):
    figure = choice_field(_("Số liệu"), ("cells", _("Chi bộ")), ("committees", _("Đảng bộ")))
    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field(("name", _("Tên tổ chức")), ("kind", _("Loại tổ chức")))


class TargetsQuery(PeriodQuery):
    show = choice_field(
        _("Xem"),
        *[("all", _("Mọi chỉ tiêu")), ("missed", _("Chưa đạt")), ("reached", _("Đạt"))],
        ("unknown", _("Chưa có số liệu")),
    )
    sort = sort_field(("measure", _("Chỉ tiêu")), ("result", _("Kết quả")), initial="measure")


class ConferenceRowsQuery(PeriodQuery):
    name = name_field(_("Tìm nội dung hoặc đơn vị tổ chức"))
    sort = sort_field(("day", _("Ngày")), ("subject", _("Nội dung")), initial="-day")


class OutlineRowsQuery(PeriodQuery):
    show = choice_field(_("Xem"), ("all", _("Mọi đề cương")), ("missing", _("Đề cương còn nơi chưa nhận bản mới nhất")))
    name = name_field(_("Tìm đề cương"))
    sort = sort_field(("missing", _("Số nơi chưa nhận")), ("name", _("Tên đề cương")), initial="-missing")


class ReportQuery(QueryForm):
    state = forms.ChoiceField(
        label=_("Tệp"),
        required=False,
        initial="",
        choices=[
            ("", _("Tất cả")),
            ("working", _("Đang chờ hoặc đang lập")),
            (Report.State.DONE, _("Đã xong")),
            (Report.State.FAILED, _("Không lập được")),
        ],
    )
    stage = forms.ChoiceField(
        label=_("Trạng thái"),
        required=False,
        initial="",
        choices=[("", _("Tất cả")), *((value, capfirst(label)) for value, label in Stage.choices)],
    )


class ReportAskedQuery(QueryForm):
    """Which report an address proposes to ask for; who follows it may still choose another."""

    organisation = forms.UUIDField(label=_("Tổ chức"), required=False)
    span = forms.ChoiceField(label=_("Kỳ báo cáo"), choices=SPANS, required=False)
    year = year_field()
    until = DayField(label=_("Ngày chốt số liệu"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["year"].required = False

    def proposed(self, day: dt.date) -> dict:
        asked = {name: value for name, value in self.values.items() if value}
        return asked if asked.get("span") and asked.get("year") else latest_quarter(day) | asked


class ReportRequestForm(forms.Form):
    """Which report is wanted. Offers only organisations for which the user may ask."""

    organisation = forms.ModelChoiceField(
        label=_("Tổ chức"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        error_messages={
            "required": _("Hãy chọn tổ chức."),
            "invalid_choice": _("Hãy chọn một tổ chức trong danh sách."),
        },
    )
    span = forms.ChoiceField(
        label=_("Kỳ báo cáo"), choices=SPANS, error_messages={"required": _("Hãy chọn kỳ báo cáo.")}
    )
    year = year_field()
    until = DayField(
        label=_("Ngày chốt số liệu"),
        required=False,
        help_text=_("Để trống thì chốt vào ngày cuối kỳ. Việc sau ngày chốt không tính vào báo cáo."),
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.user = user
        organisations = list(Organisation.objects.for_user(user).filter(reportable(user.reach)).distinct())
        names = names_on(organisations, user.reach.day)
        field = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations])  # found for the user
        field.choices = sorted(
            ((str(one.public_id), names[one.pk].name) for one in organisations), key=lambda choice: choice[1]
        )
        if len(organisations) == 1:
            field.initial = str(organisations[0].public_id)
        self.has_choices = bool(organisations)
        chosen = str(self.data.get("year") or self.initial.get("year") or "")[:4]
        self.fields["year"].widget.choices = years_offered(timezone.localdate(), also=chosen)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("span") and cleaned.get("year") and not self.errors:
            try:
                cleaned["period"] = Period.parse(code_of(cleaned["span"], cleaned["year"]), cleaned["until"])
            except PeriodError as error:
                self.add_error("until", str(error))
        period = cleaned.get("period")
        if period and period.first_day > timezone.localdate():
            self.add_error("span", _("Kỳ này chưa bắt đầu, chưa có gì để báo cáo."))
        return cleaned


class ConferenceReportForm(forms.Form):
    """About which conference; offered are those that were held by an organisation for which the user may report."""

    conference = forms.ModelChoiceField(
        label=_("Hội nghị"),
        queryset=StudyConference.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        error_messages={
            "required": _("Hãy chọn hội nghị."),
            "invalid_choice": _("Hãy chọn một hội nghị trong danh sách."),
        },
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        places = user.reach.at(ASKS_FOR_REPORTS) | user.reach.own(AT_THE_CELL)
        held = StudyConference.objects.for_user(user).filter(organisation__in=places, state=StudyConference.State.HELD)
        newest = list(held.order_by("-day", "-pk").values_list("pk", flat=True)[:CONFERENCES_OFFERED])
        self.fields["conference"].queryset = held.filter(pk__in=newest).order_by("-day", "-pk")
        self.fields["conference"].label_from_instance = lambda one: f"{one.day:%d/%m/%Y}: {one.subject}"
        self.has_choices = bool(newest)


QUARTERS_OFFERED = 8


def quarters_back(today: dt.date) -> list[Period]:
    """The quarters that are over, the last one first."""
    found = [ended_quarter(today)]
    while len(found) < QUARTERS_OFFERED:
        found.append(ended_quarter(found[-1].first_day))
    return found


def looked_down_from(user, field: forms.ModelChoiceField) -> list[Organisation]:
    """Offers the organisations at which the user looks down the tree, by their names of today."""
    places = list(Organisation.objects.for_user(user).filter(pk__in=user.reach.tops))
    names = names_on(places, user.reach.day)
    places.sort(key=lambda one: (names[one.pk].name, one.pk))
    field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in places])
    field.choices = [(str(one.public_id), names[one.pk].name) for one in places]
    return places


class RunForm(forms.Form):
    """Of which quarter the drafts are prepared, for everybody at and below which organisation."""

    organisation = forms.ModelChoiceField(
        label=_("Cho mọi tổ chức thuộc"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        error_messages={
            "required": _("Hãy chọn tổ chức."),
            "invalid_choice": _("Hãy chọn một tổ chức trong danh sách."),
        },
    )
    quarter = forms.ChoiceField(label=_("Kỳ báo cáo"), error_messages={"required": _("Hãy chọn kỳ báo cáo.")})

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        looked_down_from(user, self.fields["organisation"])
        quarters = quarters_back(user.reach.day)
        self.fields["quarter"].choices = [(one.code, capfirst(one.label)) for one in quarters]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("quarter"):
            cleaned["period"] = Period.parse(cleaned["quarter"])
        return cleaned


class BundleQuery(QueryForm):
    """The reports of which period under which of one's organisations."""

    organisation = forms.ModelChoiceField(
        label=_("Cấp ủy"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=None,
    )
    span = forms.ChoiceField(label=_("Kỳ"), choices=SPANS, required=False)
    year = year_field()

    def __init__(self, data, *args, user, **options):
        span, year = span_and_year(ended_quarter(user.reach.day).code)
        data = data.copy()  # said in full, so that the page shows what it is about
        for name, value in (("span", span), ("year", year)):
            data.setdefault(name, value)
        super().__init__(data, *args, **options)
        self.places = looked_down_from(user, self.fields["organisation"])
        self.fields["span"].initial, self.fields["year"].initial = span, int(year)
        self.fields["year"].required = False
        self.fields["year"].widget.choices = years_offered(user.reach.day)

    @property
    def top(self) -> Organisation | None:
        return self.values["organisation"] or (self.places[0] if self.places else None)

    @cached_property
    def period(self) -> Period:
        return Period.parse(code_of(self.values["span"], self.values["year"]))


def latest_quarter(day: dt.date) -> dict[str, str]:
    """The quarter a report is most likely about: the running one in its last month, else the one before."""
    while day.month % 3:
        day = day.replace(day=1) - dt.timedelta(days=1)
    return {"span": f"Q{day.month // 3}", "year": str(day.year)}
