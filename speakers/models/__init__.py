"""Rosters of those who may speak, their teams and turns, and the books in which their work is followed."""

from speakers.models.levels import LevelSpan
from speakers.models.records import (
    Audience,
    ClassTarget,
    CommendedModel,
    CountedResult,
    HeldActivity,
    RecurringDuty,
    RegisteredTask,
    TrainingClass,
)
from speakers.models.rosters import (
    Held,
    Level,
    ReviewItem,
    RosterReview,
    SpeakerAppointment,
    SpeakerKind,
)
from speakers.models.teams import (
    SpeakerAbsence,
    SpeakerTeam,
    TeamMember,
    TeamRules,
    Turn,
    TurnSwap,
)

__all__ = [
    "Audience",
    "ClassTarget",
    "CommendedModel",
    "CountedResult",
    "Held",
    "HeldActivity",
    "Level",
    "LevelSpan",
    "RecurringDuty",
    "RegisteredTask",
    "ReviewItem",
    "RosterReview",
    "SpeakerAbsence",
    "SpeakerAppointment",
    "SpeakerKind",
    "SpeakerTeam",
    "TeamMember",
    "TeamRules",
    "TrainingClass",
    "Turn",
    "TurnSwap",
]
