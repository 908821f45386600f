"""One round of the sweeper, and when it was last seen."""

import datetime as dt

from django.db.models.functions import Now
from django.utils import timezone

from cells.jobs.sweeping import sweep_jobs
from reports.models import Heartbeat


def sweep(*, is_start: bool = False) -> None:
    seen("sweep")
    sweep_jobs(is_start=is_start)


def claim(name: str, every: dt.timedelta) -> bool:
    """Whether this is due again; of several processes that ask at once, one hears yes."""
    _row, is_first = Heartbeat.unscoped.get_or_create(name=name, defaults={"at": Now()})
    late = Heartbeat.unscoped.filter(name=name, at__lte=timezone.now() - every)
    return is_first or bool(late.update(at=Now()))


def seen(name: str) -> None:
    """When sweeper or beat were last seen."""
    Heartbeat.unscoped.bulk_create(
        [Heartbeat(name=name, at=Now())], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )
