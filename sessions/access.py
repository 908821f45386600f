"""Which session, and what may this user do with it? The first line of every view."""

from django.db.models import BooleanField, Case, Value, When
from django.shortcuts import get_object_or_404

from cells.access import dated_facts, require
from cells.reach import AT_THE_CELL, LEADING, MEMBER, SEES_ROSTERS
from sessions.models import AgendaBlock, Session, SessionTask, SessionVote


def seen_session(user, public_id) -> Session:
    return get_object_or_404(with_sight(Session.objects.for_user(user), user), public_id=public_id)


def own_session(user, public_id) -> Session:
    """One of the user's own cell, to prepare and mark."""
    session = seen_session(user, public_id)
    require(works_on(user, session))
    return session


def led_session(user, public_id) -> Session:
    """One that the user may close and reopen."""
    session = seen_session(user, public_id)
    require(leads(user, session))
    return session


def attended_session(user, public_id) -> Session:
    """One of a cell to which the user belongs, to come or to ask leave."""
    session = seen_session(user, public_id)
    require(belongs_to(user, session))
    return session


def own_part(model: type[AgendaBlock] | type[SessionVote], user, public_id):
    """A block or a vote of a session of the user's own cell."""
    part = get_object_or_404(model.objects.for_user(user).select_related("session__cell"), public_id=public_id)
    require(works_on(user, part.session))
    return part


def seen_task(user, public_id) -> SessionTask:
    tasks = SessionTask.objects.for_user(user).select_related("session", "cell", "owner")
    return get_object_or_404(tasks, public_id=public_id)


def own_task(user, public_id) -> SessionTask:
    task = seen_task(user, public_id)
    require(user.reach.acts_at(AT_THE_CELL, task.cell_id))
    return task


def works_on(user, session: Session) -> bool:
    return user.reach.acts_at(AT_THE_CELL, session.cell_id)


def belongs_to(user, session: Session) -> bool:
    return user.reach.acts_at((MEMBER,), session.cell_id)


def leads(user, session: Session) -> bool:
    return user.reach.acts_at(LEADING, session.cell_id)


def with_sight(sessions, user):
    """Adds `shows_counts`: plain members of the cell see when and where it meets, not how many came."""
    sees = dated_facts(user.reach, "cell", "day", own=AT_THE_CELL)
    return sessions.annotate(
        shows_counts=Case(When(sees, then=Value(True)), default=Value(False), output_field=BooleanField())
    )


def reads_record(user, session: Session) -> bool:
    """Record, votes, tasks and names: for those who work at the cell, and for committees and inspectors above it."""
    facts = dated_facts(user.reach, "cell", "day", own=AT_THE_CELL, down=SEES_ROSTERS)
    return works_on(user, session) or Session.unscoped.filter(facts, pk=session.pk).exists()
