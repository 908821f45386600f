"""The forms of rosters: what may be typed about a member, not what it does (cells.moving)."""

import datetime as dt
import re
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from cells.models import Leaving, Membership, Person, Standing, Status
from cells.moving import TURNS_TO, key_of
from cells.naming import rows_of
from cells.rosters import cells_like

FURTHEST_AHEAD = dt.timedelta(days=400)
YEAR = re.compile(r"\d{4}")
MARK_CHOICES = (
    ("", _("Chọn…")),
    ("present", _("Có mặt")),
    ("present_online", _("Có mặt trực tuyến")),
    ("excused", _("Vắng có lý do")),
    ("unexcused", _("Vắng không lý do")),
)


def capitalised(choices) -> list[tuple[str, str]]:
    return [(value, capfirst(label)) for value, label in choices]


class BirthField(CleanCharField):
    """A day, or the year alone where nothing more is known."""

    def __init__(self, **options):
        attributes = {"inputmode": "numeric", "autocomplete": "off", "placeholder": _("ngày/tháng/năm hoặc năm")}
        super().__init__(max_length=10, widget=forms.TextInput(attrs=attributes), **options)

    def prepare_value(self, value):
        return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        if YEAR.fullmatch(text):
            return self.within(int(text), int(text))
        day = DayField(error_messages={"invalid": _("Ghi ngày sinh như 03/11/1970, hoặc chỉ năm sinh.")}).clean(text)
        return self.within(day, day.year)

    def within(self, value, year: int):
        if not 1900 <= year <= timezone.localdate().year:
            raise ValidationError(_("Năm sinh không hợp lý."), code="far_year")
        return value


class PersonForm(forms.Form):
    """Personal data: no more than is needed to tell people apart and to reach them (domain.md 1.8)."""

    full_name = CleanCharField(label=_("Họ và tên"), max_length=150)
    birth = BirthField(label=_("Ngày sinh hoặc năm sinh"), required=False)
    sex = forms.ChoiceField(
        label=_("Giới tính"), choices=[("", _("Chưa ghi")), *capitalised(Person.Sex.choices)], required=False
    )
    phone = CleanCharField(
        label=_("Điện thoại"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label=_("Thư điện tử"), max_length=120, required=False)
    version = forms.IntegerField(label=_("Phiên bản"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, shows_contacts: bool = True, **options):
        super().__init__(*args, **options)
        if not shows_contacts:
            del self.fields["phone"], self.fields["email"]


class NewMemberForm(PersonForm):
    standing = forms.ChoiceField(
        label=_("Tư cách"), choices=capitalised(Standing.choices), initial=Standing.OFFICIAL, widget=forms.RadioSelect
    )
    day = DayField(label=_("Sinh hoạt tại chi bộ từ ngày"))
    code = CleanCharField(
        label=_("Mã đảng viên"),
        max_length=60,
        required=False,
        help_text=_("Để trống nếu chưa có; hệ thống tự đặt. Người chuyển từ chi bộ khác đến: ghi đúng mã cũ."),
    )
    field_order = ("full_name", "birth", "sex", "standing", "day", "code", "phone", "email")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        del self.fields["version"]

    def offer(self, known: list[Person]) -> None:
        """Somebody so named is known already: which of them, or somebody new, has to be said."""
        choices = [(str(person.public_id), described(person)) for person in known]
        label = _("Đã có hồ sơ giống người này. Đây là ai?")
        self.fields["same"] = forms.ChoiceField(
            label=label, choices=[*choices, ("new", _("Một người khác, lập hồ sơ mới"))], widget=forms.RadioSelect
        )
        self.order_fields(["same"])
        self.full_clean()


def described(person: Person) -> str:
    birth = f"{person.birth_date:%d/%m/%Y}" if person.birth_date else person.birth_year
    return f"{person.full_name}, {birth} ({person.code})" if birth else f"{person.full_name} ({person.code})"


class TaskForm(forms.Form):
    """What all changes of spans have in common: the version seen, and marks that a recount asks for."""

    version = forms.IntegerField(label=_("Phiên bản"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, person: Person, user, **options):
        super().__init__(*args, **options)
        self.person, self.user = person, user
        self.asked: list[tuple[uuid.UUID, str]] = []
        for name in self.data if self.is_bound else ():
            if session := session_named(name):
                self.ask(session, "")

    def ask_for(self, missing) -> None:
        """Closed sessions that the change touches and that now lack a mark of this person."""
        for session, title, _person in missing:
            self.ask(session, title)

    def ask(self, session: uuid.UUID, title: str) -> None:
        self.fields[f"mark-{session.hex}"] = forms.ChoiceField(
            label=title or _("Buổi sinh hoạt đã kết thúc"), choices=MARK_CHOICES, required=False
        )

    def marks(self) -> dict[tuple[uuid.UUID, int], tuple[str, str]]:
        found = {name: value for name, value in self.cleaned_data.items() if name.startswith("mark-")}
        return {(session_named(name), self.person.pk): (value, "") for name, value in found.items()}

    def seen_version(self) -> int:
        return self.cleaned_data.get("version") or self.person.version

    def told(self) -> dict:
        """What the verb of this task takes."""
        common = {"version"}
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in common and not name.startswith("mark-")
        }


def session_named(field: str) -> uuid.UUID | None:
    prefix, _dash, number = field.partition("-")
    try:
        return uuid.UUID(number) if prefix == "mark" else None
    except ValueError:
        return None


class DayForm(TaskForm):
    day = DayField(label=_("Từ ngày"))

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate() + FURTHEST_AHEAD:
            raise ValidationError(_("Ngày quá xa. Hãy kiểm tra lại năm."), code="far_day")
        return day


class CellForm(DayForm):
    """The other cell by a part of its name, or by its code where it lies beyond the user's reach."""

    cell = CleanCharField(
        label=_("Chi bộ nơi đến"),
        max_length=250,
        help_text=_("Gõ một phần tên (không cần dấu), hoặc mã chi bộ ghi trên giấy giới thiệu."),
    )
    field_order = ("cell", "chosen", "day")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("cell") and cleaned.get("day"):
            cleaned["cell"] = self.one_of(cells_like(self.user, cleaned["cell"], cleaned["day"]))
        return cleaned

    def one_of(self, found):
        if not found:
            text = _("Không có chi bộ nào mang mã hoặc tên này hoạt động vào ngày đó trong phạm vi của đồng chí.")
            self.add_error("cell", text)
            return None
        chosen = self.data.get("chosen")
        named = [period for period in found if str(period.organisation.public_id) == chosen] if chosen else found
        if len(named) == 1:
            return named[0].organisation
        self.offer(found)
        return None

    def offer(self, found) -> None:
        rows = rows_of(found, self.user, self.cleaned_data["day"], always=True)
        choices = [
            (str(row.period.organisation.public_id), f"{row.name} ({row.parent_name or row.period.organisation.code})")
            for row in rows
        ]
        self.fields["chosen"] = forms.ChoiceField(
            label=_("Chọn một chi bộ"), choices=choices, widget=forms.RadioSelect, required=False
        )
        self.order_fields(self.field_order)
        self.add_error("chosen", _("Có nhiều chi bộ như vậy, hãy chọn một."))


class TransferForm(CellForm):
    day = DayField(label=_("Sinh hoạt tại nơi đến từ ngày"))


class AwayForm(CellForm):
    cell = CleanCharField(
        label=_("Chi bộ nơi đến"),
        max_length=250,
        required=False,
        help_text=_("Gõ một phần tên hoặc mã chi bộ. Để trống nếu nơi đến chưa dùng sổ này."),
    )
    day = DayField(label=_("Đi từ ngày"))
    until = DayField(label=_("Dự kiến đến ngày"), required=False)
    field_order = ("cell", "chosen", "day", "until")

    def clean(self):
        cleaned = super().clean()
        check_until(self, cleaned)
        cleaned["cell"] = cleaned.get("cell") or None
        return cleaned


def check_until(form, cleaned: dict) -> None:
    day, until = cleaned.get("day"), cleaned.get("until")
    if day and until and until < day:
        form.add_error("until", _("Ngày dự kiến phải sau ngày bắt đầu."))


class ReturnForm(DayForm):
    day = DayField(label=_("Trở về sinh hoạt từ ngày"))


STATUS_LABELS = {
    Status.ACTIVE: _("Sinh hoạt bình thường"),
    Status.EXEMPT: _("Miễn công tác và sinh hoạt"),
    Status.SUSPENDED: _("Đình chỉ sinh hoạt"),
    Status.SPECIAL_DUTY: _("Làm nhiệm vụ đặc biệt"),
}


class StatusForm(DayForm):
    status = forms.ChoiceField(
        label=_("Tình trạng mới"), choices=[(one, STATUS_LABELS[one]) for one in TURNS_TO], widget=forms.RadioSelect
    )
    until = DayField(label=_("Dự kiến đến ngày"), required=False)
    field_order = ("status", "day", "until")

    def clean(self):
        cleaned = super().clean()
        check_until(self, cleaned)
        return cleaned


class OfficialForm(DayForm):
    day = DayField(label=_("Là đảng viên chính thức từ ngày"))


class LeaveForm(DayForm):
    leaving = forms.ChoiceField(
        label=_("Lý do"), choices=capitalised(Leaving.choices), initial=Leaving.TRANSFERRED, widget=forms.RadioSelect
    )
    day = DayField(label=_("Ngày sinh hoạt cuối cùng tại chi bộ"))
    field_order = ("leaving", "day")


class ArrivalForm(DayForm):
    day = DayField(label=_("Nơi đến xác nhận ngày"))


class CorrectionForm(TaskForm):
    """Another span in place of a wrong one; the reason is kept with it."""

    first_day = DayField(label=_("Từ ngày"))
    last_day = DayField(label=_("Đến ngày"), required=False, help_text=_("Để trống nếu giai đoạn này còn tiếp tục."))
    standing = forms.ChoiceField(label=_("Tư cách"), choices=capitalised(Standing.choices), widget=forms.RadioSelect)
    status = forms.ChoiceField(label=_("Tình trạng"), choices=capitalised(Status.choices), widget=forms.RadioSelect)
    is_struck = forms.BooleanField(
        label=_("Bỏ hẳn giai đoạn này (chưa bao giờ có)"), required=False, help_text=_("Các ô ở trên khi đó bỏ qua.")
    )
    reason = CleanCharField(label=_("Lý do sửa"), max_length=300, error_messages={"required": _("Hãy ghi lý do sửa.")})

    def __init__(self, *args, span: Membership, **options):
        super().__init__(*args, **options)
        self.span = span
        # A stay as a guest and a home span are different rows; one does not become the other.
        hosted = span.status == Status.HOSTED
        offered = [one for one in capitalised(Status.choices) if (one[0] == Status.HOSTED) == hosted]
        self.fields["status"].choices = offered

    def clean(self):
        cleaned = super().clean()
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        if first_day and last_day and last_day < first_day:
            self.add_error("last_day", _("Ngày kết thúc phải sau ngày bắt đầu."))
        return cleaned

    def told(self):
        return super().told() | {"key": key_of(self.span)}


class MergeForm(TaskForm):
    other = forms.UUIDField(label=_("Hồ sơ trùng"), widget=forms.HiddenInput)
