"""The forms of rating sheets: one for the head of a sheet, one for each of its lines."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, CleanTextField, DayField
from accounts.refusing import Refused
from cells.models import Organisation
from sessions import rubrics
from sessions.forms import capitalised
from sessions.measuring import QUANTITIES, plain
from sessions.models import Criterion, Measure, Rubric, SessionKind, Sureness
from sessions.models.rating import FULL_SCORE
from sessions.rule_forms import EndingForm

EMPTY_LINES = 3
MOST_LINES = 60


class CopyForm(forms.Form):
    code = CleanCharField(
        label=_("Mã đơn vị áp dụng"),
        max_length=60,
        required=False,
        help_text=_("Áp dụng cho đơn vị này và mọi đơn vị trực thuộc. Để trống: toàn quốc."),
    )
    first_day = DayField(label=_("Áp dụng từ ngày"), initial=timezone.localdate)

    def clean_code(self) -> Organisation | None:
        code = self.cleaned_data["code"]
        found = Organisation.unscoped.filter(code=code).first() if code else None
        if code and not found:
            raise ValidationError(_("Không có đơn vị nào có mã này."))
        return found


class EndRubricForm(EndingForm):
    last_day = DayField(label=_("Ngày cuối cùng còn áp dụng"))


class RubricForm(forms.Form):
    version = forms.IntegerField(label=_("Phiên bản"), widget=forms.HiddenInput)
    name = CleanCharField(label=_("Tên phiếu"))
    issuer = CleanCharField(label=_("Nơi ban hành"))
    source = CleanCharField(label=_("Căn cứ"), max_length=300)
    sureness = forms.ChoiceField(label=_("Mức chắc chắn"), choices=capitalised(Sureness.choices))
    kinds = forms.MultipleChoiceField(
        label=_("Dùng cho loại buổi"), choices=capitalised(SessionKind.choices), widget=forms.CheckboxSelectMultiple
    )
    levels = CleanTextField(
        label=_("Mức xếp loại"),
        max_length=500,
        help_text=_("Mỗi dòng một mức từ cao xuống thấp, ví dụ “Tốt ≥ 90”; mức cuối từ 0."),
    )

    @classmethod
    def of(cls, data, rubric: Rubric) -> "RubricForm":
        names = ("version", "name", "issuer", "source", "sureness", "kinds")
        levels = "\n".join(f"{level['name']} ≥ {level['from'].replace('.', ',')}" for level in rubric.levels)
        return cls(data, initial={name: getattr(rubric, name) for name in names} | {"levels": levels})

    def clean_levels(self) -> list[dict[str, str]]:
        levels = [read_level(line) for line in self.cleaned_data["levels"].splitlines() if line.strip()]
        bounds = [Decimal(level["from"]) for level in levels]
        if len(levels) < 2 or bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0:
            raise ValidationError(_("Các mức phải từ cao xuống thấp, ít nhất hai mức, mức cuối từ 0."))
        return levels

    @property
    def fields_of_rubric(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def read_level(line: str) -> dict[str, str]:
    name, _sign, bound = line.replace(">=", "≥").partition("≥")
    try:
        number = forms.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=FULL_SCORE).clean(
            bound.strip().replace(",", ".")
        )
    except ValidationError as error:
        raise ValidationError(_("Không hiểu dòng “%(line)s”."), params={"line": line[:80]}) from error
    if not name.strip() or len(name.strip()) > 50:
        raise ValidationError(_("Không hiểu dòng “%(line)s”."), params={"line": line[:80]})
    return {"name": name.strip(), "from": str(number)}


class LineForm(forms.Form):
    """A line without a title is none: so one is taken out."""

    group = CleanCharField(label=_("Nhóm"), required=False)
    title = CleanCharField(label=_("Tiêu chí"), max_length=500, required=False)
    max_points = forms.DecimalField(
        label=_("Điểm tối đa"), max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=FULL_SCORE,
        required=False, localize=True,
    )  # fmt: skip
    measure = forms.ChoiceField(
        label=_("Cách cho điểm"),
        choices=[("", _("Chi bộ tự cho điểm")), *capitalised(Measure.choices)],
        required=False,
    )
    bands = CleanTextField(
        label=_("Thang điểm (khi máy tính giúp)"), max_length=1000, required=False, widget=forms.Textarea({"rows": 4})
    )
    needed_for_best = forms.BooleanField(label=_("Phải đạt tối đa mới xếp mức cao nhất"), required=False)

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("title"):
            return cleaned
        for name in ("group", "max_points"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Hãy ghi mục này."))
        if cleaned.get("measure") and cleaned.get("max_points") and "bands" not in self.errors:
            try:
                quantities = QUANTITIES[cleaned["measure"]]
                cleaned["bands"] = rubrics.read_bands(cleaned["bands"], quantities, cleaned["max_points"])
            except Refused as refusal:
                self.add_error("bands", refusal.text)
        else:
            cleaned["bands"] = []
        return cleaned


class LinesFormSet(forms.BaseFormSet):
    default_error_messages = forms.BaseFormSet.default_error_messages | {
        "missing_management_form": _("Trang này đã cũ. Hãy tải lại trang rồi làm lại.")
    }

    def clean(self):
        if any(self.errors):
            return
        total = sum(line["max_points"] for line in self.lines())
        if total != FULL_SCORE:
            raise ValidationError(_("Cộng điểm tối đa được %(total)s, phải đúng 100."), params={"total": plain(total)})

    def lines(self) -> list[dict]:
        """What `settings` a measure had stays with it."""
        kept = {form.initial.get("measure"): form.initial.get("settings") or {} for form in self.forms}
        return [
            form.cleaned_data | {"settings": kept.get(form.cleaned_data["measure"], {})}
            for form in self.forms
            if form.cleaned_data.get("title")
        ]


LineForms = forms.formset_factory(
    LineForm, formset=LinesFormSet, extra=EMPTY_LINES, max_num=MOST_LINES, absolute_max=MOST_LINES
)


def lines_of(data, rubric: Rubric):
    initial = [
        {name: getattr(line, name) for name in rubrics.LINE_FIELDS} | {"bands": words_of(line)}
        for line in rubric.criteria.all()
    ]
    return LineForms(data, initial=initial, prefix="line")


def words_of(line: Criterion) -> str:
    return "\n".join(rubrics.written(band) for band in line.bands)
