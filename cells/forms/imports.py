"""What is asked when a file is uploaded, and how its preview is looked at."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import DayField
from accounts.querying import QueryForm
from cells.access import below_today
from cells.dated import covering
from cells.exchange.reading import MOST_FILE_BYTES, REFUSALS
from cells.importing.files import ADDED, CHANGED, CLOSED, WARNINGS, WRONG
from cells.models import CELL_KINDS, ImportBatch, Organisation, OrganisationPeriod, Role
from cells.reach import ADMINISTRATOR, LEADING, Reach

Kind = ImportBatch.Kind
IMPORTS_WORKBOOKS = frozenset({ADMINISTRATOR, Role.COMMITTEE})
IMPORTS = LEADING | IMPORTS_WORKBOOKS
HAS_IMPORTS = IMPORTS | {Role.BOARD}  # a board's begin on the page of what it keeps
ZIP = b"PK"  # what every workbook begins with
KIND_LABELS = {
    Kind.ROSTER: _("Danh sách đảng viên của một chi bộ"),
    Kind.WORKBOOK: _("Sổ trao đổi (nhiều trang: tổ chức, đảng viên, buổi sinh hoạt…)"),
}


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp Excel (.xlsx)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=_("Tối đa 30 MB, không có mật khẩu hay liên kết ra ngoài."),
        error_messages={
            "required": _("Hãy chọn tệp."),
            "empty": _("Tệp này trống."),
            "missing": _("Hãy chọn tệp."),
            "invalid": _("Chưa nhận được tệp. Hãy chọn lại."),
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_FILE_BYTES:
            raise ValidationError(REFUSALS["too_large"])
        if file.read(2) != ZIP:
            raise ValidationError(REFUSALS["not_a_workbook"])
        file.seek(0)
        return file


class UploadForm(FileForm):
    kind = forms.ChoiceField(
        label=_("Tệp là"), widget=forms.RadioSelect, error_messages={"required": _("Hãy chọn loại tệp.")}
    )
    cell = forms.ModelChoiceField(
        label=_("Chi bộ của danh sách"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=None,
        error_messages={"invalid_choice": _("Hãy chọn một chi bộ trong danh sách.")},
    )
    first_day = DayField(
        label=_("Từ ngày, cho người không ghi"),
        required=False,
        help_text=_("Chỉ dùng cho danh sách đảng viên: người mới được tính vào chi bộ từ ngày này."),
    )
    field_order = ("kind", "file", "cell", "first_day")

    def __init__(self, *args, reach: Reach, **options):
        super().__init__(*args, **options)
        cells = own_cells(reach)
        kinds = [Kind.ROSTER] * bool(cells) + [Kind.WORKBOOK] * reach.holds(IMPORTS_WORKBOOKS)
        self.fields["kind"].choices = [(kind, KIND_LABELS[kind]) for kind in kinds]
        self.has_choices = bool(kinds)
        self.takes_workbooks = Kind.WORKBOOK in kinds
        if len(kinds) == 1:
            self.fields["kind"].initial = kinds[0]
            self.fields["kind"].widget = forms.HiddenInput()
        if Kind.ROSTER not in kinds:
            del self.fields["cell"], self.fields["first_day"]
            return
        self.fields["first_day"].initial = timezone.localdate()
        field = self.fields["cell"]
        field.queryset = Organisation.objects.filter(pk__in=[pk for pk, _public_id, _name in cells])
        field.choices = [(str(public_id), name) for _pk, public_id, name in cells]
        if len(cells) == 1:
            field.initial = str(cells[0][1])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") != Kind.ROSTER:
            return cleaned | {"cell": None, "first_day": None}
        if not cleaned.get("cell") and "cell" not in self.errors:
            self.add_error("cell", _("Hãy chọn chi bộ."))
        if not cleaned.get("first_day") and "first_day" not in self.errors:
            self.add_error("first_day", _("Hãy ghi ngày."))
        return cleaned


def own_cells(reach: Reach) -> list[tuple]:
    """(key, public id, name) of cells in force whose roster the user may import, by name."""
    periods = OrganisationPeriod.unscoped.filter(covering(reach.day), kind__in=CELL_KINDS)
    if not reach.is_administrator:
        theirs = below_today(reach, "organisation", reach.at({Role.COMMITTEE}))
        periods = periods.filter(theirs | Q(organisation__in=reach.at(LEADING)))
    return list(periods.order_by("sort_key", "pk").values_list("organisation_id", "organisation__public_id", "name"))


class PlanQuery(QueryForm):
    show = forms.ChoiceField(
        label=_("Xem"),
        required=False,
        initial="",
        choices=[
            ("", _("Tóm tắt")),
            (WRONG, _("Sai")),
            (ADDED, _("Thêm")),
            (CHANGED, _("Đổi")),
            (CLOSED, _("Kết thúc")),
            (WARNINGS, _("Lưu ý")),
        ],
    )


class DecisionForm(forms.Form):
    plan = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
