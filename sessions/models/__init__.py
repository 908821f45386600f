"""The models of sessions, by what they are about; import them from here."""

from sessions.models.agenda import AgendaBlock, AgendaTemplate, AgendaTemplateBlock, Part
from sessions.models.handbook import HandbookBlock, HandbookPart
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
from sessions.models.papers import (
    AdoptedPaper,
    CellResolution,
    PaperCorrection,
    PaperFile,
    PaperKind,
    SignerPost,
)
from sessions.models.preparing import (
    AnnouncedAbsence,
    CalendarFeed,
    Readiness,
    ReadinessTick,
    SessionNotice,
    SignedSheet,
)
from sessions.models.rating import Criterion, Measure, RatingRow, Rubric, SessionRating
from sessions.models.record import SessionRecord, SessionTask, SessionVote, TaskReport, TaskState
from sessions.models.ruling import LAST_DAY_OF_EVERY_MONTH, Holiday, RuleSubject, SessionRule, Shift, Sureness
from sessions.models.themes import PlannedTheme, ThematicPlan, ThemeMethod

__all__ = [
    "COUNTERS",
    "LAST_DAY_OF_EVERY_MONTH",
    "PRESENT_MARKS",
    "REGULAR_KINDS",
    "THEMATIC_KINDS",
    "AdoptedPaper",
    "AgendaBlock",
    "AgendaTemplate",
    "AgendaTemplateBlock",
    "AnnouncedAbsence",
    "Attendance",
    "CalendarFeed",
    "CellResolution",
    "Counters",
    "Criterion",
    "HandbookBlock",
    "HandbookPart",
    "Holiday",
    "Mark",
    "Measure",
    "MonthlyRollup",
    "PaperCorrection",
    "PaperFile",
    "PaperKind",
    "Part",
    "PlannedTheme",
    "RatingRow",
    "Readiness",
    "ReadinessTick",
    "Rubric",
    "RuleSubject",
    "Session",
    "SessionKind",
    "SessionNotice",
    "SessionRating",
    "SessionRecord",
    "SessionRule",
    "SessionTask",
    "SessionVote",
    "Shift",
    "SignedSheet",
    "SignerPost",
    "Sureness",
    "TaskReport",
    "TaskState",
    "ThematicPlan",
    "ThemeMethod",
]
