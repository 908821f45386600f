"""The models of reports, by what they are about; import them from here."""

from reports.models.reports import Artifact, Heartbeat, Notice, Report, ReportQuerySet

__all__ = ["Artifact", "Heartbeat", "Notice", "Report", "ReportQuerySet"]
