"""What Celery calls. State lives in the rows; these only load and delegate."""

from celery import shared_task

from cells.importing.working import work
from cells.jobs.ringing import ring_next
from cells.models import ImportBatch
from cells.uploads import scanning


@shared_task
def work_on_import(pk: int) -> None:
    if work(pk):
        ring_next(ImportBatch)


@shared_task
def scan_uploads() -> None:
    scanning.scan_waiting()
