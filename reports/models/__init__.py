"""The models of reports, by what they are about; import them from here."""

from reports.models.reports import Artifact, Heartbeat, Notice, Report, ReportQuerySet
from reports.obligations.models import ObligationRule, Waiver

__all__ = ["Artifact", "Heartbeat", "Notice", "ObligationRule", "Report", "ReportQuerySet", "Waiver"]
