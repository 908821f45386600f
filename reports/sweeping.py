"""Finds what no message will come for: rows nobody rang for, and rows whose worker is dead. Harmless when run twice."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from reports.claiming import forget, held_by, is_dead
from reports.finishing import count_crash
from reports.models import Heartbeat, Report
from reports.ringing import ring
from reports.timing import IDLE, RING_AGAIN, RING_AT_LEAST, ago

logger = logging.getLogger(__name__)

AT_START = 8  # rows rung for when a worker starts; each finished job then rings for the next
AT_ONCE = 100


def sweep(*, is_start: bool = False) -> None:
    seen("sweep")
    release_dead()
    if is_start:
        ring_first()
    ring_forgotten()


def ring_first() -> int:
    """A worker has started: its predecessor may have taken the last messages with it, also those of a moment ago."""
    waiting = Report.unscoped.filter(state=Report.State.REQUESTED).order_by("id")
    return ring(list(waiting.values_list("pk", flat=True)[:AT_START]), even_fresh=True)


def release_dead() -> int:
    """Rows whose lease has run out, or whose worker was killed on this machine, wait again or fail for good."""
    running = Report.unscoped.filter(state=Report.State.RUNNING).select_related("requested_by")
    return sum(release(report) for report in running)


def release(report: Report) -> bool:
    rows = held_by(report.pk, report.token)
    if not is_dead(report.token):
        rows = rows.filter(lease_until__lt=Now())
    if not count_crash(rows, report):
        return False
    logger.warning("report %s: its worker is gone", report.pk)
    forget(report.token)
    return True


def ring_forgotten() -> int:
    waiting = Report.unscoped.filter(state=Report.State.REQUESTED).order_by("id")
    due = list(waiting.filter(overdue(RING_AGAIN)).values_list("pk", flat=True)[:AT_ONCE])
    if not due and not somebody_works():
        # The broker lost all messages between two jobs: one ring starts the chain again (ringing.ring_next).
        oldest = waiting.values_list("pk", flat=True)[:1]
        due = list(Report.unscoped.filter(overdue(IDLE), pk__in=list(oldest)).values_list("pk", flat=True))
    return ring(due) if due else 0


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


def somebody_works() -> bool:
    return Report.unscoped.filter(state=Report.State.RUNNING, lease_until__gte=Now()).exists()


def seen(name: str) -> None:
    """When sweeper or beat were last seen."""
    Heartbeat.unscoped.bulk_create(
        [Heartbeat(name=name, at=Now())], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )
