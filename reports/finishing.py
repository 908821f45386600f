"""The ways an attempt ends. Each is one fenced update, and what belongs to it is written in the same transaction."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.auditing import record
from reports.claiming import held_by
from reports.models import Artifact, Notice, Report
from reports.timing import MAX_CRASHES, MAX_ERRORS

IDLE_AGAIN = {
    "state": Report.State.REQUESTED,
    "step": Report.Step.WAITING,
    "token": None,
    "lease_until": None,
    "deadline": None,
    "rings": 0,
    "rung_at": None,
}
AFTER_A_PAUSE = IDLE_AGAIN | {"rings": 1, "rung_at": Now()}  # a full disk is not free again a moment later


@transaction.atomic
def finish(report: Report, path: str, size: int, sha256: str, figures) -> bool:
    """Done, with its one file; False if the row was lost meanwhile and the file is nobody's."""
    done = held_by(report.pk, report.token).update(
        state=Report.State.DONE,
        step=Report.Step.WAITING,
        lease_until=None,
        deadline=None,
        error="",
        figures=figures,
        finished=Now(),
    )
    if not done:
        return False
    Artifact.unscoped.create(report=report, path=path, size=size, sha256=sha256)
    tell(report)
    record("report_done", actor=report.requested_by, target=report, detail={"sha256": sha256})
    return True


def give_back(report: Report) -> None:
    """Interrupted in good order (the worker is told to stop): waits again, nothing counted against it."""
    held_by(report.pk, report.token).update(**IDLE_AGAIN)


@transaction.atomic
def count_error(report: Report, reason: str, *, is_final: bool = False) -> None:
    """The attempt ended with a reason: tried again a few times, unless trying again cannot help."""
    held = held_by(report.pk, report.token)
    if not is_final and held.filter(errors__lt=MAX_ERRORS - 1).update(
        **AFTER_A_PAUSE, errors=F("errors") + 1, error=reason[:300]
    ):
        return
    fail(report, held, reason, errors=F("errors") + 1)


@transaction.atomic
def count_crash(rows: QuerySet[Report], report: Report) -> bool:
    """The attempt ended with nobody to say why. `rows` is the fence: the row, as long as it is still the dead one's."""
    if rows.filter(crashes__lt=MAX_CRASHES - 1).update(**IDLE_AGAIN, crashes=F("crashes") + 1):
        return True
    reason = _("Việc lập báo cáo bị ngắt quá nhiều lần nên đã dừng. Hãy báo người quản trị hệ thống.")
    return fail(report, rows, reason, crashes=F("crashes") + 1)


def fail(report: Report, rows: QuerySet[Report], reason: str, **counters) -> bool:
    failed = rows.update(
        state=Report.State.FAILED,
        step=Report.Step.WAITING,
        lease_until=None,
        deadline=None,
        error=reason[:300],
        finished=Now(),
        **counters,
    )
    if failed:
        tell(report)
        record("report_failed", actor=report.requested_by, target=report, detail={"reason": reason[:300]})
    return bool(failed)


def tell(report: Report) -> None:
    Notice.unscoped.create(report=report, user=report.requested_by)
