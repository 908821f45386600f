"""The models of sessions, by what they are about; import them from here."""

from sessions.models.agenda import AgendaBlock, AgendaTemplate, AgendaTemplateBlock, Method, Part
from sessions.models.meeting import (
    COUNTERS,
    PRESENT_MARKS,
    REGULAR_KINDS,
    THEMATIC_KINDS,
    Attendance,
    Counters,
    Mark,
    MonthlyRollup,
    Session,
    SessionKind,
)
from sessions.models.record import SessionRecord, SessionTask, SessionVote, TaskReport, TaskState

__all__ = [
    "COUNTERS",
    "PRESENT_MARKS",
    "REGULAR_KINDS",
    "THEMATIC_KINDS",
    "AgendaBlock",
    "AgendaTemplate",
    "AgendaTemplateBlock",
    "Attendance",
    "Counters",
    "Mark",
    "Method",
    "MonthlyRollup",
    "Part",
    "Session",
    "SessionKind",
    "SessionRecord",
    "SessionTask",
    "SessionVote",
    "TaskReport",
    "TaskState",
]
