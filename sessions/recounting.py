"""Brings closed sessions back in step with a corrected roster, in the transaction of the correction (figures.md).

"Expected" always agrees with the roll-call of a closed session: who is no longer expected goes off it, who is expected
now needs a mark, and the counters and the roll-up follow.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.auditing import record
from accounts.models import User
from cells.dependants import Dependants, MarksMissing, Span, SpanChange
from cells.models import Person
from sessions.closing import counters_of
from sessions.counting import add_to_rollup, count_roll_call
from sessions.models import PRESENT_MARKS, Attendance, Mark, Session
from sessions.opening import RosterChange, apply, roster_change
from sessions.states import locked

MARKS = Mapping[tuple[Any, int], tuple[str, str]]


class ClosedSessions(Dependants):
    label = gettext_lazy("buổi sinh hoạt đã kết thúc")

    def on_spans_changed(
        self,
        changes: Sequence[SpanChange],
        *,
        actor: User,
        reason: str,
        request=None,
        marks: MARKS | None = None,
    ) -> None:
        touched = [(session, change) for session in touched_by(changes) if (change := roster_change(session))]
        refuse_without_marks(touched, marks or {})
        for session, change in touched:
            recount(session, change, marks or {}, actor=actor, reason=reason, request=request)

    def merge_people(self, kept: Person, duplicate: Person, *, actor: User, request=None) -> None:
        for session in Session.unscoped.filter(roll_call__person=duplicate).order_by("day", "pk"):
            merge_marks(session, kept, duplicate, actor=actor, request=request)
        for relation in Person._meta.related_objects:
            if relation.related_model._meta.app_label == Session._meta.app_label:
                hand_over(relation, kept, duplicate)


def touched_by(changes: Sequence[SpanChange]) -> list[Session]:
    condition = Q(pk__in=[])
    for span in spans_of(changes):
        days = Q(day__gte=span.first_day) & (Q(day__lte=span.last_day) if span.last_day else Q())
        condition |= Q(cell=span.cell) & days
    return list(Session.unscoped.closed().filter(condition).order_by("day", "pk"))


def spans_of(changes: Sequence[SpanChange]) -> Iterable[Span]:
    return (span for change in changes for span in (change.before, change.after) if span is not None)


def refuse_without_marks(touched: list[tuple[Session, RosterChange]], marks: MARKS) -> None:
    wanting = [
        (session, person)
        for session, change in touched
        for person in sorted(change.added)
        if not is_mark(marks.get((session.public_id, person)))
    ]
    if not wanting:
        return
    people = Person.unscoped.in_bulk([person for _session, person in wanting])
    raise MarksMissing([(session.public_id, named(session), people[person]) for session, person in wanting])


def is_mark(answer: tuple[str, str] | None) -> bool:
    return answer is not None and answer[0] in Mark.values and answer[0] != Mark.UNMARKED


def named(session: Session) -> str:
    told = {"kind": session.get_kind_display(), "day": f"{session.day:%d/%m/%Y}"}
    return _("Sinh hoạt %(kind)s ngày %(day)s") % told


def recount(session: Session, change: RosterChange, marks: MARKS, *, actor: User, reason: str, request) -> None:
    session = locked(session)
    before = counters_of(session)
    add_to_rollup(session, times=-1)
    apply(session, change)
    for person in change.added:
        mark, why = marks[session.public_id, person]
        row = Attendance.unscoped.filter(session=session, person=person)
        row.update(mark=mark, reason=why if mark == Mark.EXCUSED else "")
    store_counters(session)
    record(
        "session.recounted",
        actor=actor,
        target=session,
        detail={
            "before": before,
            "after": counters_of(session),
            "added": sorted(change.added),
            "removed": sorted(change.removed),
        },
        after={"reason": reason},
        request=request,
    )


def store_counters(session: Session) -> None:
    counters = count_roll_call(session)
    Session.unscoped.filter(pk=session.pk).update(version=F("version") + 1, **counters)
    session.refresh_from_db()
    add_to_rollup(session)


def merge_marks(session: Session, kept: Person, duplicate: Person, *, actor: User, request) -> None:
    """The duplicate's mark becomes the person's; of two, being present outweighs being absent."""
    session = locked(session)
    rows = {row.person_id: row for row in session.roll_call.filter(person__in=[kept, duplicate])}
    extra, own = rows[duplicate.pk], rows.get(kept.pk)
    before = counters_of(session)
    if session.is_closed:
        add_to_rollup(session, times=-1)
    if own is None:
        Attendance.unscoped.filter(pk=extra.pk).update(person=kept)
    else:
        extra.delete()
        if extra.mark in PRESENT_MARKS and own.mark not in PRESENT_MARKS:
            Attendance.unscoped.filter(pk=own.pk).update(mark=extra.mark, reason="")
    if session.is_closed:
        store_counters(session)
    detail = {"kept": kept.pk, "duplicate": duplicate.pk, "before": before, "after": counters_of(session)}
    record("session.marks_merged", actor=actor, target=session, detail=detail, request=request)


def hand_over(relation, kept: Person, duplicate: Person) -> None:
    """Tasks, chairs and the like; where the person has the same row already, the second one goes."""
    name = relation.field.name
    for row in relation.related_model._base_manager.filter(**{name: duplicate}):
        try:
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**{name: kept})
        except IntegrityError:
            row.delete()
