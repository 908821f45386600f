"""Ringing Celery: only the row's id goes through the broker, and a ring that fails or is lost harms nothing."""

import itertools
import logging
from functools import partial

from celery import current_app
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from cells.jobs.models import Job, JobState
from cells.jobs.timing import FRESH, ago

logger = logging.getLogger(__name__)

# One attempt, given up in time for a page that answers within half a second.
PATIENCE = {"socket_connect_timeout": 0.15, "socket_timeout": 0.15}
NO_PAUSE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
failures = itertools.count(1)


def ring(jobs: type[Job], keys, *, even_fresh: bool = False) -> int:
    """Tell the workers about these rows; how many could be told. Never raises because of the broker."""
    told = 0
    try:
        # A new connection each time: one kept since before a restart of the broker would fail first.
        with current_app.connection_for_write(transport_options=PATIENCE | NO_PAUSE) as connection:
            connection.ensure_connection(**NO_PAUSE)
            for key in keys:
                told += ring_row(jobs, key, connection, even_fresh)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - each transport has errors of its own, and no ring is worth a failed page
        logger.warning("broker not reached (%s), failure %s of this process", type(error).__name__, next(failures))
    return told


def ring_row(jobs: type[Job], pk: int, connection, even_fresh: bool) -> bool:
    """Marked before it is sent, so that of two sweepers one rings; the mark is taken back if sending fails."""
    waiting = jobs.unscoped.filter(pk=pk, state=JobState.REQUESTED)
    due = waiting if even_fresh else waiting.filter(not_fresh())
    if not due.update(rung_at=Now(), rings=F("rings") + 1):
        return False
    try:
        current_app.send_task(jobs.TASK, args=[pk], connection=connection, retry=False)
    except Exception:
        waiting.filter(rings__gt=0).update(rung_at=None, rings=F("rings") - 1)
        raise
    return True


def ring_next(jobs: type[Job]) -> int:
    """Ring for one more waiting row, the one not rung for the longest; a pause after an error is kept.

    A worker that has finished a job calls this: a chain once begun works off everything, also after the broker lost
    all other messages. A row that was also announced by a message of its own costs one update that changes nothing.
    """
    waiting = jobs.unscoped.filter(Q(errors=0) | not_fresh(), state=JobState.REQUESTED)
    in_turn = waiting.order_by(*jobs.IN_TURN, F("rung_at").asc(nulls_first=True), "id")
    keys = list(in_turn.values_list("pk", flat=True)[:1])
    return ring(jobs, keys, even_fresh=True) if keys else 0


def not_fresh() -> Q:
    return Q(rung_at__isnull=True) | Q(rung_at__lt=ago(FRESH))


def ring_on_commit(job: Job) -> None:
    transaction.on_commit(partial(ring, type(job), [job.pk]), robust=True)
