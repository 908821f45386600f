from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from accounts.querying import QueryForm
from resolutions.models import Document, StudyConference
from resolutions.narrowing import NOW, THEN


def capitalised(choices):
    return [(value, capfirst(label)) for value, label in choices]


class DocumentQuery(QueryForm):
    search = CleanCharField(
        label=_("Tìm văn bản"),
        required=False,
        max_length=100,
        initial="",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("số, ký hiệu hoặc trích yếu")}),
    )
    type = forms.ChoiceField(
        label=_("Loại văn bản"),
        required=False,
        choices=[("", _("Tất cả")), *capitalised(Document.Type.choices)],
        initial="",
    )


class ConferenceQuery(QueryForm):
    """`organisation`, `structure` and `on` come from the dashboard's links and stay as they are."""

    first_day = DayField(label=_("Từ ngày"), required=False)
    last_day = DayField(label=_("Đến ngày"), required=False)
    state = forms.ChoiceField(
        label=_("Trạng thái"),
        required=False,
        choices=[("", _("Tất cả")), *capitalised(StudyConference.State.choices)],
        initial="",
    )
    organisation = forms.UUIDField(label=_("Tổ chức"), required=False, widget=forms.HiddenInput)
    structure = forms.ChoiceField(
        label=_("Cơ cấu"),
        required=False,
        choices=[(THEN, _("theo cơ cấu lúc đó")), (NOW, _("theo cơ cấu hiện nay"))],
        initial=THEN,
        widget=forms.HiddenInput,
    )
    on = DayField(label=_("Ngày xét cơ cấu"), required=False, widget=forms.HiddenInput)

    def clean(self):
        first_day, last_day = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first_day and last_day and first_day > last_day:
            self.add_error("last_day", _("Đến ngày không được trước từ ngày."))
        return self.cleaned_data
