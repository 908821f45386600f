"""Who works on a row: claim, lease, heartbeat. Every later change asks for the token (reliability.md R4)."""

import fcntl
import logging
import threading
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Least, Now

from cells.jobs.models import Job, JobState
from cells.jobs.timing import BEAT, DEADLINE, LEASE, MAX_CRASHES, from_now

logger = logging.getLogger(__name__)


def claim(jobs: type[Job], pk: int, token: uuid.UUID) -> Job | None:
    """Take the row if it waits, or if the lease of the one who had it has run out; one statement, one winner."""
    waiting = Q(state=JobState.REQUESTED)
    given_up = Q(state=JobState.RUNNING, lease_until__lt=Now(), crashes__lt=MAX_CRASHES - 1)
    taken = jobs.unscoped.filter(waiting | given_up, pk=pk).update(
        state=JobState.RUNNING,
        step="",
        token=token,
        lease_until=from_now(LEASE),
        deadline=from_now(DEADLINE),
        attempts=F("attempts") + 1,
        crashes=F("crashes") + Case(When(state=JobState.RUNNING, then=Value(1)), default=Value(0)),
        progress=0,
        total=0,
        error="",
    )
    return jobs.unscoped.filter(token=token).first() if taken else None


def held(job: Job) -> QuerySet:
    """The row while its token owns it: changes go through here, and 0 rows mean that somebody else took over."""
    return type(job).unscoped.filter(pk=job.pk, token=job.token, state=JobState.RUNNING)


def extend_lease(job: Job) -> bool:
    """Never beyond the deadline, or an endless job would keep itself alive for ever."""
    in_time = held(job).filter(deadline__gt=Now())
    return in_time.update(lease_until=Least(from_now(LEASE), F("deadline"))) == 1


@contextmanager
def kept_alive(job: Job):
    """Extends the lease from a thread; gives an event that is set once the row is lost to somebody else."""
    lost, finished = threading.Event(), threading.Event()
    thread = threading.Thread(target=beat, args=(job, lost, finished), name=f"lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        finished.set()
        thread.join()


def beat(job: Job, lost: threading.Event, finished: threading.Event) -> None:
    try:
        while not finished.wait(BEAT.total_seconds()):
            try:
                if not extend_lease(job):
                    lost.set()
                    return
            except DatabaseError as error:
                # Two more beats fit into the lease; after that the row is another's, and the token says so.
                logger.warning("%s %s: lease not extended (%s)", type(job).__name__, job.pk, type(error).__name__)
                connection.close()
    finally:
        connection.close()  # this thread's own


@contextmanager
def sign_of_life(token: uuid.UUID):
    """A locked file for as long as this process works under `token`; the kernel lets go of it when the process dies.

    So a sweeper on the same machine need not wait for the lease of a worker that was killed.
    """
    path = sign_path(token)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def is_dead(token: uuid.UUID) -> bool:
    """True if the worker under `token` was killed on this machine; False if it lives or nothing is known of it."""
    path = sign_path(token)
    with suppress(OSError), path.open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return path.exists()  # gone: it ended in good order between our opening and our locking
    return False


def forget(token: uuid.UUID) -> None:
    sign_path(token).unlink(missing_ok=True)


def sign_path(token: uuid.UUID) -> Path:
    return settings.DATA_DIR / "leases" / token.hex
