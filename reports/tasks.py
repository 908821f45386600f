"""What Celery calls. State lives in the rows; these only load and delegate."""

from celery import shared_task
from celery.signals import celeryd_after_setup, worker_ready
from django.utils import timezone

from cells.analysing import analyse
from cells.jobs.ringing import ring_next
from reports import building, collecting, joining, running, sweeping
from reports.models import Bundle, Report
from reports.obligations import posting


@shared_task
def build(report_id: int) -> None:
    if building.build(first_in_turn(report_id)):
        ring_next(Report)


def first_in_turn(report_id: int) -> int:
    """A ring says that there is work, not which: what is more urgent than the row it names goes first.

    Messages of a run fill the broker for an hour; a report that was signed meanwhile does not queue behind them.
    """
    waiting = Report.unscoped.filter(state=Report.State.REQUESTED)
    own = Report.unscoped.filter(pk=report_id).values_list("priority", flat=True).first()
    if own is None:
        return report_id
    urgent = waiting.filter(priority__lt=own, errors=0).order_by("priority", "id")
    return urgent.values_list("pk", flat=True).first() or report_id


@shared_task(soft_time_limit=540, time_limit=570)
def join(bundle_id: int) -> None:
    if joining.join(bundle_id):
        ring_next(Bundle)


@shared_task
def sweep(is_start: bool = False, from_beat: bool = False) -> None:
    if from_beat:
        sweeping.seen("beat")
    sweeping.sweep(is_start=is_start)


@shared_task
def prepare_quarter() -> None:
    running.begin_due(timezone.localdate())


@shared_task
def collect() -> None:
    collecting.collect()
    analyse()


@shared_task
def remind() -> None:
    posting.remind()


@celeryd_after_setup.connect
def sweep_where_reports_are_built(instance, **_signal) -> None:
    """A worker started with --queues=reports must not leave imports and sweeps to nobody."""
    queues = instance.app.amqp.queues
    if "reports" in queues.consume_from:
        queues.select_add("imports")
        queues.select_add("light")


@worker_ready.connect
def sweep_at_start(**_signal) -> None:
    # As a task: this process must not open a database connection that its later children would share.
    sweep.delay(is_start=True)
