"""What is written of a session while it lasts and afterwards, field by field, so that two who write disturb nobody."""

from sessions.models import Session
from sessions.states import State


def may_be_changed(session: Session) -> bool:
    """Whether record, agenda, votes and tasks of the session may still be written: from its opening on."""
    return session.state in {State.OPEN, State.CLOSED}
