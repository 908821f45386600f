"""Tasks that a cell gives in its sessions: given, changed, told of, and carried over until they are done or dropped."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.succession import with_predecessors
from sessions.models import Session, SessionTask, TaskReport, TaskState
from sessions.naming import roster_of
from sessions.recording import refuse_unchangeable
from sessions.states import ChangedMeanwhile, State, locked

FIELDS = ("title", "owner_name", "due")


class NoReason(Refused):
    def default(self):
        return _("Hãy ghi lý do thôi thực hiện nhiệm vụ.")


class ReportedLater(Refused):
    """Other sessions speak of it; their minutes would lose a line."""

    def default(self):
        return _("Nhiệm vụ này đã được báo cáo ở buổi sau, không xóa được. Hãy ghi là thôi thực hiện.")


@dataclass(frozen=True)
class Told:
    """What was said of a task: its state and, in words, the result or the reason."""

    state: str = TaskState.OPEN
    result: str = ""


@dataclass(frozen=True)
class CarriedTask:
    """A task of an earlier session as a later one found it, and left it."""

    task: SessionTask
    before: Told
    told: Told

    @property
    def is_overdue(self) -> bool:
        return self.told.state == TaskState.OPEN and self.task.is_overdue


def tasks_at(session: Session) -> list[CarriedTask]:
    """The tasks of earlier sessions that were open when the cell met, or were finished since it met last.

    The same for a session of today and of a year ago: it reads the reports up to that day. Four queries.
    """
    cells = with_predecessors([session.cell_id])
    earlier = Q(session__day__lt=session.day) | Q(session__day=session.day, session__lt=session.pk)
    tasks = list(SessionTask.unscoped.filter(earlier, cell__in=cells).select_related("session"))
    reports = TaskReport.unscoped.filter(task__in=tasks, day__lte=session.day).order_by("day", "pk")
    by_task: dict[int, list[TaskReport]] = {}
    for report in reports:
        by_task.setdefault(report.task_id, []).append(report)
    last_day = last_met(cells, session)
    found = (carried(task, by_task.get(task.pk, []), session, last_day) for task in tasks)
    return [line for line in found if line]


def last_met(cells: Iterable[int], session: Session) -> dt.date:
    held = Session.unscoped.filter(cell__in=cells, state__in=[State.OPEN, State.CLOSED])
    earlier = held.filter(Q(day__lt=session.day) | Q(day=session.day, pk__lt=session.pk))
    return earlier.order_by("day").values_list("day", flat=True).last() or dt.date.min


def carried(task: SessionTask, reports: list[TaskReport], session: Session, last_day: dt.date) -> CarriedTask | None:
    before, own = Told(), None
    for report in reports:
        if report.session_id == session.pk:
            own = Told(report.state, report.result)
        elif report.session_id is None or report.day < session.day or report.session_id < session.pk:
            before = Told(report.state, report.result)
            # A session that heard of the end keeps it; one that met since then saw it on its list.
            if report.state != TaskState.OPEN and (report.session_id or report.day <= last_day):
                return None
    return CarriedTask(task, before, own or before)


@transaction.atomic
def give(session: Session, fields: Mapping, *, actor: User, request=None) -> SessionTask:
    session = locked(session)
    refuse_unchangeable(session)
    task = SessionTask(session=session, cell_id=session.cell_id)
    fill(task, fields)
    task.save(force_insert=True)
    record("task.given", actor=actor, target=task, detail={"session": session.pk}, request=request)
    return task


@transaction.atomic
def change(task: SessionTask, fields: Mapping, *, version: int, actor: User, request=None) -> SessionTask:
    session = locked(task.session)
    refuse_unchangeable(session)
    task = locked_task(task)
    if task.version != version:
        raise ChangedMeanwhile
    before = described(task)
    fill(task, fields)
    task.version += 1
    task.save()
    record("task.changed", actor=actor, target=task, before=before, after=described(task), request=request)
    return task


@transaction.atomic
def remove(task: SessionTask, *, actor: User, request=None) -> None:
    """A slip of the pen; one that a later session was told of is dropped instead."""
    session = locked(task.session)
    refuse_unchangeable(session)
    if TaskReport.unscoped.filter(task=task).exists():
        raise ReportedLater
    record("task.removed", actor=actor, target=task, before=described(task), request=request)
    SessionTask.unscoped.filter(pk=task.pk).delete()


@transaction.atomic
def tell(task: SessionTask, told: Told, *, version: int, actor: User, request=None) -> SessionTask:
    """Between two sessions, as of today."""
    task = locked_task(task)
    if task.version != version:
        raise ChangedMeanwhile
    if told == Told(task.state, task.result):
        return task
    return note(task, told, None, actor, request)


def tell_in(session: Session, task: SessionTask, told: Told, *, actor: User, request=None) -> None:
    """In a session; called within the transaction that writes its record."""
    note(locked_task(task), told, session, actor, request)


def note(task: SessionTask, told: Told, session: Session | None, actor: User, request) -> SessionTask:
    if told.state == TaskState.DROPPED and not told.result:
        raise NoReason
    values = {
        "day": session.day if session else timezone.localdate(),
        "state": told.state,
        "result": told.result,
        "told_by": actor,
    }
    if session:
        TaskReport.unscoped.update_or_create(task=task, session=session, defaults=values)
    else:
        TaskReport.unscoped.create(task=task, **values)
    follow_reports(task)
    detail = {"session": session.pk if session else None, "state": told.state, "version": task.version}
    record("task.told", actor=actor, target=task, detail=detail, request=request)
    return task


def follow_reports(task: SessionTask) -> None:
    """The task says what the newest report says."""
    last = TaskReport.unscoped.filter(task=task).order_by("day", "pk").last()
    task.state, task.result = (last.state, last.result) if last else (TaskState.OPEN, "")
    task.closed_on = last.day if last and last.state != TaskState.OPEN else None
    task.version += 1
    task.save(update_fields=["state", "result", "closed_on", "version"])


def fill(task: SessionTask, fields: Mapping) -> None:
    for name in FIELDS:
        setattr(task, name, fields[name])
    task.owner_id = roster_of(task.session).get(task.owner_name)


def described(task: SessionTask) -> dict:
    return {name: getattr(task, name) for name in FIELDS}


def locked_task(task: SessionTask) -> SessionTask:
    return SessionTask.unscoped.select_for_update(of=("self",)).select_related("session").get(pk=task.pk)
