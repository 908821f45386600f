"""The ways an attempt ends without its result. Each is one fenced update, told in the same transaction."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from cells.jobs.claiming import held
from cells.jobs.models import Job, JobState
from cells.jobs.timing import MAX_CRASHES, MAX_ERRORS

IDLE_AGAIN = {
    "state": JobState.REQUESTED,
    "step": "",
    "token": None,
    "lease_until": None,
    "deadline": None,
    "rings": 0,
    "rung_at": None,
}
AFTER_A_PAUSE = IDLE_AGAIN | {"rings": 1, "rung_at": Now()}  # a full disk is not free again a moment later
FRESH_COUNTERS = IDLE_AGAIN | {
    "progress": 0,
    "total": 0,
    "error": "",
    "attempts": 0,
    "crashes": 0,
    "errors": 0,
    "finished": None,
}


def give_back(job: Job) -> None:
    """Interrupted in good order (the worker is told to stop): waits again, nothing counted against it."""
    held(job).update(**IDLE_AGAIN)


@transaction.atomic
def count_error(job: Job, reason: str, *, is_final: bool = False) -> None:
    """The attempt ended with a reason: tried again a few times, unless trying again cannot help."""
    rows = held(job)
    if not is_final and rows.filter(errors__lt=MAX_ERRORS - 1).update(
        **AFTER_A_PAUSE, errors=F("errors") + 1, error=reason[:300]
    ):
        return
    fail(job, rows, reason, errors=F("errors") + 1)


@transaction.atomic
def count_crash(rows: QuerySet, job: Job) -> bool:
    """The attempt ended with nobody to say why. `rows` is the fence: the row, as long as it is still the dead one's."""
    if rows.filter(crashes__lt=MAX_CRASHES - 1).update(**IDLE_AGAIN, crashes=F("crashes") + 1):
        return True
    return fail(job, rows, job.interrupted(), crashes=F("crashes") + 1)


def fail(job: Job, rows: QuerySet, reason: str, **counters) -> bool:
    failed = rows.update(
        state=JobState.FAILED,
        step="",
        lease_until=None,
        deadline=None,
        error=reason[:300],
        finished=Now(),
        **counters,
    )
    if failed:
        job.has_failed(reason[:300])
    return bool(failed)
