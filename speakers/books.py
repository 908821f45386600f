"""The books side by side: what each holds, and how a line of it reads."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, Sum
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.text import folded
from cells.models import Lineage
from cells.papers.wording import thousands
from speakers.forms import books as forms
from speakers.models import ClassTarget, RecurringDuty, TrainingClass
from speakers.models.rosters import OfPlace


@dataclass(frozen=True)
class Book:
    slug: str
    title: str
    adds: str
    icon: str
    form: type[forms.BookForm]
    headings: tuple[str, ...]
    line: Callable[[OfPlace], tuple]
    year: Callable[[int], Q]
    note: str = ""
    mark: str = ""  # at every line: where its number comes from
    is_shared: bool = False  # with all below: others are to find it

    @property
    def model(self) -> type[OfPlace]:
        return self.form.model


def day(value) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def duty_line(row) -> tuple:
    kind, every = capfirst(row.get_kind_display()), capfirst(row.get_months_display())
    return kind, every, row.owner, day(row.first_day), day(row.last_day)


def held_line(row) -> tuple:
    return row.subject, capfirst(row.get_kind_display()), day(row.day), thousands(row.expected), thousands(row.present)


def class_line(row) -> tuple:
    days = f"{day(row.first_day)} – {day(row.last_day)}"
    return row.name, capfirst(row.get_audience_display()), days, thousands(row.enrolled), thousands(row.completed)


def target_line(row) -> tuple:
    return capfirst(row.get_audience_display()), str(row.year), row.wording


def result_line(row) -> tuple:
    return capfirst(row.get_kind_display()), str(row.year), f"{row.number:02d}", row.note


def model_line(row) -> tuple:
    return row.title, row.unit, str(row.year), row.summary


def task_line(row) -> tuple:
    return row.title, str(row.year), day(row.due), capfirst(row.get_state_display()), row.result


def of_year(field: str) -> Callable[[int], Q]:
    return lambda year: Q(**{field: year})


def in_force(year: int) -> Q:
    return Q(first_day__year__lte=year) & (Q(last_day__isnull=True) | Q(last_day__year__gte=year))


BOOKS = {
    book.slug: book
    for book in (
        Book(
            "viec-dinh-ky",
            _("Việc định kỳ"),
            _("Thêm việc định kỳ"),
            "clock",
            forms.DutyForm,
            (_("Việc"), _("Chu kỳ"), _("Phụ trách"), _("Từ ngày"), _("Đến ngày")),
            duty_line,
            in_force,
        ),
        Book(
            "nhat-ky",
            _("Nhật ký hội nghị, tập huấn"),
            _("Ghi một lần đã làm"),
            "list-check",
            forms.HeldForm,
            (_("Nội dung"), _("Việc"), _("Ngày"), _("Triệu tập (lượt)"), _("Có mặt (lượt)")),
            held_line,
            of_year("day__year"),
        ),
        Book(
            "lop",
            _("Lớp bồi dưỡng"),
            _("Thêm lớp"),
            "people",
            forms.ClassForm,
            (_("Tên lớp"), _("Đối tượng"), _("Thời gian"), _("Ghi danh"), _("Hoàn thành")),
            class_line,
            of_year("last_day__year"),
        ),
        Book(
            "chi-tieu",
            _("Chỉ tiêu bồi dưỡng"),
            _("Thêm chỉ tiêu"),
            "bar-chart-line",
            forms.TargetForm,
            (_("Đối tượng"), _("Năm"), _("Chỉ tiêu")),
            target_line,
            of_year("year"),
        ),
        Book(
            "ket-qua",
            _("Kết quả nhập tay"),
            _("Thêm kết quả"),
            "pencil",
            forms.ResultForm,
            (_("Loại"), _("Năm"), _("Số lượng"), _("Ghi rõ")),
            result_line,
            of_year("year"),
            note=_("Các số này do người dùng nhập tay, phần mềm không tự tính. Hãy kèm đường dẫn minh chứng."),
            mark=_("nhập tay"),
        ),
        Book(
            "mo-hinh",
            _("Mô hình hay"),
            _("Thêm mô hình"),
            "megaphone",
            forms.ModelForm,
            (_("Mô hình"), _("Đơn vị"), _("Năm"), _("Cách làm")),
            model_line,
            of_year("year"),
            is_shared=True,
        ),
        Book(
            "dang-ky",
            _("Nhiệm vụ đăng ký làm theo"),
            _("Thêm nhiệm vụ"),
            "calendar-check",
            forms.TaskForm,
            (_("Nhiệm vụ"), _("Năm"), _("Hạn"), _("Tình trạng"), _("Kết quả")),
            task_line,
            of_year("year"),
            note=_("Mỗi năm thường đăng ký 02 nhiệm vụ với cấp ủy cấp trên."),
        ),
    )
}


def rows_of(book: Book, user, here: int | None, year: int | None, search: str):
    rows = book.model.objects.for_user(user).select_related("organisation")
    if not book.is_shared:
        below = Lineage.unscoped.under(here, user.reach.day).values("descendant")
        rows = rows.filter(Q(organisation=here) | Q(organisation__in=below))
    if year:
        rows = rows.filter(book.year(year))
    if search and book.is_shared:
        for word in folded(search).split():
            rows = rows.filter(search__contains=word)
    return rows


@dataclass(frozen=True)
class TargetRow:
    """A target beside what came of it."""

    target: ClassTarget
    completed: int

    @property
    def is_met(self) -> bool:
        return self.target.is_met(self.completed)


def targets_of(organisation: int, year: int) -> list[TargetRow]:
    """Against the classes of the organisation itself that ended in the year."""
    classes = TrainingClass.unscoped.filter(organisation=organisation, last_day__year=year)
    sums: dict[str, int] = defaultdict(int)
    sums |= dict(classes.order_by().values_list("audience").annotate(Sum("completed")))
    targets = ClassTarget.unscoped.filter(organisation=organisation, year=year)
    return [TargetRow(target, sums[target.audience]) for target in targets]


def usual_duties(organisation, first_day) -> list[RecurringDuty]:
    """Monthly meeting, quarterly briefing and training, yearly review (domain.md R16, T1-6, T2-11, T2-13)."""
    Kind, Every = RecurringDuty.Kind, RecurringDuty.Every
    usual = (
        (Kind.MEETING, Every.MONTH),
        (Kind.BRIEFING, Every.QUARTER),
        (Kind.TRAINING, Every.QUARTER),
        (Kind.REVIEW, Every.YEAR),
    )
    return [
        RecurringDuty(organisation=organisation, kind=kind, months=months, first_day=first_day)
        for kind, months in usual
    ]
