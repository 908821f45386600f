"""The forms of agenda, record, votes and tasks; they know what may be typed, not what it does."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, CleanTextField, DayField
from resolutions.models import Document, Outline
from sessions import noting
from sessions.arranging import DOWN, UP
from sessions.fields import EARLIEST, FURTHEST_AHEAD, SeenField
from sessions.forms import capitalised
from sessions.models import Part, TaskState
from sessions.noting import block_field, block_fields, task_field

LONGEST_BLOCK = 600  # minutes
MATERIALS_OFFERED, EDITIONS_LOOKED_AT = 20, 200
PEOPLE, METHODS = {"list": "people", "autocomplete": "off"}, {"list": "methods", "autocomplete": "off"}


class MinutesField(forms.IntegerField):
    def __init__(self, **options):
        super().__init__(
            min_value=0,
            max_value=LONGEST_BLOCK,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            error_messages={
                "invalid": _("Ghi số phút bằng chữ số."),
                "min_value": _("Số phút không thể dưới 0."),
                "max_value": _("Số phút nhiều nhất là %(limit_value)s."),
            },
            **options,
        )


class VersionedForm(forms.Form):
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, required=False, widget=forms.HiddenInput)


class BlockForm(VersionedForm):
    title = CleanCharField(
        label=_("Nội dung"), max_length=300, error_messages={"required": _("Hãy ghi nội dung của mục.")}
    )
    part = forms.ChoiceField(label=_("Thuộc phần"), choices=capitalised(Part.choices))
    planned_minutes = MinutesField(label=_("Thời gian dự kiến (phút)"), required=False)
    presenter_name = CleanCharField(
        label=_("Người trình bày"), max_length=150, required=False, widget=forms.TextInput(attrs=PEOPLE)
    )
    method = CleanCharField(
        label=_("Hình thức trình bày"), max_length=100, required=False, widget=forms.TextInput(attrs=METHODS)
    )
    is_spoken_only = forms.BooleanField(
        label=_("Phổ biến trực tiếp, không ghi"),
        required=False,
        help_text=_("Biên bản chỉ ghi tên mục, không ghi nội dung."),
    )
    documents = forms.ModelMultipleChoiceField(
        label=_("Văn bản kèm theo"),
        queryset=Document.unscoped.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    outlines = forms.ModelMultipleChoiceField(
        label=_("Đề cương kèm theo"),
        queryset=Outline.unscoped.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, user, block=None, **options):
        super().__init__(*args, **options)
        documents, outlines = Document.objects.for_user(user), Outline.objects.for_user(user)
        in_use = documents.in_use().values_list("pk", flat=True)[:MATERIALS_OFFERED]
        self.fields["documents"].queryset = offered(documents, in_use, block and block.documents)
        self.fields["outlines"].queryset = offered(outlines, newest_editions(outlines), block and block.outlines)
        self.fields["outlines"].label_from_instance = with_edition

    def clean_planned_minutes(self):
        return self.cleaned_data["planned_minutes"] or 0


def with_edition(outline: Outline) -> str:
    told = {"title": outline.title, "edition": outline.edition, "readers": outline.get_audience_display()}
    return _("%(title)s (bản thứ %(edition)d, dành cho %(readers)s)") % told


def offered(seen, newest, attached):
    """Of what the user sees the newest, and what is attached already."""
    known = attached.values_list("pk", flat=True) if attached else []
    return seen.filter(pk__in={*newest, *known})


def newest_editions(outlines) -> list[int]:
    """Of each outline the last edition: nobody should prepare from an old one by mistake."""
    found = {}
    for outline in outlines[:EDITIONS_LOOKED_AT]:
        known = found.setdefault(outline.series, outline)
        found[outline.series] = max(known, outline, key=lambda one: one.edition)
    return [outline.pk for outline in found.values()][:MATERIALS_OFFERED]


class MoveForm(forms.Form):
    direction = forms.ChoiceField(choices=[(UP, _("Lên")), (DOWN, _("Xuống"))])


MINE, THEIRS, BOTH = "mine", "theirs", "both"


class RecordForm(forms.Form):
    """The whole record, or the few fields that the page saves by itself; what was not sent stays as it is."""

    base = SeenField(required=False)

    def __init__(self, *args, page: noting.Page, **options):
        super().__init__(*args, **options)
        self.page = page
        self.fields |= {
            "chair_name": CleanCharField(label=_("Chủ trì"), max_length=150, required=False),
            "minute_taker_name": CleanCharField(label=_("Thư ký"), max_length=150, required=False),
            "guest_names": CleanCharField(label=_("Khách mời (họ tên, chức vụ)"), max_length=300, required=False),
            "dues": CleanCharField(label=_("Tình hình đóng đảng phí"), max_length=300, required=False),
            "summary": CleanTextField(label=_("Tóm tắt thảo luận"), required=False),
            "conclusion": CleanTextField(label=_("Kết luận của chủ trì"), required=False),
        }
        for block in page.blocks:
            self.fields |= {block_field(block, part): block_form_field(part) for part in block_fields(block)}
        for line in page.tasks:
            self.fields[task_field(line.task, "state")] = forms.ChoiceField(choices=TaskState, required=False)
            self.fields[task_field(line.task, "result")] = CleanTextField(max_length=1000, required=False)

    def clean(self):
        cleaned = super().clean()
        for line in self.page.tasks:
            state, result = task_field(line.task, "state"), task_field(line.task, "result")
            is_dropped = self.told(state, line.told.state) == TaskState.DROPPED
            if is_dropped and not self.told(result, line.told.result):
                self.add_error(result, _("Hãy ghi lý do thôi thực hiện."))
        return cleaned

    def told(self, name: str, stored: str) -> str:
        return self.cleaned_data.get(name, "") if name in self.data else stored

    def wanted(self) -> dict[str, str]:
        """What was sent, as text; where somebody was asked to choose, what they chose."""
        names = [name for name in self.page.values if name in self.data]
        found = {name: self.chosen(name) for name in names if self.data.get(f"take-{name}") != THEIRS}
        # An empty choice of state says nothing: browsers send none where nothing was ticked.
        return {name: text for name, text in found.items() if text or not name.endswith("-state")}

    def chosen(self, name: str) -> str:
        value = self.cleaned_data[name]
        text = "" if value is None else str(value)
        if self.data.get(f"take-{name}") == BOTH:
            return "\n".join(part for part in (self.page.values[name], text) if part)
        return text

    def known_base(self) -> dict[str, str]:
        given = self.cleaned_data.get("base")
        given = given if isinstance(given, dict) else {}
        return {name: value for name, value in given.items() if isinstance(value, str)}


def block_form_field(part: str) -> forms.Field:
    if part == "minutes":
        return MinutesField(required=False)
    if part == "note":
        return CleanTextField(required=False)
    return CleanCharField(max_length=150 if part == "presenter_name" else 100, required=False)


class CountField(forms.IntegerField):
    def __init__(self, **options):
        super().__init__(
            min_value=0,
            max_value=100_000,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            error_messages={
                "required": _("Hãy ghi số phiếu, không có thì ghi 0."),
                "invalid": _("Ghi số phiếu bằng chữ số."),
                "min_value": _("Số phiếu không thể dưới 0."),
            },
            **options,
        )


class VoteForm(VersionedForm):
    subject = CleanCharField(
        label=_("Nội dung biểu quyết"),
        max_length=300,
        error_messages={"required": _("Hãy ghi nội dung biểu quyết.")},
    )
    in_favour = CountField(label=_("Tán thành"))
    against = CountField(label=_("Không tán thành"), required=False)
    other = CountField(label=_("Ý kiến khác"), required=False)

    def clean(self):
        cleaned = super().clean()
        return cleaned | {name: cleaned.get(name) or 0 for name in ("against", "other")}


class TaskForm(VersionedForm):
    title = CleanCharField(
        label=_("Nhiệm vụ"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Hãy ghi nhiệm vụ.")},
    )
    owner_name = CleanCharField(
        label=_("Người phụ trách"), max_length=150, required=False, widget=forms.TextInput(attrs=PEOPLE)
    )
    due = DayField(label=_("Hạn"), required=False, help_text=_("Không có hạn thì để trống."))

    def clean_due(self):
        due = self.cleaned_data["due"]
        last = timezone.localdate() + 5 * FURTHEST_AHEAD
        if due and not EARLIEST <= due <= last:
            raise ValidationError(_("Hạn phải trước ngày %s.") % f"{last:%d/%m/%Y}")
        return due


class TellForm(VersionedForm):
    state = forms.ChoiceField(
        label=_("Kết quả đến nay"), choices=capitalised(TaskState.choices), widget=forms.RadioSelect
    )
    result = CleanTextField(
        label=_("Ghi rõ"),
        max_length=1000,
        required=False,
        help_text=_("Đã làm được gì, hoặc vì sao thôi thực hiện."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("state") == TaskState.DROPPED and not cleaned.get("result") and "result" not in self.errors:
            self.add_error("result", _("Hãy ghi lý do thôi thực hiện."))
        return cleaned
