"""A form for each book: text cleaned, days as dd/mm/yyyy, what cannot be told at the field it concerns."""

from django import forms
from django.core.validators import URLValidator
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, CleanTextField, DayField
from accounts.querying import QueryForm
from speakers.models import (
    ClassTarget,
    CommendedModel,
    CountedResult,
    HeldActivity,
    RecurringDuty,
    RegisteredTask,
    TrainingClass,
)

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST = 1_000_000


def clean_field(field: models.Field, **options):
    """Our own fields in place of Django's: one Unicode form, nothing invisible, no picker in a foreign order."""
    label, required = capfirst(str(field.verbose_name)), not field.blank
    shared = {"label": label, "required": required}
    if field.choices:
        chosen = [(value, capfirst(str(name))) for value, name in field.choices]
        made = forms.TypedChoiceField(coerce=field.to_python, choices=chosen, **shared)
    elif isinstance(field, models.URLField):
        made = forms.URLField(
            assume_scheme="https",
            max_length=field.max_length,
            validators=[URLValidator(schemes=["https"], message=_("Địa chỉ phải bắt đầu bằng https://"))],
            **shared,
        )
    elif isinstance(field, models.DateField):
        made = DayField(**shared)
    elif isinstance(field, models.IntegerField):
        is_year = field.name == "year"
        most, least = (LAST_YEAR, FIRST_YEAR) if is_year else (MOST, 0)
        made = forms.IntegerField(
            min_value=least, max_value=most, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **shared
        )
    elif isinstance(field, models.TextField):
        made = CleanTextField(**shared)
    else:
        made = CleanCharField(max_length=field.max_length, **shared)
    if field.has_default():
        made.initial = field.get_default()
    return made


class BookForm(forms.Form):
    model: type[models.Model]
    names: tuple[str, ...]
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, row=None, **options):
        given = {name: getattr(row, name) for name in (*self.names, "version")} if row else {}
        super().__init__(*args, initial=given | options.pop("initial", {}), **options)
        for name in self.names:
            self.fields[name] = clean_field(self.model._meta.get_field(name))

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.names}

    def clean(self):
        cleaned = super().clean()
        if is_more(cleaned.get("first_day"), cleaned.get("last_day")):
            self.add_error("last_day", _("Đến ngày không được trước từ ngày."))
        if is_more(cleaned.get("completed"), cleaned.get("enrolled")):
            self.add_error("completed", _("Số hoàn thành không được nhiều hơn số ghi danh."))
        if is_more(cleaned.get("present"), cleaned.get("expected")):
            self.add_error("present", _("Số có mặt không được nhiều hơn số triệu tập."))
        return cleaned


def is_more(one, other) -> bool:
    return one is not None and other is not None and one > other


class DutyForm(BookForm):
    model = RecurringDuty
    names = ("kind", "months", "owner", "first_day", "last_day")


class HeldForm(BookForm):
    model = HeldActivity
    names = ("kind", "day", "subject", "expected", "present")


class ClassForm(BookForm):
    model = TrainingClass
    names = ("audience", "name", "first_day", "last_day", "enrolled", "completed")


class TargetForm(BookForm):
    model = ClassTarget
    names = ("audience", "year", "operator", "number")


class ResultForm(BookForm):
    model = CountedResult
    names = ("kind", "year", "number", "note", "evidence")


class ModelForm(BookForm):
    model = CommendedModel
    names = ("title", "unit", "year", "summary")


class TaskForm(BookForm):
    model = RegisteredTask
    names = ("title", "year", "due", "state", "result", "evidence")


class BookQuery(QueryForm):
    year = forms.IntegerField(label=_("Năm"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    search = CleanCharField(label=_("Tìm"), max_length=100, initial="", required=False)


class RemoveForm(forms.Form):
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, widget=forms.HiddenInput)
