"""What Celery calls by the clock; the modules named here do the work, and may be called by hand as well."""

from celery import shared_task

from accounts import copying, mailing, retaining, sealing


@shared_task
def seal_audit() -> None:
    sealing.seal()
    copying.copy_out()


@shared_task
def send_reset_mail(user_id: int | None, address: str) -> None:
    mailing.send_reset(user_id, address)


@shared_task
def apply_retention() -> None:
    retaining.apply()
