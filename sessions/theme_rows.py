"""The yearly plan beside what was done: each theme, the twelve months and the four quarters."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from cells.models import Lineage, Organisation
from sessions.due import ROMAN
from sessions.models import PlannedTheme, Session, ThematicPlan
from sessions.rules import Rulebook, month_end

HELD, LATE, EARLY, MISSING, FIXED, AHEAD = "held", "late", "early", "missing", "fixed", "ahead"
WORDS = {
    HELD: lambda: _("đã thực hiện"),
    LATE: lambda: _("thực hiện muộn"),
    EARLY: lambda: _("thực hiện sớm"),
    MISSING: lambda: _("chưa thực hiện"),
    FIXED: lambda: _("đã định ngày"),
    AHEAD: lambda: _("dự kiến"),
}
BADGES = {
    HELD: "badge-ok",
    LATE: "badge-wait",
    EARLY: "badge-ok",
    MISSING: "badge-bad",
    FIXED: "badge-plain",
    AHEAD: "badge-plain",
}
STATE_BADGES = {
    ThematicPlan.State.DRAFT: "badge-plain",
    ThematicPlan.State.REGISTERED: "badge-wait",
    ThematicPlan.State.ACCEPTED: "badge-ok",
    ThematicPlan.State.RETURNED: "badge-bad",
}


@dataclass(frozen=True)
class ThemeRow:
    theme: PlannedTheme
    year: int
    today: dt.date
    names_people: bool
    session_url: str = ""

    @property
    def standing(self) -> str:
        session = self.theme.session
        if session and session.is_closed:
            held = (session.day.year, session.day.month)
            return HELD if held == self.planned else LATE if held > self.planned else EARLY
        if month_end(dt.date(self.year, self.theme.due_month, 1)) < self.today:
            return MISSING
        return FIXED if session and session.state != Session.State.CANCELLED else AHEAD

    @property
    def planned(self) -> tuple[int, int]:
        return self.year, self.theme.month

    @property
    def word(self) -> str:
        return WORDS[self.standing]()

    @property
    def badge(self) -> str:
        return BADGES[self.standing]

    @property
    def preparer(self) -> str:
        return self.named(self.theme.preparer, self.theme.preparer_text)

    @property
    def presenter(self) -> str:
        return self.named(self.theme.presenter, self.theme.presenter_text)

    def named(self, person, text: str) -> str:
        return (person.full_name if person else text) if self.names_people else ""

    @property
    def may_be_moved(self) -> bool:
        return not (self.theme.session and self.theme.session.is_closed)


@dataclass(frozen=True)
class MonthCell:
    number: int
    rows: list[ThemeRow] = field(default_factory=list)

    @property
    def standing(self) -> str:
        """The worst of its themes, so that a glance misses nothing."""
        found = {row.standing for row in self.rows}
        return next((one for one in (MISSING, LATE, FIXED, AHEAD, EARLY, HELD) if one in found), "")

    @property
    def word(self) -> str:
        return WORDS[self.standing]() if self.standing else _("không có")


@dataclass(frozen=True)
class QuarterCell:
    roman: str
    done: int
    quota: int | None  # None: the cell was not in force all the quarter, nothing was due (figures.md, `thematic_due`)
    is_over: bool
    planned: int = 0

    @property
    def is_lacking(self) -> bool:
        """The plan, as it stands, could not fulfil the rule."""
        return self.quota is not None and self.planned < self.quota

    @property
    def badge(self) -> str:
        if self.quota is None or (self.done < self.quota and not self.is_over):
            return "badge-plain"
        return "badge-ok" if self.done >= self.quota else "badge-bad"


@dataclass(frozen=True)
class YearShown:
    rows: list[ThemeRow]
    months: list[MonthCell]
    quarters: list[QuarterCell]

    @property
    def quota(self) -> int:
        """Themes a quarter, as the rules have it; 0 where none speaks of it."""
        return max((quarter.quota or 0 for quarter in self.quarters), default=0)

    @property
    def lacking(self) -> str:
        return ", ".join(quarter.roman for quarter in self.quarters if quarter.is_lacking)


def year_of(
    cell: Organisation, year: int, themes: Iterable[PlannedTheme], today: dt.date, visible: Iterable, names_people: bool
) -> YearShown:
    """`visible`: the sessions of the plan that this reader may open, {id: public id}."""
    rows = [
        ThemeRow(theme, year, today, names_people, session_address(visible.get(theme.session_id))) for theme in themes
    ]
    months = [MonthCell(number, [row for row in rows if row.theme.due_month == number]) for number in range(1, 13)]
    planned = Counter((row.theme.due_month + 2) // 3 for row in rows)
    return YearShown(rows, months, quarters_of(cell, year, today, planned))


def session_address(public_id) -> str:
    return reverse("sessions:detail", args=[public_id]) if public_id else ""


def quarters_of(
    cell: Organisation, year: int, today: dt.date, planned: Mapping[int, int] | None = None
) -> list[QuarterCell]:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    days = Session.unscoped.filter(cell=cell, day__range=(first, last)).closed().thematic()
    done = Counter((day.month + 2) // 3 for day in days.values_list("day", flat=True))
    book = Rulebook([cell.pk], first, last)
    spans = [(line.first_day, line.last_day) for line in book.lines[cell.pk] if line.depth == 0 and line.is_cell]
    return [
        QuarterCell(
            roman=ROMAN[number],
            done=done[number],
            quota=quota(book, cell.pk, spans, begin, end),
            is_over=end < today,
            planned=(planned or {}).get(number, 0),
        )
        for number in range(1, 5)
        for begin, end in [(dt.date(year, number * 3 - 2, 1), month_end(dt.date(year, number * 3, 1)))]
    ]


def quota(book: Rulebook, cell: int, spans: list, begin: dt.date, end: dt.date) -> int | None:
    if not any(first <= begin and end <= last for first, last in spans):
        return None
    return book.rules_for(cell, end).thematic_per_quarter


@dataclass(frozen=True)
class PlanRow:
    """One cell in the list of a committee."""

    cell_id: object  # public id
    name: str
    year: int
    state: str  # "" if it has no plan
    planned: int
    held: int

    @property
    def badge(self) -> str:
        return STATE_BADGES.get(self.state, "badge-bad")

    @property
    def word(self) -> str:
        return ThematicPlan.State(self.state).label if self.state else _("chưa có kế hoạch")

    @property
    def url(self) -> str:
        return reverse("sessions:year_plan", args=[self.cell_id, self.year])


def lineage_of_cells(tops: Iterable[int], day: dt.date):
    return Lineage.unscoped.on(day).filter(ancestor__in=tops, is_cell=True).values("descendant")
