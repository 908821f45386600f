"""Asking for reports: of one organisation, after a conference, of everybody in a quarter, in one bundle."""

import datetime as dt
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import DayField
from accounts.querying import QueryForm
from cells.models import Organisation
from cells.reach import AT_THE_CELL
from reports.access import ASKS_FOR_REPORTS, reportable
from reports.forms import SPANS, code_of, span_and_year, year_field, years_offered
from reports.models import Report, Stage
from reports.periods import Period, PeriodError
from reports.running import ended_quarter
from reports.statistics import names_on
from resolutions.models import StudyConference

CONFERENCES_OFFERED = 50
QUARTERS_OFFERED = 8


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


def organisation_field(label, **options) -> forms.ModelChoiceField:
    """Of which ones, each form says for its user."""
    return forms.ModelChoiceField(
        label=label,
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        error_messages={
            "required": _("Hãy chọn tổ chức."),
            "invalid_choice": _("Hãy chọn một tổ chức trong danh sách."),
        },
        **options,
    )


class ReportRequestForm(forms.Form):
    """Which report is wanted. Offers only organisations for which the user may ask."""

    organisation = organisation_field(_("Tổ chức"))
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

    organisation = organisation_field(_("Cho mọi tổ chức thuộc"))
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

    organisation = organisation_field(_("Cấp ủy"), required=False)
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

    @staticmethod
    def about(period: Period, top: Organisation | None = None) -> str:
        """The query string that asks for these."""
        span, year = span_and_year(period.code)
        place = {"organisation": top.public_id} if top else {}
        return f"?{urlencode(place | {'span': span, 'year': year})}"

    @property
    def top(self) -> Organisation | None:
        return self.values["organisation"] or (self.places[0] if self.places else None)

    @cached_property
    def period(self) -> Period:
        return Period.parse(code_of(self.values["span"], self.values["year"]))


class BundleAsked(BundleQuery):
    """One PDF of the list whose digest was `seen`."""

    seen = forms.CharField(label=_("Danh sách"), max_length=64, required=False)


def latest_quarter(day: dt.date) -> dict[str, str]:
    """The quarter a report is most likely about: the running one in its last month, else the one before."""
    while day.month % 3:
        day = day.replace(day=1) - dt.timedelta(days=1)
    return {"span": f"Q{day.month // 3}", "year": str(day.year)}
