"""The models of reports, by what they are about; import them from here."""

from reports.models.bundles import Bundle, BundleQuerySet
from reports.models.laying import ExecutiveEntry
from reports.models.reports import (
    UNSIGNED,
    Artifact,
    Heartbeat,
    Notice,
    Report,
    ReportMove,
    ReportQuerySet,
    ReportScan,
    ReportScanQuerySet,
    ReportWording,
    ReportWordingQuerySet,
    SignerPost,
    Stage,
)
from reports.models.routes import ReportRoute, ReportSpan
from reports.models.runs import ReportRun, ReportRunQuerySet
from reports.models.targets import Target
from reports.obligations.models import Letter, ObligationRule, Reminder, ReminderChoice, Waiver

__all__ = [
    "UNSIGNED",
    "Artifact",
    "Bundle",
    "BundleQuerySet",
    "ExecutiveEntry",
    "Heartbeat",
    "Letter",
    "Notice",
    "ObligationRule",
    "Reminder",
    "ReminderChoice",
    "Report",
    "ReportMove",
    "ReportQuerySet",
    "ReportRoute",
    "ReportRun",
    "ReportRunQuerySet",
    "ReportScan",
    "ReportScanQuerySet",
    "ReportSpan",
    "ReportWording",
    "ReportWordingQuerySet",
    "SignerPost",
    "Stage",
    "Target",
    "Waiver",
]
