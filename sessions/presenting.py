"""What the pages of sessions show: labels, colours, links, and what was chosen or typed in each line."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions import listing
from sessions.forms import EXEMPT_CHOICES, EXPECTED_CHOICES, OFFERED_REASONS, OTHER, REASONS, RollCallForm
from sessions.marking import Clash, Line, Marked, Sheet, usual_mark
from sessions.models import AnnouncedAbsence, Attendance, Mark, Session, SessionRating
from sessions.naming import Names
from sessions.voting import base_of

State = Session.State
BADGES = {
    State.PLANNED: "badge-plain",
    State.OPEN: "badge-wait",
    State.CLOSED: "badge-ok",
    State.CANCELLED: "badge-bad",
}
MARK_BADGES = {
    Mark.UNMARKED: "badge-plain",
    Mark.PRESENT: "badge-ok",
    Mark.PRESENT_ONLINE: "badge-ok",
    Mark.EXCUSED: "badge-wait",
    Mark.UNEXCUSED: "badge-bad",
}
WEEKDAYS = (
    gettext_lazy("Thứ Hai"),
    gettext_lazy("Thứ Ba"),
    gettext_lazy("Thứ Tư"),
    gettext_lazy("Thứ Năm"),
    gettext_lazy("Thứ Sáu"),
    gettext_lazy("Thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)


@dataclass(frozen=True)
class SessionRow:
    """One line of a list of sessions."""

    session: Session
    cell_name: str

    @property
    def url(self) -> str:
        return reverse("sessions:detail", args=[self.session.public_id])

    @property
    def badge(self) -> str:
        return BADGES[self.session.state]

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.session.day.weekday()]

    @property
    def shows_counts(self) -> bool:
        return self.session.shows_counts and self.session.is_closed

    @property
    def rated(self) -> SessionRating | None:
        return next(iter(self.session.main_ratings), None)


@dataclass(frozen=True)
class Month:
    first_day: dt.date
    rows: list[SessionRow]


def by_month(sessions: Iterable[Session]) -> list[Month]:
    sessions = list(sessions)
    names = Names(session.cell_id for session in sessions)
    rows = (SessionRow(session, names.of(session.cell_id, session.day)) for session in sessions)
    months = groupby(rows, key=lambda row: row.session.day.replace(day=1))
    return [Month(first_day, list(rows)) for first_day, rows in months]


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class RollCallRow:
    """One name with its choices, as stored or, after an error, as they were sent."""

    number: int
    line: Line
    form: RollCallForm
    offered_marks: list[tuple[str, str]]
    offered_reasons: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""  # what the member is beside an official one, or that they asked leave

    @property
    def mark(self) -> str:
        return self.sent("mark", self.line.marked.mark)

    @property
    def marks(self) -> list[Choice]:
        chosen = self.mark
        return [Choice(value, label, value == chosen) for value, label in self.offered_marks]

    @property
    def reasons(self) -> list[Choice]:
        chosen = self.sent("reason", chip_of(self.line.marked.reason))
        return [Choice(value, label, value == chosen) for value, label in self.offered_reasons]

    @property
    def other(self) -> str:
        return self.sent("other", typed_reason(self.line.marked.reason))

    @property
    def problems(self) -> list[str]:
        names = [f"{part}-{self.line.key}" for part in ("mark", "reason", "other", "take")]
        return [problem for name in names if name in self.form.errors for problem in self.form.errors[name]]

    def sent(self, part: str, stored: str) -> str:
        return self.form.data.get(f"{part}-{self.line.key}", stored) if self.form.is_bound else stored


def chip_of(reason: str) -> str:
    if not reason or reason in OFFERED_REASONS:
        return reason
    return OTHER


def typed_reason(reason: str) -> str:
    return "" if reason in OFFERED_REASONS else reason


def roll_call_page(session: Session, sheet: Sheet, form: RollCallForm) -> dict:
    marks, reasons, exempt = texts(EXPECTED_CHOICES[1:]), texts(REASONS), texts(EXEMPT_CHOICES)
    listed = listing.listed_on(session)
    notes = notes_of(session, listed)
    return {
        "session": session,
        "sheet": sheet,
        "form": form,
        "rows": [
            RollCallRow(number, line, form, marks, reasons, notes.get(line.person, ""))
            for number, line in enumerate(sheet.expected, 1)
        ],
        "left_out": [person for person in listed if person.is_left_out],
        "base": base_of(session),
        "exempt_rows": [RollCallRow(number, line, form, exempt) for number, line in enumerate(sheet.exempt, 1)],
        "usual_mark": usual_mark(session),
        **seen_at_first(sheet, form),
    }


def notes_of(session: Session, listed: list[listing.Listed]) -> dict[int, str]:
    asked = set(AnnouncedAbsence.unscoped.filter(session=session).values_list("person_id", flat=True))
    words = {person.person: [person.note] if person.note else [] for person in listed}
    for person in asked & words.keys():
        words[person].append(_("xin vắng trước"))
    return {person: ", ".join(said) for person, said in words.items()}


def texts(choices) -> list[tuple[str, str]]:
    """Translated and escaped once for all rows: a large cell has thousands of these on one page."""
    return [(value, conditional_escape(label)) for value, label in choices]


def seen_at_first(sheet: Sheet, form: RollCallForm) -> dict[str, str]:
    """Version and marks that the writer saw; after an error they stay, or a conflict would pass unnoticed."""
    if form.is_bound and not {"version", "base"} & form.errors.keys():
        seen = form.data["base"] if isinstance(form.cleaned_data.get("base"), dict) else "{}"
        return {"version": form.data["version"], "base_json": seen}
    return {"version": str(sheet.version), "base_json": base_json((line.key, line.marked) for line in sheet.lines)}


def base_json(marks: Iterable[tuple[str, Marked]]) -> str:
    """What the page showed, for its hidden field `base`."""
    return json.dumps({key: [marked.mark, marked.reason] for key, marked in marks}, ensure_ascii=False)


@dataclass(frozen=True)
class ConflictRow:
    clash: Clash

    @property
    def key(self) -> str:
        return self.clash.line.key

    @property
    def fields(self) -> Iterator[tuple[str, str]]:
        """The writer's own version as hidden fields, so that choosing it sends it again."""
        yield f"mark-{self.key}", self.clash.mine.mark
        if self.clash.line.is_expected:
            yield f"reason-{self.key}", chip_of(self.clash.mine.reason)
            yield f"other-{self.key}", typed_reason(self.clash.mine.reason)

    @property
    def choices(self) -> list[tuple[str, Marked, str, bool]]:
        """(value, mark, whose, is suggested)"""
        saved = _("Đã lưu, của %s") % self.clash.changed_by if self.clash.changed_by else _("Đã lưu")
        return [
            ("mine", self.clash.mine, _("Của đồng chí"), self.clash.suggestion == "mine"),
            ("theirs", self.clash.theirs, saved, self.clash.suggestion == "theirs"),
        ]


@dataclass(frozen=True)
class AttendanceRow:
    """One name of a closed roll-call; the reason only for those of the cell, and for the person."""

    attendance: Attendance
    shows_reason: bool

    @property
    def name(self) -> str:
        return self.attendance.person.full_name

    @property
    def badge(self) -> str:
        return MARK_BADGES[self.attendance.mark]

    @property
    def reason(self) -> str:
        return self.attendance.reason if self.shows_reason else ""
