from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from accounts.querying import QueryForm
from resolutions.filing_forms import MarklessField
from resolutions.models import Document, StudyConference
from resolutions.narrowing import NOW, THEN
from resolutions.receiving import Holding


def capitalised(choices):
    return [(value, capfirst(label)) for value, label in choices]


class DocumentQuery(QueryForm):
    search = CleanCharField(
        label=_("Tìm văn bản"),
        required=False,
        max_length=100,
        initial="",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("số, trích yếu, chữ trong đề cương")}),
    )
    type = forms.ChoiceField(
        label=_("Loại văn bản"),
        required=False,
        choices=[("", _("Tất cả")), *capitalised(Document.Type.choices)],
        initial="",
    )


class CitingQuery(QueryForm):
    """What somebody typed to add a document; the rest of the form is filled from it."""

    cite = MarklessField(label=_("Số, ký hiệu"), required=False, max_length=200, initial="")


class HoldingQuery(QueryForm):
    holding = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[("", _("Tất cả")), *capitalised(Holding.choices)],
        initial="",
    )
    search = CleanCharField(label=_("Tìm chi bộ"), required=False, max_length=100, initial="")


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
