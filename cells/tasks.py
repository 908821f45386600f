"""What Celery calls by the clock."""

from celery import shared_task

from cells.uploads import scanning


@shared_task
def scan_uploads() -> None:
    scanning.scan_waiting()
