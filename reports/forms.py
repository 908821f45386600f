import datetime as dt
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from accounts.returning import BackQuery
from reports.belonging import NOW, THEN
from reports.obligations import owing
from reports.periods import FIRST_YEAR, LAST_YEAR, Period, PeriodError, Span
from sessions.fields import EARLIEST

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


def year_field(earliest: int = FIRST_YEAR) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Năm"), min_value=earliest, max_value=LAST_YEAR, localize=False, widget=forms.Select
    )


def day_field(label, help_text) -> DayField:
    """A day on which there may be facts: not before the first of them can be."""
    earliest = MinValueValidator(EARLIEST)
    return DayField(label=label, required=False, help_text=help_text, validators=[earliest])


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
    def days(self) -> Span:
        """The days whose facts the page tells: all of them must be the reader's."""
        return self.period.days

    @property
    def read_in(self) -> str:
        """The structure in which it tells them."""
        return self.values["structure"]

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


def sort_field(labels: dict[str, str], initial: str = "name") -> forms.ChoiceField:
    """By each of {sort: label}, up and down."""
    both = [(value, label) for name, up in labels.items() for value, label in ((name, up), (f"-{name}", turned(up)))]
    return forms.ChoiceField(label=_("Sắp xếp"), choices=both, required=False, initial=initial)


def choice_field(label, choices: dict[str, str]) -> forms.ChoiceField:
    """One of {value: label}; the first, if none is asked for."""
    return forms.ChoiceField(label=label, choices=choices, required=False, initial=next(iter(choices)))


def turned(label):
    return format_lazy("{} ({})", label, _("ngược lại"))


class DashboardQuery(PeriodQuery):
    """The dashboard; `name`, `sort` and `page` are about its table of subordinate organisations."""

    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field(
        {
            "name": _("Tên tổ chức"),
            "rate": _("Tỷ lệ có mặt thấp trước"),
            "regular": _("Thiếu sinh hoạt định kỳ nhiều trước"),
            "thematic": _("Thiếu chuyên đề nhiều trước"),
            "sessions": _("Ít buổi sinh hoạt trước"),
        }
    )


class DayQuery(PeriodQuery):
    """How things stood on a day, today if none is given; the period goes along for the numbers that are followed."""

    on = day_field(_("Vào ngày"), _("Để trống là hôm nay."))

    @cached_property
    def day(self) -> dt.date:
        today = timezone.localdate()
        return min(self.values["on"] or today, today)

    @property
    def days(self) -> Span:
        """Whatever the period: what is due on a day is of the months before it too."""
        return looked_at(self.day, self.day)

    @property
    def read_in(self) -> str:
        """How things stood on a day is told by the tree of that day."""
        return THEN


def looked_at(first_day: dt.date, last_day: dt.date) -> Span:
    return Span(owing.around(first_day)[0], last_day)


WHAT = {
    "sessions": _("Sinh hoạt định kỳ, chuyên đề"),
    "conferences": _("Hội nghị và việc sau hội nghị"),
    "reports": _("Báo cáo, kết quả sinh hoạt"),
    "speakers": _("Báo cáo viên, tuyên truyền viên"),
    "all": _("Mọi việc"),
}


class LightsQuery(DayQuery):
    what = choice_field(_("Việc"), WHAT)
    light = choice_field(
        _("Tình trạng"), {"": _("Tất cả"), "late": _("Quá hạn"), "due": _("Sắp đến hạn"), "fine": _("Đúng hạn")}
    )
    kind = choice_field(_("Loại tổ chức"), {"all": _("Tất cả"), "cells": _("Chi bộ"), "committees": _("Đảng bộ")})
    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field(
        {"light": _("Quá hạn lâu trước"), "name": _("Tên tổ chức"), "since": _("Ngày đến hạn")}, initial="light"
    )


class ChangesQuery(DayQuery):
    since = day_field(_("So với ngày"), _("Để trống là ngày cuối của tháng trước."))
    what = choice_field(_("Việc"), {value: told for value, told in WHAT.items() if value != "speakers"})
    show = choice_field(
        _("Xem"),
        {
            "all": _("Mọi thay đổi"),
            "late": _("Mới quá hạn"),
            "back": _("Hết quá hạn"),
            "roster": _("Danh sách đảng viên thay đổi"),
            "tree": _("Tổ chức mới, không còn"),
        },
    )
    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field({"name": _("Tên tổ chức")})

    @cached_property
    def day_before(self) -> dt.date:
        """Of the earlier snapshot; never after the later one."""
        month_before = self.day.replace(day=1) - dt.timedelta(days=1)
        return min(self.values["since"] or month_before, self.day)

    @property
    def days(self) -> Span:
        return looked_at(self.day_before, self.day)


class HeatMapQuery(PeriodQuery):
    name = name_field(_("Tìm tên chi bộ"))
    show = choice_field(_("Xem"), {"all": _("Tất cả chi bộ"), "missing": _("Chi bộ có tháng thiếu")})
    sort = sort_field({"name": _("Tên chi bộ"), "rate": _("Tỷ lệ có mặt"), "missing": _("Số tháng thiếu")})


class YearBeforeQuery(PeriodQuery):
    """Any year that has one before it."""

    year = year_field(FIRST_YEAR + 1)


class CompareQuery(PeriodQuery):
    measure = choice_field(
        _("Số liệu so sánh"),
        {
            "attendance": _("Tỷ lệ có mặt"),
            "regular": _("Sinh hoạt định kỳ"),
            "thematic": _("Sinh hoạt chuyên đề"),
            "conference": _("Dự hội nghị học tập"),
        },
    )
    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field(
        {"name": _("Tên tổ chức"), "rate": _("Tỷ lệ"), "numerator": _("Số đạt"), "denominator": _("Số phải đạt")}
    )


class SessionRowsQuery(PeriodQuery):
    """The sessions behind a number; `figure` says behind which."""

    figure = forms.CharField(required=False, initial="sessions", widget=forms.HiddenInput, max_length=30)
    name = name_field(_("Tìm tên chi bộ"))
    sort = sort_field(
        {
            "day": _("Ngày"),
            "expected": _("Phải có mặt"),
            "present": _("Có mặt"),
            "excused": _("Vắng có lý do"),
            "unexcused": _("Vắng không lý do"),
            "guests": _("Khách"),
        },
        initial="-day",
    )

    def __init__(self, data, *args, figures=(), **options):
        super().__init__(data, *args, **options)
        self.fields["figure"] = forms.ChoiceField(
            label=_("Số liệu"), choices=figures, required=False, initial="sessions"
        )


class DutyRowsQuery(PeriodQuery):
    part = choice_field(_("Loại"), {"regular": _("Định kỳ (mỗi tháng)"), "thematic": _("Chuyên đề (mỗi quý)")})
    show = choice_field(_("Xem"), {"all": _("Tất cả"), "missing": _("Chưa sinh hoạt"), "done": _("Đã sinh hoạt")})
    name = name_field(_("Tìm tên chi bộ"))
    sort = sort_field({"name": _("Tên chi bộ"), "span": _("Kỳ"), "done": _("Kết quả")})


MEMBERS = {
    "members_total": _("Tất cả đảng viên"),
    "members_official": _("Đảng viên chính thức"),
    "members_probationary": _("Đảng viên dự bị"),
    "members_exempt": _("Miễn sinh hoạt"),
    "members_away": _("Tạm thời đi"),
    "members_hosted": _("Tạm thời đến"),
}


class MemberRowsQuery(PeriodQuery):
    """Names, for those who see rosters."""

    figure = choice_field(_("Số liệu"), MEMBERS)
    name = name_field(_("Tìm họ tên"))
    sort = sort_field(
        {
            "name": _("Họ và tên"),
            "cell": _("Chi bộ"),
            "standing": _("Tư cách"),
            "status": _("Tình trạng"),
            "since": _("Từ ngày"),
        }
    )


class MemberCountsQuery(PeriodQuery):
    """How many there are at each subordinate organisation, for those who see counts only."""

    figure = choice_field(_("Số liệu"), MEMBERS)
    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field({"name": _("Tên tổ chức")} | MEMBERS)


class SpeakerRowsQuery(PeriodQuery):
    figure = choice_field(
        _("Số liệu"),
        {
            "speakers": _("Báo cáo viên"),
            "propagandists": _("Tuyên truyền viên"),
            "collaborators": _("Cộng tác viên dư luận xã hội"),
        },
    )
    name = name_field(_("Tìm họ tên hoặc tổ chức"))
    sort = sort_field({"name": _("Họ và tên"), "place": _("Tổ chức"), "since": _("Từ ngày")})


class OrganisationRowsQuery(PeriodQuery):
    figure = choice_field(_("Số liệu"), {"cells": _("Chi bộ"), "committees": _("Đảng bộ")})
    name = name_field(_("Tìm tên tổ chức"))
    sort = sort_field({"name": _("Tên tổ chức"), "kind": _("Loại tổ chức")})


class TargetsQuery(PeriodQuery):
    show = choice_field(
        _("Xem"),
        {"all": _("Mọi chỉ tiêu"), "missed": _("Chưa đạt"), "reached": _("Đạt"), "unknown": _("Chưa có số liệu")},
    )
    sort = sort_field({"measure": _("Chỉ tiêu"), "result": _("Kết quả")}, initial="measure")

    @cached_property
    def year_so_far(self) -> Period:
        """A target is of a year: what was reached is that of the year up to the last day of the period."""
        return Period.parse(f"{self.period.first_day.year}", self.period.until)

    @property
    def days(self) -> Span:
        return self.year_so_far.days


class ConferenceRowsQuery(PeriodQuery):
    name = name_field(_("Tìm nội dung hoặc đơn vị tổ chức"))
    sort = sort_field({"day": _("Ngày"), "subject": _("Nội dung")}, initial="-day")


class OutlineRowsQuery(PeriodQuery):
    show = choice_field(_("Xem"), {"all": _("Mọi đề cương"), "missing": _("Đề cương còn nơi chưa nhận bản mới nhất")})
    name = name_field(_("Tìm đề cương"))
    sort = sort_field({"missing": _("Số nơi chưa nhận"), "name": _("Tên đề cương")}, initial="-missing")
