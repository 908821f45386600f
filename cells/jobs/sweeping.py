"""Finds what no message will come for: rows nobody rang for, and rows whose worker is dead. Harmless when run twice."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from cells.jobs.claiming import forget, held, is_dead
from cells.jobs.ending import count_crash
from cells.jobs.kinds import KINDS
from cells.jobs.models import Job, JobState
from cells.jobs.ringing import ring
from cells.jobs.timing import IDLE, RING_AGAIN, RING_AT_LEAST, ago

logger = logging.getLogger(__name__)

AT_START = 8  # rows of a kind rung for when a worker starts; each finished job then rings for the next
AT_ONCE = 100


def sweep_jobs(*, is_start: bool = False) -> None:
    for kind in KINDS:
        release_dead(kind.model)
        if is_start:
            ring_first(kind.model)
        ring_forgotten(kind.model)


def ring_first(jobs: type[Job]) -> int:
    """A worker has started: its predecessor may have taken the last messages with it, also those of a moment ago."""
    waiting = jobs.unscoped.filter(state=JobState.REQUESTED).order_by(*jobs.IN_TURN, "id")
    return ring(jobs, list(waiting.values_list("pk", flat=True)[:AT_START]), even_fresh=True)


def release_dead(jobs: type[Job]) -> int:
    """Rows whose lease has run out, or whose worker was killed on this machine, wait again or fail for good."""
    running = jobs.unscoped.filter(state=JobState.RUNNING)
    return sum(release(job) for job in running)


def release(job: Job) -> bool:
    rows = held(job)
    if not is_dead(job.token):
        rows = rows.filter(lease_until__lt=Now())
    if not count_crash(rows, job):
        return False
    logger.warning("%s %s: its worker is gone", type(job).__name__, job.pk)
    forget(job.token)
    return True


def ring_forgotten(jobs: type[Job]) -> int:
    waiting = jobs.unscoped.filter(state=JobState.REQUESTED).order_by(*jobs.IN_TURN, "id")
    due = list(waiting.filter(overdue(RING_AGAIN)).values_list("pk", flat=True)[:AT_ONCE])
    if not due and not somebody_works(jobs):
        # The broker lost all messages between two jobs: one ring starts the chain again (ringing.ring_next).
        oldest = waiting.values_list("pk", flat=True)[:1]
        due = list(jobs.unscoped.filter(overdue(IDLE), pk__in=list(oldest)).values_list("pk", flat=True))
    return ring(jobs, due) if due else 0


def overdue(first_wait: timedelta) -> Q:
    """Rows not rung for since `first_wait`, doubled with each ring up to half an hour."""
    never = Q(rung_at__isnull=True)
    waits = doubled(first_wait)
    due = [Q(rings__lte=rings, rung_at__lt=ago(wait)) for rings, wait in enumerate(waits, start=1)]
    due[-1] = Q(rung_at__lt=ago(waits[-1]))
    condition = never
    for one in due:
        condition |= one
    return condition


def doubled(first_wait: timedelta) -> list[timedelta]:
    waits = [first_wait]
    while waits[-1] < RING_AT_LEAST:
        waits.append(min(waits[-1] * 2, RING_AT_LEAST))
    return waits


def somebody_works(jobs: type[Job]) -> bool:
    return jobs.unscoped.filter(state=JobState.RUNNING, lease_until__gte=Now()).exists()
