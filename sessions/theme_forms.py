"""The forms of the yearly plan of themes."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField
from accounts.querying import QueryForm
from cells.models import Organisation, Person
from sessions.fields import DayField
from sessions.forms import capitalised
from sessions.models import PlannedTheme, ThematicPlan, ThemeMethod
from sessions.theming import Wanted, people_of

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_THEMES = 24
QUARTERS_MIDDLES = (2, 5, 8, 11)
MONTHS = [(number, _("Tháng %s") % number) for number in range(1, 13)]
NONE_PLANNED = "none"


@dataclass(frozen=True)
class Offered:
    """What a line of the plan may name, read once for all lines."""

    people: dict[str, int]  # {label: person}; two of one name are told apart by the year of birth
    methods: list[tuple[str, str]]
    method_ids: dict[str, int]

    def label_of(self, person: int | None, text: str) -> str:
        return next((label for label, known in self.people.items() if known == person), text)


def offered_at(cell: Organisation, year: int, plan: ThematicPlan | None) -> Offered:
    people = people_of(cell, year, plan)
    names = [person.full_name for person in people]
    labels = {label_of(person, is_alone=names.count(person.full_name) == 1): person.pk for person in people}
    methods = list(ThemeMethod.objects.all())
    return Offered(
        labels,
        [("", _("chưa chọn")), *((str(one.public_id), one.name) for one in methods)],
        {str(one.public_id): one.pk for one in methods},
    )


def label_of(person: Person, is_alone: bool) -> str:
    born = person.birth_date.year if person.birth_date else person.birth_year
    return person.full_name if is_alone else f"{person.full_name} ({born or person.code})"


class ThemeForm(forms.Form):
    theme = forms.UUIDField(label=_("Dòng đã lưu"), required=False, widget=forms.HiddenInput)
    month = forms.TypedChoiceField(label=_("Tháng"), choices=MONTHS, coerce=int)
    title = CleanCharField(label=_("Tên chuyên đề"), max_length=500, required=False)
    preparer = CleanCharField(label=_("Người chuẩn bị"), max_length=150, required=False)
    presenter = CleanCharField(label=_("Người trình bày"), max_length=150, required=False)
    method = forms.ChoiceField(label=_("Cách thực hiện"), required=False)
    planned_day = DayField(label=_("Ngày dự kiến"), required=False)
    remove = forms.BooleanField(label=_("Bỏ chuyên đề này"), required=False)

    def __init__(self, *args, year: int, offered: Offered, **options):
        super().__init__(*args, **options)
        self.year, self.offered = year, offered
        self.fields["method"].choices = offered.methods
        for name in ("preparer", "presenter"):
            self.fields[name].widget.attrs |= {"list": "people", "autocomplete": "off"}
        if not self["theme"].value():
            del self.fields["remove"]

    def clean(self):
        cleaned = super().clean()
        told = [name for name in ("preparer", "presenter", "method", "planned_day") if cleaned.get(name)]
        if not cleaned.get("title") and (told or cleaned.get("theme")) and not cleaned.get("remove"):
            self.add_error("title", _("Hãy ghi tên chuyên đề."))
        day = cleaned.get("planned_day")
        if day and (day.year, day.month) != (self.year, cleaned.get("month")):
            self.add_error("planned_day", _("Ngày dự kiến phải thuộc tháng đã chọn của năm %s.") % self.year)
        return cleaned

    @property
    def is_wanted(self) -> bool:
        return bool(self.cleaned_data.get("title")) and not self.cleaned_data.get("remove")

    def wanted(self, stored: dict) -> Wanted:
        told = self.cleaned_data
        preparer, presenter = (self.offered.people.get(told[name]) for name in ("preparer", "presenter"))
        return Wanted(
            theme=stored.get(told["theme"]),
            month=told["month"],
            title=told["title"],
            preparer_id=preparer,
            preparer_text="" if preparer else told["preparer"],
            presenter_id=presenter,
            presenter_text="" if presenter else told["presenter"],
            method_id=self.offered.method_ids.get(told["method"]),
            planned_day=told["planned_day"],
        )


class PlanVersionForm(forms.Form):
    version = forms.IntegerField(label=_("Phiên bản"), min_value=0, widget=forms.HiddenInput)


def theme_formset(data, cell: Organisation, year: int, plan: ThematicPlan | None):
    """The stored lines and one more to write in; of an empty plan, one in each quarter."""
    offered = offered_at(cell, year, plan)
    stored = [as_initial(theme, offered) for theme in plan.themes.select_related("method")] if plan else []
    fresh = [{"month": month} for month in QUARTERS_MIDDLES] if not stored else [{"month": stored[-1]["month"]}]
    made = forms.formset_factory(ThemeForm, extra=0, max_num=MOST_THEMES, absolute_max=MOST_THEMES, validate_max=True)
    formset = made(
        data,
        initial=stored + fresh,
        prefix="themes",
        form_kwargs={"year": year, "offered": offered},
        error_messages=dict.fromkeys(
            ("missing_management_form", "too_many_forms"), _("Trang này đã cũ. Hãy tải lại trang rồi làm lại.")
        ),
    )
    return formset, offered


def as_initial(theme: PlannedTheme, offered: Offered) -> dict:
    return {
        "theme": theme.public_id,
        "month": theme.month,
        "title": theme.title,
        "preparer": offered.label_of(theme.preparer_id, theme.preparer_text),
        "presenter": offered.label_of(theme.presenter_id, theme.presenter_text),
        "method": str(theme.method.public_id) if theme.method else "",
        "planned_day": theme.planned_day,
    }


class VersionForm(forms.Form):
    """What stood on the page when somebody decided."""

    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, widget=forms.HiddenInput)


class ReturnForm(VersionForm):
    reason = CleanCharField(
        label=_("Lý do trả lại"),
        max_length=500,
        help_text=_("Chi bộ đọc lý do này và sửa kế hoạch."),
        error_messages={"required": _("Hãy ghi lý do trả lại.")},
    )


class MoveForm(VersionForm):
    month = forms.TypedChoiceField(label=_("Chuyển sang tháng"), choices=MONTHS, coerce=int)
    day = DayField(label=_("Ngày mới (nếu đã định)"), required=False)
    reason = CleanCharField(
        label=_("Lý do chuyển"), max_length=300, error_messages={"required": _("Hãy ghi lý do chuyển.")}
    )

    def __init__(self, *args, year: int, **options):
        super().__init__(*args, **options)
        self.year = year

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("day")
        if day and (day.year, day.month) != (self.year, cleaned.get("month")):
            raise ValidationError({"day": _("Ngày mới phải thuộc tháng đã chọn của năm %s.") % self.year})
        return cleaned


class PlansQuery(QueryForm):
    year = forms.IntegerField(label=_("Năm"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    state = forms.ChoiceField(
        label=_("Tình trạng"),
        choices=[("", _("Tất cả")), *capitalised(ThematicPlan.State.choices), (NONE_PLANNED, _("Chưa có kế hoạch"))],
        required=False,
    )
