"""What is due now for the user's own cells: the regular session of the month, the thematic one of the quarter."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from cells.models import CELL_KINDS, OrganisationPeriod
from cells.reach import AT_THE_CELL, Reach
from sessions.deferring import deferrals, due_day
from sessions.models import REGULAR_KINDS, THEMATIC_KINDS, Session, SessionKind
from sessions.rules import Rulebook, month_end

State = Session.State
MISSING = "missing"  # nobody has planned it yet
LATE_STATES = (MISSING, State.PLANNED)  # a roll-call under way is being done
FURTHEST_FIRST = (State.CLOSED, State.OPEN, State.PLANNED)
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


@dataclass(frozen=True)
class Due:
    """One line of the home page; `url` is where `action`, the label of its button, leads."""

    cell: int
    cell_name: str
    kind: str  # SessionKind.REGULAR or THEMATIC: which duty it is, not what the session is called
    label: str  # `Sinh hoạt định kỳ tháng 11/2026`
    state: str  # MISSING, or a Session.State
    action: str
    url: str
    day: dt.date | None = None  # of the session, if there is one
    session: uuid.UUID | None = None
    due_day: dt.date | None = None  # the last day on which this is not yet late, by the rules in force
    days_late: int = 0  # 0 when done, or not yet late

    @property
    def when(self) -> str:
        """`03/11/2026, quá hạn 18 ngày`; of a session that is planned, its own day."""
        day = self.day or self.due_day
        if day is None:
            return ""
        late = _("quá hạn %s ngày") % self.days_late if self.days_late else ""
        told = f"{day:%d/%m/%Y}" if self.day else _("hạn %s") % f"{day:%d/%m/%Y}"
        return f"{told}, {late}" if late else told

    @property
    def is_done(self) -> bool:
        return self.state == State.CLOSED


def due_for(reach: Reach, day: dt.date) -> list[Due]:
    """Six queries, however many cells. What is left to do comes first, roll-calls under way before all."""
    cells = list(
        OrganisationPeriod.unscoped.on(day)
        .filter(organisation__in=reach.at(AT_THE_CELL), kind__in=CELL_KINDS)
        .order_by("name")
        .values_list("organisation_id", "name", "organisation__public_id", named=True)
    )
    if not cells:
        return []
    own = [cell.organisation_id for cell in cells]
    known, rulebook = relevant_sessions(own, day), Rulebook(own, day, day)
    told = deferrals(own, day, month_end(day), on=day)
    by_when = {cell: due_day(cell, day, rulebook, told) for cell in own}
    found = [due for cell in cells for due in due_at(cell, known, by_when[cell.organisation_id], day)]
    return sorted(found, key=lambda due: URGENCY[due.state])


URGENCY = {State.OPEN: 0, State.PLANNED: 1, MISSING: 2, State.CLOSED: 3}


def relevant_sessions(cells: Iterable[int], day: dt.date) -> list[Session]:
    """Those of the quarter, and roll-calls of any time that nobody closed."""
    rows = Session.unscoped.filter(cell__in=cells).exclude(state=State.CANCELLED)
    in_quarter = rows.filter(day__gte=quarter_start(day), day__lt=quarter_start(day, 3))
    return list((in_quarter | rows.filter(state=State.OPEN)).order_by("day", "pk"))


def due_at(cell, known: list[Session], session_day: dt.date, day: dt.date) -> Iterator[Due]:
    own = [session for session in known if session.cell_id == cell.organisation_id]
    in_quarter = [session for session in own if quarter_start(session.day) == quarter_start(day)]
    regular = furthest(s for s in in_quarter if s.kind in REGULAR_KINDS and s.day.month == day.month)
    thematic = furthest(s for s in in_quarter if s.kind in THEMATIC_KINDS)
    yield describe(cell, SessionKind.REGULAR, regular, day, session_day)
    if thematic is None or thematic != regular:
        yield describe(cell, SessionKind.THEMATIC, thematic, day, month_end(quarter_start(day, 2)))
    for session in own:
        if session.state == State.OPEN and session not in (regular, thematic):
            yield describe(cell, session.kind, session, session.day)


def furthest(sessions: Iterable[Session]) -> Session | None:
    return min(sessions, key=lambda session: FURTHEST_FIRST.index(session.state), default=None)


def describe(cell, kind: str, session: Session | None, day: dt.date, due_day: dt.date | None = None) -> Due:
    state = session.state if session else MISSING
    is_ahead = state == State.PLANNED and session.day > day
    return Due(
        cell=cell.organisation_id,
        cell_name=cell.name,
        kind=kind,
        label=label_of(kind, day),
        state=state,
        action=_("Xem kế hoạch") if is_ahead else ACTIONS[state](),
        url=address_of(cell, kind, session),
        day=session.day if session else None,
        session=session.public_id if session else None,
        due_day=due_day,
        days_late=max(0, (day - due_day).days) if due_day and state in LATE_STATES else 0,
    )


ACTIONS = {
    MISSING: lambda: _("Lên kế hoạch"),
    State.PLANNED: lambda: _("Mở buổi sinh hoạt"),
    State.OPEN: lambda: _("Tiếp tục điểm danh"),
    State.CLOSED: lambda: _("Xem kết quả"),
}


def label_of(kind: str, day: dt.date) -> str:
    if kind == SessionKind.THEMATIC:
        return _("Sinh hoạt chuyên đề quý %(quarter)s/%(year)s") % {"quarter": quarter(day), "year": day.year}
    if kind == SessionKind.EXTRAORDINARY:
        return _("Sinh hoạt bất thường ngày %s") % f"{day:%d/%m/%Y}"
    return _("Sinh hoạt định kỳ tháng %(month)s/%(year)s") % {"month": day.month, "year": day.year}


def address_of(cell, kind: str, session: Session | None) -> str:
    if session is None:
        question = urlencode({"cell": cell.organisation__public_id, "kind": kind})
        return f"{reverse('sessions:plan')}?{question}"
    page = "sessions:roll_call" if session.state == State.OPEN else "sessions:detail"
    return reverse(page, args=[session.public_id])


def quarter(day: dt.date) -> str:
    return ROMAN[(day.month + 2) // 3]


def quarter_start(day: dt.date, months_later: int = 0) -> dt.date:
    months = day.year * 12 + (day.month - 1) // 3 * 3 + months_later
    return dt.date(months // 12, months % 12 + 1, 1)
