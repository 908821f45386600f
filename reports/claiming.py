"""Who works on a report: claim, lease, heartbeat. Every later change asks for the token (reliability.md R4)."""

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

from reports.models import Report
from reports.timing import BEAT, DEADLINE, LEASE, MAX_CRASHES, from_now

logger = logging.getLogger(__name__)


def claim(report_id: int, token: uuid.UUID) -> Report | None:
    """Take the row if it waits, or if the lease of the one who had it has run out; one statement, one winner."""
    waiting = Q(state=Report.State.REQUESTED)
    given_up = Q(state=Report.State.RUNNING, lease_until__lt=Now(), crashes__lt=MAX_CRASHES - 1)
    taken = Report.unscoped.filter(waiting | given_up, pk=report_id).update(
        state=Report.State.RUNNING,
        step=Report.Step.WAITING,
        token=token,
        lease_until=from_now(LEASE),
        deadline=from_now(DEADLINE),
        attempts=F("attempts") + 1,
        crashes=F("crashes") + Case(When(state=Report.State.RUNNING, then=Value(1)), default=Value(0)),
        progress=0,
        total=0,
        error="",
    )
    if not taken:
        return None
    return Report.unscoped.select_related("organisation", "requested_by").filter(token=token).first()


def held_by(report_id: int, token: uuid.UUID) -> QuerySet[Report]:
    """The row while this token owns it: changes go through here, and 0 rows mean that somebody else took over."""
    return Report.unscoped.filter(pk=report_id, token=token, state=Report.State.RUNNING)


def extend_lease(report: Report) -> bool:
    """Never beyond the deadline, or an endless job would keep itself alive for ever."""
    in_time = held_by(report.pk, report.token).filter(deadline__gt=Now())
    return in_time.update(lease_until=Least(from_now(LEASE), F("deadline"))) == 1


@contextmanager
def kept_alive(report: Report):
    """Extends the lease from a thread; gives an event that is set once the row is lost to somebody else."""
    lost, finished = threading.Event(), threading.Event()
    thread = threading.Thread(target=beat, args=(report, lost, finished), name=f"lease-{report.pk}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        finished.set()
        thread.join()


def beat(report: Report, lost: threading.Event, finished: threading.Event) -> None:
    try:
        while not finished.wait(BEAT.total_seconds()):
            try:
                if not extend_lease(report):
                    lost.set()
                    return
            except DatabaseError as error:
                # Two more beats fit into the lease; after that the row is another's, and the token says so.
                logger.warning("report %s: lease not extended (%s)", report.pk, type(error).__name__)
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
