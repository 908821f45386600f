"""Works off what is due without Celery: for hosts with cron only, and when the broker is gone."""

import datetime as dt
import logging
import signal
import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from accounts import copying, retaining, sealing
from cells.analysing import analyse
from cells.jobs.kinds import KINDS
from cells.jobs.models import Job, JobState
from cells.jobs.sweeping import release_dead
from cells.uploads import scanning
from reports import collecting, running
from reports.obligations import posting
from reports.sweeping import claim, seen

logger = logging.getLogger(__name__)

PAUSE = 2  # seconds
HALF_MINUTE = dt.timedelta(seconds=30)


class Command(BaseCommand):
    help = "Lập các báo cáo, nhập các tệp đang chờ, ngay trong tiến trình này."

    def add_arguments(self, parser):
        parser.add_argument("--wait", action="store_true", help="không dừng khi hết việc mà chờ việc mới")

    def handle(self, *, wait, **options):
        signal.signal(signal.SIGTERM, end_in_good_order)
        built = work_off()
        look_after()
        self.stdout.write(f"Đã xử lý {built} lượt.")
        while wait:
            time.sleep(PAUSE)
            keep_on()


def keep_on() -> None:
    """One more round; a database that is away for a while ends nothing."""
    close_old_connections()
    try:
        work_off()
        look_after()
    except DatabaseError as error:
        logger.warning("the database did not answer (%s)", type(error).__name__)


def look_after() -> None:
    """What beat rings for where Celery runs: the seal each half minute, what is over its time each day."""
    if claim("seal", HALF_MINUTE):
        sealing.seal()
        copying.copy_out()
        if settings.SCANNER:
            scanning.scan_waiting()
    posting.remind()
    if claim("retention", dt.timedelta(days=1)):
        retaining.apply()
        collecting.collect()
        analyse()
        running.begin_due(timezone.localdate())


def work_off() -> int:
    """Try each row that is due once; the number of attempts."""
    seen("sweep")
    attempts = 0
    for kind in KINDS:
        release_dead(kind.model)
        tried = set()
        while (pk := next_waiting(kind.model, tried)) is not None:
            tried.add(pk)
            attempts += kind.work(pk)
    return attempts


def next_waiting(jobs: type[Job], tried: set[int]) -> int | None:
    # Asked anew each time: others work beside this process, and requests come in meanwhile.
    waiting = jobs.unscoped.filter(state=JobState.REQUESTED).exclude(pk__in=tried).order_by(*jobs.IN_TURN, "id")
    return waiting.values_list("pk", flat=True).first()


def end_in_good_order(*_signal) -> None:
    raise SystemExit(0)
