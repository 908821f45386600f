"""The forms of a session: plan, roll-call, closing, reopening; they know what may be typed, not what it does."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, ClockField
from cells.models import Estimate
from resolutions.models import Mode
from sessions.fields import EARLIEST, FURTHEST_AHEAD, DayField, SeenField
from sessions.marking import NOTHING, Line, Marked, Sheet
from sessions.models import PRESENT_MARKS, THEMATIC_KINDS, Mark, SessionKind

MOST_GUESTS = 100_000
OTHER = "other"
REASONS = (
    ("ốm", _("Ốm")),
    ("công tác", _("Công tác")),
    ("việc gia đình", _("Việc gia đình")),
    ("nghỉ phép", _("Nghỉ phép")),
    (OTHER, _("Khác…")),
)
OFFERED_REASONS = {value for value, _label in REASONS} - {OTHER}


def capitalised(choices) -> list[tuple[str, str]]:
    """As they stand at the head of a line; elsewhere the labels are parts of sentences."""
    return [(value, capfirst(label)) for value, label in choices]


class PlanForm(forms.Form):
    """`themes`: those of the yearly plans that no session is about yet, offered with their month."""

    kind = forms.ChoiceField(label=_("Loại"), choices=capitalised(SessionKind.choices), widget=forms.RadioSelect)
    planned_theme = forms.ChoiceField(
        label=_("Chuyên đề trong kế hoạch năm"),
        required=False,
        help_text=_("Chọn ở đây thì không cần ghi tên chuyên đề."),
    )
    theme = CleanCharField(
        label=_("Tên chuyên đề"), max_length=500, required=False, help_text=_("Chỉ cần cho buổi có chuyên đề.")
    )
    day = DayField(label=_("Ngày sinh hoạt"))
    start = ClockField(label=_("Giờ bắt đầu"), required=False)
    place = CleanCharField(label=_("Địa điểm"), max_length=250, required=False)
    mode = forms.ChoiceField(label=_("Hình thức"), choices=capitalised(Mode.choices), widget=forms.RadioSelect)
    version = forms.IntegerField(label=_("Phiên bản"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, cells=None, themes=(), **options):
        super().__init__(*args, **options)
        self.themes = {str(theme.public_id): theme for theme in themes}
        if self.themes:
            self.fields["planned_theme"].choices = [("", _("không theo kế hoạch năm")), *map(theme_choice, themes)]
        else:
            del self.fields["planned_theme"]
        if cells and len(cells) > 1:
            choices = [(cell.public_id, name) for cell, name in cells]
            self.fields = {"cell": forms.ChoiceField(label=_("Chi bộ"), choices=choices), **self.fields}

    def clean_day(self):
        day = self.cleaned_data["day"]
        last = timezone.localdate() + FURTHEST_AHEAD
        if not EARLIEST <= day <= last:
            raise ValidationError(_("Ngày phải từ %(first)s đến %(last)s.") % as_days(EARLIEST, last))
        return day

    def clean(self):
        cleaned = super().clean()
        is_thematic = cleaned.get("kind") in THEMATIC_KINDS
        planned = self.themes.get(cleaned.get("planned_theme")) if is_thematic else None
        if planned and self.is_elsewhere(planned):
            self.add_error("planned_theme", _("Chuyên đề này trong kế hoạch của chi bộ khác. Hãy chọn chuyên đề khác."))
        cleaned["planned_theme"] = planned
        if planned and not cleaned.get("theme") and "theme" not in self.errors:
            cleaned["theme"] = planned.title
        if is_thematic and not cleaned.get("theme") and "theme" not in self.errors:
            self.add_error("theme", _("Buổi chuyên đề phải ghi tên chuyên đề."))
        return cleaned

    def is_elsewhere(self, planned) -> bool:
        """Who works at several cells is offered the themes of all of them."""
        return "cell" in self.fields and self.cleaned_data.get("cell") != str(planned.plan.cell.public_id)


def theme_choice(theme) -> tuple[str, str]:
    label = _("Tháng %(month)s/%(year)s: %(title)s")
    return str(theme.public_id), label % {"month": theme.due_month, "year": theme.plan.year, "title": theme.title}


def as_days(first, last) -> dict:
    return {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}


class MarkField(forms.ChoiceField):
    widget = forms.RadioSelect

    def __init__(self, choices):
        super().__init__(choices=choices, required=False)


BUTTONS = {
    Mark.PRESENT: _("Có mặt"),
    Mark.PRESENT_ONLINE: _("Trực tuyến"),
    Mark.EXCUSED: _("Vắng có lý do"),
    Mark.UNEXCUSED: _("Vắng không lý do"),
}
EXPECTED_CHOICES = ((Mark.UNMARKED, ""), *BUTTONS.items())
EXEMPT_CHOICES = ((Mark.UNMARKED, _("Không dự")), *((mark, BUTTONS[mark]) for mark in PRESENT_MARKS))


class RollCallForm(forms.Form):
    """The whole sheet, or the few lines that a page saves by itself; a line that was not sent stays as it is."""

    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, widget=forms.HiddenInput)
    base = SeenField(required=False)

    def __init__(self, *args, sheet: Sheet, **options):
        super().__init__(*args, **options)
        self.sheet = sheet
        for line in sheet.lines:
            choices = EXPECTED_CHOICES if line.is_expected else EXEMPT_CHOICES
            self.fields[f"mark-{line.key}"] = MarkField(choices)
            self.fields[f"take-{line.key}"] = forms.ChoiceField(choices=(("mine", ""), ("theirs", "")), required=False)
            if line.is_expected:
                self.fields[f"reason-{line.key}"] = forms.ChoiceField(choices=REASONS, required=False)
                self.fields[f"other-{line.key}"] = CleanCharField(
                    label=_("Lý do của %s") % line.name, max_length=200, required=False
                )

    def clean(self):
        if "choosing" in self.data:
            for line in self.sheet.lines:
                if self.was_sent(line) and not self.cleaned_data.get(f"take-{line.key}"):
                    self.add_error(f"mark-{line.key}", _("Hãy chọn một trong hai bản."))
        return super().clean()

    def wanted(self) -> dict[int, Marked]:
        """What was sent, less the lines where another's version was chosen."""
        sent = (line for line in self.sheet.lines if self.was_sent(line))
        return {line.person: self.marked(line) for line in sent if not self.takes_theirs(line)}

    def was_sent(self, line: Line) -> bool:
        return f"mark-{line.key}" in self.data

    def takes_theirs(self, line: Line) -> bool:
        return self.cleaned_data.get(f"take-{line.key}") == "theirs"

    def marked(self, line: Line) -> Marked:
        mark = self.cleaned_data[f"mark-{line.key}"]
        return Marked(mark, self.reason(line) if mark == Mark.EXCUSED else "")

    def reason(self, line: Line) -> str:
        chosen = self.cleaned_data.get(f"reason-{line.key}")
        return chosen if chosen in OFFERED_REASONS else self.cleaned_data.get(f"other-{line.key}", "")

    def known_base(self) -> dict[int, Marked]:
        """What the writer's page showed at first; it only decides what is suggested and what counts as untouched."""
        given = self.cleaned_data.get("base")
        given = given if isinstance(given, dict) else {}
        return {line.person: as_marked(given[line.key]) for line in self.sheet.lines if line.key in given}


def as_marked(value) -> Marked:
    is_pair = isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)
    return Marked(*value) if is_pair and value[0] in Mark.values else NOTHING


class ClosingForm(forms.Form):
    start = ClockField(label=_("Giờ bắt đầu"))
    end = ClockField(label=_("Giờ kết thúc"))
    guests = forms.IntegerField(
        label=_("Khách mời (số người)"),
        min_value=0,
        max_value=MOST_GUESTS,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "min_value": _("Số khách mời không thể dưới 0."),
            "invalid": _("Ghi số khách mời bằng chữ số."),
        },
    )
    guests_estimate = forms.ChoiceField(label=_("Số khách là số"), choices=Estimate, required=False)
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, widget=forms.HiddenInput)
    sure = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    @property
    def told(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "sure"}

    @property
    def is_sure(self) -> bool:
        """Asked once about these times; about other times it is asked again."""
        return self.cleaned_data["sure"] == self.times

    @property
    def times(self) -> str:
        return f"{self.cleaned_data['start']:%H:%M}-{self.cleaned_data['end']:%H:%M}"

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", _("Giờ kết thúc phải sau giờ bắt đầu (%s).") % f"{start:%H:%M}")
        cleaned["guests"] = cleaned.get("guests") or 0
        if not cleaned["guests"]:
            cleaned["guests_estimate"] = ""  # nobody is not "about nobody"
        return cleaned


class ReopeningForm(forms.Form):
    reason = CleanCharField(
        label=_("Lý do mở lại"),
        max_length=300,
        help_text=_("Lý do được lưu cùng tên người mở lại."),
        error_messages={"required": _("Hãy ghi lý do mở lại.")},
    )
