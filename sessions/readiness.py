"""What has to be ready the day before a session and two days after it, by the rules in force (rule R6 of the field)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.reach import AT_THE_CELL, Reach
from sessions.models import AgendaBlock, Readiness, ReadinessTick, Session
from sessions.naming import Names
from sessions.rules import Rulebook
from sessions.states import State, locked

BEFORE = (Readiness.AGENDA, Readiness.MATERIALS, Readiness.INVITATION)
AFTER = (Readiness.MINUTES, Readiness.RESULT)
DERIVED = {Readiness.AGENDA}
AHEAD = dt.timedelta(days=7)  # from when on the home page speaks of what is due
BEHIND = dt.timedelta(days=31)  # until when it does


class NotToTick(Refused):
    def default(self):
        return _("Mục này chưa đánh dấu được, hoặc sổ tự đánh dấu.")


@dataclass(frozen=True)
class Line:
    """One thing of the list: ready because the book knows it, or because somebody says so."""

    item: str
    is_derived: bool
    is_ready: bool
    tick: ReadinessTick | None = None

    @property
    def label(self) -> str:
        return capfirst(Readiness(self.item).label)


@dataclass(frozen=True)
class Checklist:
    """The things of one side of a session, with the day by which they have to be ready."""

    title: str
    due: dt.date | None
    lines: list[Line]

    @property
    def left(self) -> int:
        return sum(not line.is_ready for line in self.lines)

    @property
    def is_late(self) -> bool:
        return bool(self.left and self.due and self.due < timezone.localdate())


def checklists_of(session: Session) -> list[Checklist]:
    """Of a planned session what comes before; from the day itself on also what comes after."""
    rulebook = Rulebook([session.cell_id], session.day, session.day)
    ticks = {tick.item: tick for tick in ReadinessTick.unscoped.filter(session=session).select_related("ticked_by")}
    has_agenda = AgendaBlock.unscoped.filter(session=session).exists()
    return checklists(session, rulebook, ticks, has_agenda)


def checklists(session: Session, rulebook: Rulebook, ticks: dict, has_agenda: bool) -> list[Checklist]:
    rules = rulebook.rules_for(session.cell_id, session.day)
    known = {Readiness.AGENDA: has_agenda}
    parts = [(_("Trước buổi sinh hoạt"), rules.materials_due(session.day), BEFORE)]
    if session.state == State.CLOSED:
        parts.append((_("Sau buổi sinh hoạt"), rules.result_due(session.day), AFTER))
    return [Checklist(title, due, [line_of(item, known, ticks) for item in items]) for title, due, items in parts]


def line_of(item: str, known: dict[str, bool], ticks: dict) -> Line:
    if item in DERIVED:
        return Line(item, True, known[item])
    return Line(item, False, item in ticks, ticks.get(item))


@transaction.atomic
def tick(session: Session, item: str, is_ready: bool, *, actor: User, request=None) -> None:
    """Said again it stays as it was said first; nothing of a cancelled session is ticked."""
    session = locked(session)
    allowed = {State.PLANNED: BEFORE, State.OPEN: BEFORE, State.CLOSED: (*BEFORE, *AFTER)}
    if item in DERIVED or item not in allowed.get(session.state, ()):
        raise NotToTick
    rows = ReadinessTick.unscoped.filter(session=session, item=item)
    if rows.exists() == is_ready:
        return
    if is_ready:
        ReadinessTick.unscoped.create(session=session, item=item, ticked_by=actor)
    else:
        rows.delete()
    action = "session.ready" if is_ready else "session.unready"
    record(action, actor=actor, target=session, detail={"item": item}, request=request)


@dataclass(frozen=True)
class Unready:
    """What is still to be made ready for one session; one line of the home page."""

    session: Session
    cell_name: str
    checklist: Checklist


def unready_for(reach: Reach, day: dt.date) -> list[Unready]:
    """Sessions of the user's cells that come soon or were closed lately and lack something. Six queries."""
    cells = reach.at(AT_THE_CELL)
    if not cells:
        return []
    sessions = [session for session in near(cells, day) if is_of_now(session, day)]
    if not sessions:
        return []
    rulebook = Rulebook(cells, min(s.day for s in sessions), max(s.day for s in sessions))
    ticks: dict[int, dict[str, ReadinessTick]] = defaultdict(dict)
    for row in ReadinessTick.unscoped.filter(session__in=sessions):
        ticks[row.session_id][row.item] = row
    names = Names(session.cell_id for session in sessions)
    found = []
    for session in sessions:
        checklist = checklists(session, rulebook, ticks[session.pk], session.has_agenda)[-1]
        if checklist.left:
            found.append(Unready(session, names.of(session.cell_id, session.day), checklist))
    return sorted(found, key=lambda unready: (unready.checklist.due or unready.session.day, unready.session.pk))


def near(cells: Iterable[int], day: dt.date) -> Iterable[Session]:
    agenda = Exists(AgendaBlock.unscoped.filter(session=OuterRef("pk")))
    rows = Session.unscoped.filter(cell__in=cells, day__range=(day - BEHIND, day + AHEAD))
    return rows.filter(state__in=[State.PLANNED, State.CLOSED]).annotate(has_agenda=agenda).order_by("day", "pk")


def is_of_now(session: Session, day: dt.date) -> bool:
    return session.state == State.CLOSED or session.day >= day
