"""Asking for a report. The row is the job; it is there once the requester's transaction commits."""

from django.db import transaction
from django.db.models import Q

from accounts.auditing import record
from accounts.models import User
from cells.jobs.ending import FRESH_COUNTERS
from cells.jobs.models import UNFINISHED
from cells.jobs.ringing import ring_on_commit
from cells.models import Organisation
from reports.models import UNSIGNED, Notice, Report
from reports.periods import Period
from resolutions.models import StudyConference

GIVEN_UP = (Report.State.FAILED, Report.State.CANCELLED)


def request_report(
    organisation: Organisation,
    period: Period,
    user: User | None,
    revision: int = 1,
    conference: StudyConference | None = None,
) -> Report:
    """The report of this organisation, period, cut-off and revision: the one there is, else a new request."""
    with transaction.atomic():
        report, is_new = Report.unscoped.get_or_create(
            organisation=organisation,
            period=period.code,
            until=period.until,
            revision=revision,
            conference=conference,
            defaults={"requested_by": user},
        )
        if is_new:
            record("report_requested", actor=user, target=report)
            ring_on_commit(report)
    return report


def renew(report: Report, user: User | None) -> Report:
    """Make the file of a draft once more, on what it says now; a signed report keeps the one it has."""
    with transaction.atomic():
        drafts = Report.unscoped.filter(pk=report.pk, stage__in=UNSIGNED, state__in=[Report.State.DONE, *GIVEN_UP])
        if drafts.update(**FRESH_COUNTERS, requested_by=user, priority=Report.Priority.ASKED):
            Notice.unscoped.filter(report=report).delete()
            record("report_retried", actor=user, target=report)
            ring_on_commit(report)
    report.refresh_from_db()
    return report


def retry(report: Report, user: User | None) -> Report:
    """Put a failed report back into the queue with fresh counters, for whoever asks now; otherwise leave it alone."""
    with transaction.atomic():
        failed = Report.unscoped.filter(pk=report.pk, state=Report.State.FAILED)
        revived = failed.update(**FRESH_COUNTERS, requested_by=user)
        if revived:
            Notice.unscoped.filter(report=report).delete()  # the new outcome is told anew
            record("report_retried", actor=user, target=report)
            ring_on_commit(report)
    report.refresh_from_db()
    return report


def waiting_before(report: Report) -> int:
    """How many come first, whoever asked for them: a number for those who wait."""
    before = Q(priority__lt=report.priority) | Q(priority=report.priority, pk__lt=report.pk)
    return Report.unscoped.filter(before, state__in=UNFINISHED).count()
