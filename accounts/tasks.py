"""What Celery calls by the clock; the modules named here do the work, and may be called by hand as well."""

from celery import shared_task

from accounts import copying, sealing


@shared_task
def seal_audit() -> None:
    sealing.seal()
    copying.copy_out()
