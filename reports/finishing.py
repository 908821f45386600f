"""Publishes a finished report: one fenced update, with its file, its notice and its audit entry."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.auditing import record
from cells.jobs.claiming import held
from reports.models import Artifact, Report


@transaction.atomic
def finish(report: Report, figures, path: str, size: int, sha256: str) -> bool:
    """Done, with its one file; False if the row was lost meanwhile and the file is nobody's."""
    kept = {} if report.is_signed else {"figures": figures}  # those of a signed paper are fixed already
    done = held(report).update(
        state=Report.State.DONE,
        step=Report.Step.WAITING,
        lease_until=None,
        deadline=None,
        error="",
        finished=Now(),
        **kept,
    )
    if not done:
        return False
    # A draft may have had a file before; that one lies about until the collector comes.
    file = {"path": path, "size": size, "sha256": sha256}
    Artifact.unscoped.update_or_create(report=report, defaults=file)
    report.tell()
    record("report_done", actor=report.requested_by, target=report, detail={"sha256": sha256})
    return True
