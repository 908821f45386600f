"""For the monitor: is the program up, can it work, and does anybody wait unseen? No names, no log-in."""

import datetime as dt

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Min
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cells.jobs.models import UNFINISHED, Job
from reports.models import Bundle, Heartbeat, Report

ALARM_SECONDS = 300


@login_not_required
@require_safe
def healthz(request):
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request):
    """503 when the database does not answer; "alarm" when a report or the background work is older than 5 minutes."""
    try:
        ages = ages_in_seconds()
    except DatabaseError:
        return JsonResponse({"state": "down", "database": False}, status=503)
    return JsonResponse({"state": "alarm" if is_alarming(ages) else "ready", "database": True, **ages})


def is_alarming(ages: dict) -> bool:
    """Nobody swept lately, or a report or a bundle of them waits.

    A sweep takes beat and a worker, or `run_jobs`. What else was seen is told and rings no alarm: it may have had its
    time, as `run_jobs` has once the broker is back.
    """
    swept = ages["heartbeats"].get("sweep")
    return swept is None or max([swept, *waiting_seconds(ages)]) > ALARM_SECONDS


def waiting_seconds(ages: dict) -> list[int]:
    """Of the oldest of each kind that somebody waits for."""
    found = (ages["oldest_unfinished_report"], ages["oldest_unfinished_bundle"])
    return [age for age in found if age is not None]


def ages_in_seconds() -> dict:
    now = timezone.now()
    return {
        "oldest_unfinished_report": oldest_unfinished(Report, now),
        "oldest_unfinished_bundle": oldest_unfinished(Bundle, now),
        "heartbeats": {row.name: int((now - row.at).total_seconds()) for row in Heartbeat.unscoped.order_by("name")},
    }


def oldest_unfinished(jobs: type[Job], now: dt.datetime) -> int | None:
    oldest = jobs.unscoped.filter(state__in=UNFINISHED).aggregate(oldest=Min("created"))["oldest"]
    return int((now - oldest).total_seconds()) if oldest else None
