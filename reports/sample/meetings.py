"""Sessions with their roll-call: fixed ones from the sources, and running months laid up to the day."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from cells.models import Organisation
from reports.periods import month_end
from reports.sample.rosters import Rosters
from resolutions.models import Mode
from sessions.counting import count_marks
from sessions.models import Attendance, Mark, Session, SessionKind

REASONS = ("đi công tác", "ốm", "nghỉ phép", "việc gia đình", "đi học")
THEMES = (
    "Nêu gương của đảng viên trong công việc hằng ngày",
    "Tiết kiệm, chống lãng phí ở cơ quan",
    "Nâng cao chất lượng tự phê bình và phê bình",
    "Ứng dụng công nghệ trong công tác của chi bộ",
    "Cải cách hành chính, phục vụ người dân",
    "Giữ gìn đoàn kết trong tập thể",
    "Truyền thống của đơn vị và trách nhiệm hôm nay",
    "Chuẩn bị nguồn phát triển đảng viên",
)
MONTHS = 24


@dataclass
class Sitting:
    """A session that is not stored yet, with its roll-call as (person, mark, reason, is expected)."""

    session: Session
    marks: list[tuple] = field(default_factory=list)

    def rows(self) -> Iterator[Attendance]:
        """Only once session and people are stored."""
        for person, mark, reason, is_expected in self.marks:
            yield Attendance(
                session_id=self.session.pk, person_id=person.pk, mark=mark, reason=reason, is_expected=is_expected
            )


def planned(cell: Organisation, day: dt.date, kind: str, theme: str = "", **fields) -> Sitting:
    suffix = "-CD" if kind == SessionKind.THEMATIC else ""
    session = Session(cell=cell, code=f"{cell.code}-{day:%Y%m%d}{suffix}", day=day, kind=kind, theme=theme, **fields)
    session.start = session.start or dt.time(7, 30)
    session.place = session.place or "Phòng họp cơ quan"
    return Sitting(session)


def held(sitting: Sitting, marks: list[tuple], minutes: int = 95) -> Sitting:
    """The session closed with these marks, its counters with it."""
    session = sitting.session
    begun = dt.datetime.combine(session.day, session.start)
    session.end = (begun + dt.timedelta(minutes=minutes)).time()
    session.state = Session.State.CLOSED
    session.closed_at = timezone.make_aware(begun + dt.timedelta(minutes=minutes + 10))
    sitting.marks = marks
    for name, value in count_marks((mark, is_expected) for _, mark, _, is_expected in marks).items():
        setattr(session, name, value)
    return sitting


def all_present(rosters: Rosters, cell: str, day: dt.date) -> list[tuple]:
    return [(span.person, Mark.PRESENT, "", True) for span in rosters.expected(cell, day)]


def months_up_to(today: dt.date) -> list[dt.date]:
    """First days of the running months, the last one that of today."""
    count = today.year * 12 + today.month - 1
    return [dt.date(number // 12, number % 12 + 1, 1) for number in range(count - MONTHS + 1, count + 1)]


def regular_day(month: dt.date) -> dt.date:
    """The uniform day: the 3rd since August 2025; before that the sample's province kept the 5th."""
    return month.replace(day=3 if month >= dt.date(2025, 8, 1) else 5)


def working_day(day: dt.date) -> dt.date:
    """The day itself or the Monday after it."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


class RunningMonths:
    """The habits of one cell over the running months; a cell's months do not depend on any other cell."""

    def __init__(self, seed: str, rosters: Rosters, cell: str, today: dt.date):
        self.random = random.Random(f"{seed}/{cell}")
        self.rosters = rosters
        self.code = cell
        self.cell = rosters.tree.organisations[cell]
        self.today = today
        self.shift = self.random.choice([0, 0, 0, 0, 1, 1, 2, 3])
        self.thematic_turn = self.random.choice([1, 1, 2])  # which month of a quarter
        self.is_combining = self.random.random() < 0.6
        self.is_late = self.random.random() < 0.12  # has not met this month
        self.missing = 0.02

    def sittings(self) -> Iterator[Sitting]:
        for month in months_up_to(self.today):
            for sitting in self.month(month):
                if self.rosters.tree.is_in_force(self.code, sitting.session.day):
                    yield sitting

    def month(self, month: dt.date) -> Iterator[Sitting]:
        is_thematic = month.month % 3 == self.thematic_turn
        theme = self.random.choice(THEMES) if is_thematic else ""
        is_combined = is_thematic and self.is_combining
        is_missed = self.random.random() < self.missing or (self.is_late and month_end(month) >= self.today)
        if not is_missed:
            day = working_day(regular_day(month) + dt.timedelta(days=self.shift))
            yield self.sit(day, *(SessionKind.COMBINED, theme) if is_combined else (SessionKind.REGULAR, ""))
        if is_thematic and not is_combined and self.random.random() > 0.04:
            yield self.sit(working_day(month.replace(day=17 + self.shift)), SessionKind.THEMATIC, theme)

    def sit(self, day: dt.date, kind: str, theme: str) -> Sitting:
        mode = self.random.choices([Mode.IN_PERSON, Mode.HYBRID], [94, 6])[0]
        sitting = planned(self.cell, day, kind, theme, mode=mode)
        if day >= self.today:
            return sitting
        minutes = 120 if kind == SessionKind.COMBINED else 90
        marks = [*self.expected_marks(day, mode), *self.exempt_marks(day)]
        return held(sitting, marks, minutes + self.random.choice([0, 5, 10, 15, 25]))

    def expected_marks(self, day: dt.date, mode: str) -> list[tuple]:
        # Most sessions are complete, some lose several members at once.
        absence = self.random.choice([0.0, 0.0, 0.015, 0.03, 0.05, 0.08])
        online = 0.3 if mode == Mode.HYBRID else 0.0
        return [(span.person, *self.mark(absence, online), True) for span in self.rosters.expected(self.code, day)]

    def mark(self, absence: float, online: float) -> tuple[str, str]:
        draw = self.random.random()
        if draw < absence * 0.9:
            return Mark.EXCUSED, self.random.choice(REASONS)
        if draw < absence:
            return Mark.UNEXCUSED, ""
        return (Mark.PRESENT_ONLINE if self.random.random() < online else Mark.PRESENT), ""

    def exempt_marks(self, day: dt.date) -> list[tuple]:
        spans = self.rosters.exempt(self.code, day)
        return [(span.person, Mark.PRESENT, "", False) for span in spans if self.random.random() < 0.25]


def running_batches(seed: str, rosters: Rosters, demo_cell: str, today: dt.date) -> Iterator[list[Sitting]]:
    """One cell after the other. The demo cell met every month, and this month's session waits for whoever tries it."""
    for code in rosters.tree.cells():
        habits = RunningMonths(seed, rosters, code, today)
        if code == demo_cell:
            habits.is_late, habits.missing = True, 0
        yield list(habits.sittings())
    organisation, place = rosters.tree.organisations[demo_cell], "Phòng họp tầng 2"
    next_month = month_end(today) + dt.timedelta(days=1)
    yield [
        planned(organisation, day, SessionKind.REGULAR, place=place)
        for day in (today, working_day(regular_day(next_month)))
    ]
