"""The hand-over file of a cell: what a new secretary must know on the first day (domain.md L23).

Read once as sections of plain text; the workbook and the PDF print the same.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.models import Lineage, Membership, Organisation, OrganisationPeriod, RegisteredNumber, Term
from cells.papers import letterhead
from cells.papers.blocks import column, heading, paragraph, signatures, table
from cells.papers.wording import day as printed_day
from cells.papers.wording import thousands
from reports.periods import Period, month_end, quarter_code
from sessions.deferring import deferrals, due_day
from sessions.models import Attendance, Mark, Session, SessionTask, TaskState
from sessions.rules import Rulebook


@dataclass(frozen=True)
class Section:
    """A table; a width is in millimetres, of 165 in all."""

    title: str
    nothing: str  # what to say when it has no rows
    columns: tuple[tuple[str, float, str], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class HandOver:
    cell: Organisation
    name: str
    kind: str
    parent: str
    day: dt.date
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        return _("Sổ bàn giao – %(name)s – ngày %(day)s") % {"name": self.name, "day": f"{self.day:%d/%m/%Y}"}


def read(cell: Organisation, day: dt.date) -> HandOver:
    """A fixed number of queries, however large the cell."""
    period = OrganisationPeriod.unscoped.on(day).filter(organisation=cell).select_related("parent").get()
    parent = OrganisationPeriod.unscoped.on(day).filter(organisation=period.parent).first() if period.parent else None
    sections = (gaps(cell, day), open_tasks(cell), roster(cell, day), sessions(cell, day), numbers(cell, day))
    return HandOver(cell, period.name, period.kind, parent.name if parent else "", day, sections)


def gaps(cell: Organisation, day: dt.date) -> Section:
    quarter = Period.parse(quarter_code(day), None)
    in_quarter = Session.unscoped.filter(cell=cell, day__range=(quarter.first_day, quarter.last_day))
    rows = [*without_session(cell, in_quarter, quarter, day), *unfinished(cell, day)]
    columns = ((_("Việc còn thiếu"), 125, "left"), (_("Hạn hoặc ngày"), 40, "left"))
    return Section(_("Việc còn thiếu của quý này"), _("Quý này chưa thiếu việc gì."), columns, tuple(rows))


def without_session(cell: Organisation, in_quarter, quarter: Period, day: dt.date):
    """Months and the quarter in which it was a cell from the first day on; others are not due (figures.md)."""
    closed = in_quarter.closed()
    regular = {held.month for held in closed.regular().values_list("day", flat=True)}
    lines = list(Lineage.unscoped.filter(descendant=cell, depth=0, is_cell=True))
    rulebook = Rulebook([cell.pk], quarter.first_day, day)
    told = deferrals([cell.pk], quarter.first_day, month_end(day), on=day)
    for month in range(quarter.first_day.month, day.month + 1):
        first = day.replace(month=month, day=1)
        last = month_end(first)
        if month not in regular and is_due(lines, first, last):
            text = _("Chưa có sinh hoạt định kỳ tháng %(month)d/%(year)d") % {"month": month, "year": day.year}
            yield text, f"{due_day(cell.pk, first, rulebook, told):%d/%m/%Y}"
    if is_due(lines, quarter.first_day, quarter.last_day) and not closed.thematic().exists():
        yield _("Chưa có sinh hoạt chuyên đề %s") % quarter.label, f"{quarter.last_day:%d/%m/%Y}"


def is_due(lines: list[Lineage], first_day: dt.date, last_day: dt.date) -> bool:
    return any(line.first_day <= first_day and last_day <= line.last_day for line in lines)


def unfinished(cell: Organisation, day: dt.date):
    """Roll-calls under way, whenever they were opened, and plans whose day has gone by."""
    overdue = Q(state=Session.State.PLANNED, day__lt=day) | Q(state=Session.State.OPEN)
    waiting = list(Session.unscoped.filter(overdue, cell=cell).order_by("day", "pk"))
    open_ids = [session.pk for session in waiting if session.state == Session.State.OPEN]
    unmarked = list(
        Attendance.unscoped.filter(session__in=open_ids, is_expected=True, mark=Mark.UNMARKED).values_list(
            "session", flat=True
        )
    )
    for session in waiting:
        if session.state == Session.State.PLANNED:
            text = _("Buổi %s đã qua ngày mà chưa mở điểm danh") % session.get_kind_display()
        else:
            text = _("Buổi %(kind)s đang mở, còn %(count)s người chưa điểm danh") % {
                "kind": session.get_kind_display(),
                "count": thousands(unmarked.count(session.pk)),
            }
        yield text, f"{session.day:%d/%m/%Y}"


def open_tasks(cell: Organisation) -> Section:
    tasks = SessionTask.unscoped.filter(cell=cell, state=TaskState.OPEN).select_related("session", "owner")
    rows = (
        (
            task.title,
            task.owner_name or str(task.owner or ""),
            f"{task.due:%d/%m/%Y}" if task.due else "",
            f"{task.session.day:%d/%m/%Y}",
        )
        for task in tasks
    )
    columns = (
        (_("Nhiệm vụ"), 80, "left"),
        (_("Người phụ trách"), 37, "left"),
        (_("Hạn"), 24, "left"),
        (_("Giao ngày"), 24, "left"),
    )
    return Section(_("Nhiệm vụ chưa xong"), _("Không còn nhiệm vụ nào chưa xong."), columns, tuple(rows))


def roster(cell: Organisation, day: dt.date) -> Section:
    spans = Membership.unscoped.on(day).filter(cell=cell).select_related("person")
    spans = spans.order_by("person__sort_key", "person_id")
    rows = (
        (
            str(number),
            str(span.person),
            born(span.person),
            span.get_standing_display(),
            span.get_status_display(),
            f"{span.first_day:%d/%m/%Y}",
        )
        for number, span in enumerate(spans, start=1)
    )
    columns = (
        (_("TT"), 12, "right"),
        (_("Họ và tên"), 55, "left"),
        (_("Ngày sinh"), 24, "left"),
        (_("Tư cách"), 24, "left"),
        (_("Tình trạng"), 26, "left"),
        (_("Từ ngày"), 24, "left"),
    )
    return Section(_("Danh sách đảng viên"), _("Chi bộ chưa có ai trong danh sách."), columns, tuple(rows))


def born(person) -> str:
    return f"{person.birth_date:%d/%m/%Y}" if person.birth_date else str(person.birth_year or "")


def sessions(cell: Organisation, day: dt.date) -> Section:
    held = Session.unscoped.filter(cell=cell, day__year=day.year).order_by("day", "pk")
    rows = (
        (
            f"{session.day:%d/%m/%Y}",
            session.get_kind_display(),
            session.theme,
            session.get_state_display(),
            f"{thousands(session.present)}/{thousands(session.expected)}" if session.expected else "—",
        )
        for session in held
    )
    columns = (
        (_("Ngày"), 24, "left"),
        (_("Loại"), 28, "left"),
        (_("Chuyên đề"), 61, "left"),
        (_("Trạng thái"), 28, "left"),
        (_("Có mặt/phải có mặt"), 24, "right"),
    )
    title = _("Các buổi sinh hoạt năm %s") % day.year
    return Section(title, _("Năm nay chưa có buổi nào."), columns, tuple(rows))


def numbers(cell: Organisation, day: dt.date) -> Section:
    term = Term.unscoped.on(day).filter(organisation=cell, function="").order_by("first_day").last()
    entries = RegisteredNumber.unscoped.filter(organisation=cell, term=term).order_by("day", "pk") if term else ()
    rows = (
        (
            entry.symbol,
            f"{entry.day:%d/%m/%Y}",
            entry.subject,
            _("đã hủy: %s") % entry.reason if entry.reason else entry.get_state_display(),
        )
        for entry in entries
    )
    columns = (
        (_("Số, ký hiệu"), 30, "left"),
        (_("Ngày"), 24, "left"),
        (_("Trích yếu"), 76, "left"),
        (_("Trạng thái"), 35, "left"),
    )
    title = _("Sổ văn bản nhiệm kỳ %s") % term if term else _("Sổ văn bản")
    return Section(title, _("Nhiệm kỳ này chưa cấp số nào."), columns, tuple(rows))


AGREED = gettext_lazy(
    "Hai bên đã cùng kiểm tra các mục trên và giao nhận đủ sổ sách, tài liệu kèm theo. "
    "Sổ này lập thành hai bản, mỗi bên giữ một bản."
)


def composed(file: HandOver) -> dict:
    """For `cells.papers.pdf`, in the layout of all papers."""
    return {
        "layout": "hd05_2026",
        "title": file.title,
        "letterhead": {
            "phrase": "ĐẢNG CỘNG SẢN VIỆT NAM",
            "parent": letterhead.parent_line(file.parent) if file.parent else "",
            "issuer": letterhead.body_name(file.name, file.kind),
            "number": None,  # a list handed over, not a document that is issued
            "dated": _("…………, ngày …… tháng …… năm 20……"),
        },
        "type": _("SỔ BÀN GIAO"),
        "subject": _("công việc của bí thư chi bộ"),
        "span": _("(Tình hình đến ngày %s)") % printed_day(file.day),
        "blocks": [*blocks(file), signatures(str(AGREED), (_("NGƯỜI BÀN GIAO"), ""), (_("NGƯỜI NHẬN BÀN GIAO"), ""))],
    }


def blocks(file: HandOver):
    for number, section in enumerate(file.sections, start=1):
        yield heading(f"{ROMAN[number]}- {section.title.upper()}")
        if section.rows:
            yield table([column(*one) for one in section.columns], [list(row) for row in section.rows])
        else:
            yield paragraph(section.nothing)


ROMAN = ("", "I", "II", "III", "IV", "V")
