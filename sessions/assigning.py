"""Names who chairs a session and who takes its minutes, from the roster; it gives nobody another right."""

from collections.abc import Mapping

from django.db import transaction

from accounts.auditing import record
from accounts.models import User
from sessions.models import Session, SessionRecord
from sessions.naming import roster_of
from sessions.states import ChangedMeanwhile, NotPlanned, State, locked

DUTIES = {"chair_name": "chair_id", "minute_taker_name": "minute_taker_id"}


def duties_of(session: Session) -> dict:
    """With the version on which a change is based; 0: nothing is written of this session yet."""
    row = SessionRecord.unscoped.filter(session=session).first() or SessionRecord(session=session, version=0)
    return {name: getattr(row, name) for name in DUTIES} | {"version": row.version}


@transaction.atomic
def assign(session: Session, names: Mapping[str, str], *, version: int, actor: User, request=None) -> None:
    session = locked(session)
    if session.state not in {State.PLANNED, State.OPEN}:
        raise NotPlanned
    row = SessionRecord.unscoped.filter(session=session).first() or SessionRecord(session=session, version=0)
    if row.version != version:
        raise ChangedMeanwhile
    people = roster_of(session)
    before = {name: getattr(row, name) for name in DUTIES}
    for name, key in DUTIES.items():
        setattr(row, name, names[name])
        setattr(row, key, people.get(names[name]))
    row.version += 1
    row.changed_by = actor
    row.save()
    record("session.assigned", actor=actor, target=session, before=before, after=dict(names), request=request)
