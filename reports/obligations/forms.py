"""What the pages of obligations ask, and what is written about waivers."""

from collections.abc import Collection

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField
from accounts.querying import QueryForm
from reports.forms import SPANS, WHOLE_YEAR, code_of, name_field, year_field, years_offered
from reports.obligations.models import Subject
from reports.obligations.owing import State
from reports.obligations.presenting import STATE_LABELS
from reports.periods import Period

OPEN, ALL, EXPECTED = "open", "all", "expected"
SUBJECTS = [("", _("Mọi việc")), *((value, capfirst(str(label))) for value, label in Subject.choices)]


def states(*special: tuple, without: Collection[State] = ()) -> list[tuple]:
    return [*special, *((state.value, STATE_LABELS[state]) for state in State if state not in without)]


def subject_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Việc"), choices=SUBJECTS, required=False, initial="")


class DueQuery(QueryForm):
    """What is on the table today."""

    state = forms.ChoiceField(
        label=_("Tình trạng"),
        choices=states((OPEN, _("Chưa xong")), (ALL, _("Tất cả")), without=(State.AHEAD, State.LAPSED)),
        required=False,
        initial=OPEN,
    )
    subject = subject_field()
    name = name_field(_("Tìm tên tổ chức"))

    @property
    def narrows(self) -> bool:
        """Whether the reader asked for anything else than the page shows by itself."""
        return bool(self.given())

    def takes(self, one) -> bool:
        state, subject = self.values["state"], self.values["subject"]
        wanted = state == ALL or one.state == state or (state == OPEN and one.is_open)
        is_expected = state == EXPECTED and one.is_expected
        return (wanted or is_expected) and subject in ("", one.subject)


class OwedQuery(DueQuery):
    """What one organisation and those below it owe in a period."""

    span = forms.ChoiceField(label=_("Kỳ"), choices=SPANS, required=False, initial=WHOLE_YEAR)
    year = year_field()

    def __init__(self, data, *args, **options):
        super().__init__(data, *args, **options)
        today = timezone.localdate()
        self.fields["state"].choices = states((ALL, _("Tất cả")), (OPEN, _("Chưa xong")), (EXPECTED, _("Phải làm")))
        year = self.fields["year"]
        year.required, year.initial = False, today.year
        year.widget.choices = years_offered(today, also=data.get("year", "")[:4])

    @property
    def period(self) -> Period:
        return Period.parse(code_of(self.values["span"], self.values["year"]))


class WaiveForm(forms.Form):
    reason = CleanCharField(
        label=_("Lý do miễn"),
        max_length=300,
        help_text=_("Ghi rõ để đơn vị và cấp trên cùng đọc được, ví dụ: chi bộ đi làm nhiệm vụ cả tháng."),
    )


class TakeBackForm(forms.Form):
    reason = CleanCharField(label=_("Lý do thôi miễn"), max_length=300)


class ReminderForm(forms.Form):
    by_mail = forms.BooleanField(
        label=_("Gửi thư nhắc tôi việc của đơn vị mình"),
        required=False,
        help_text=_("Mỗi ngày nhiều nhất một thư, chỉ khi có việc sắp đến hạn hoặc đã quá hạn."),
    )
    weekly = forms.BooleanField(
        label=_("Gửi tôi thư tổng hợp hằng tuần"),
        required=False,
        help_text=_("Việc quá hạn ở các đơn vị trực thuộc, vào đầu tuần."),
    )

    def __init__(self, *args, looks_down: bool, **options):
        super().__init__(*args, **options)
        if not looks_down:
            del self.fields["weekly"]
