"""Asking for a report. The row is the job; it is there once the requester's transaction commits."""

from django.db import transaction

from accounts.auditing import record
from accounts.models import User
from cells.jobs.ending import FRESH_COUNTERS
from cells.jobs.models import UNFINISHED
from cells.jobs.ringing import ring_on_commit
from cells.models import Organisation
from reports.models import Notice, Report
from reports.periods import Period


def request_report(organisation: Organisation, period: Period, user: User | None, revision: int = 1) -> Report:
    """The report of this organisation, period, cut-off and revision: the one there is, else a new request."""
    with transaction.atomic():
        report, is_new = Report.unscoped.get_or_create(
            organisation=organisation,
            period=period.code,
            until=period.until,
            revision=revision,
            defaults={"requested_by": user},
        )
        if is_new:
            record("report_requested", actor=user, target=report)
            ring_on_commit(report)
    return report


def request_again(report: Report, user: User | None) -> Report:
    """The next revision of a report, on the figures as they stand now; asked twice, it is the same one."""
    period = Period.parse(report.period, report.until)
    return request_report(report.organisation, period, user, report.revision + 1)


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
    return Report.unscoped.filter(state__in=UNFINISHED, pk__lt=report.pk).count()
