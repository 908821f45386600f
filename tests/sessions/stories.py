"""Short sentences that the tests of this folder share."""

import datetime as dt
import uuid

from cells.models import Person
from sessions.closing import mark_closed
from sessions.marking import Marked, save_marks
from sessions.models import COUNTERS, Attendance, Mark, MonthlyRollup, Session

AT_TWO, AT_HALF_PAST_THREE = dt.time(14), dt.time(15, 30)
PRESENT, UNEXCUSED = Marked(Mark.PRESENT), Marked(Mark.UNEXCUSED)
ILL = Marked(Mark.EXCUSED, "ốm")


def person(name: str) -> Person:
    return Person.unscoped.get(full_name=name)


def mark(session: Session, actor, base=None, version=None, is_draft=False, **wanted: Marked) -> Session:
    """`mark(session, hoa, Lan=ILL)`; without a version it is the newest."""
    return save_marks(
        session,
        {person(name).pk: marked for name, marked in wanted.items()},
        version=version or Session.unscoped.get(pk=session.pk).version,
        base={person(name).pk: marked for name, marked in (base or {}).items()},
        is_draft=is_draft,
        actor=actor,
    )


def mark_everybody(session: Session, actor, **exceptions: Marked) -> Session:
    return mark(session, actor, **(dict.fromkeys(("Hoa", "Lan", "Mai"), PRESENT) | exceptions))


def finish(session: Session, actor, **told) -> Session:
    return mark_closed(session, **({"start": AT_TWO, "end": AT_HALF_PAST_THREE} | told), actor=actor)


def marks_of(session: Session) -> dict[str, Marked]:
    rows = Attendance.unscoped.filter(session=session).select_related("person")
    return {row.person.full_name: Marked(row.mark, row.reason) for row in rows}


def counters_of(session: Session) -> dict[str, int]:
    session.refresh_from_db()
    return {name: getattr(session, name) for name in COUNTERS if getattr(session, name)}


def rolled_up(organisation) -> dict[str, int]:
    """What the roll-up of the organisation holds, over all months."""
    names = (*COUNTERS, "sessions", "guests")
    rows = list(MonthlyRollup.unscoped.filter(organisation=organisation).values(*names))
    return {name: total for name in names if (total := sum(row[name] for row in rows))}


def key() -> dict[str, str]:
    return {"form_key": str(uuid.uuid4())}
