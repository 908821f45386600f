"""One round of the sweeper, and when it was last seen."""

from django.db.models.functions import Now

from cells.jobs.sweeping import sweep_jobs
from reports.models import Heartbeat


def sweep(*, is_start: bool = False) -> None:
    seen("sweep")
    sweep_jobs(is_start=is_start)


def seen(name: str) -> None:
    """When sweeper or beat were last seen."""
    Heartbeat.unscoped.bulk_create(
        [Heartbeat(name=name, at=Now())], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )
