from resolutions.models.conferences import (
    Audience,
    ConferenceNotice,
    Mode,
    ReceivingSite,
    StudyAttendance,
    StudyConference,
    reports_for,
)
from resolutions.models.documents import (
    HANDS_OVER,
    KEEPERS,
    Document,
    Outline,
    OutlineWords,
    PaperHandover,
    Receipt,
    keeps_at,
    may_read_all_outlines,
    places_of,
    put_up_for,
)
from resolutions.models.follow_ups import Evidence, FollowUp
from resolutions.models.quizzes import Option, Question, QuizParticipation
from resolutions.models.rules import ConferenceRule
from resolutions.models.tallies import StatedTally

__all__ = [
    "HANDS_OVER",
    "KEEPERS",
    "Audience",
    "ConferenceNotice",
    "ConferenceRule",
    "Document",
    "Evidence",
    "FollowUp",
    "Mode",
    "Option",
    "Outline",
    "OutlineWords",
    "PaperHandover",
    "Question",
    "QuizParticipation",
    "Receipt",
    "ReceivingSite",
    "StatedTally",
    "StudyAttendance",
    "StudyConference",
    "keeps_at",
    "may_read_all_outlines",
    "places_of",
    "put_up_for",
    "reports_for",
]
