"""Works off what is due without Celery: for hosts with cron only, and when the broker is gone."""

import logging
import signal
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from reports.building import build
from reports.models import Report
from reports.sweeping import release_dead, seen

logger = logging.getLogger(__name__)

PAUSE = 2  # seconds


class Command(BaseCommand):
    help = "Lập các báo cáo đang chờ, ngay trong tiến trình này."

    def add_arguments(self, parser):
        parser.add_argument("--wait", action="store_true", help="không dừng khi hết việc mà chờ việc mới")

    def handle(self, *, wait, **options):
        signal.signal(signal.SIGTERM, end_in_good_order)
        built = work_off()
        self.stdout.write(f"Đã xử lý {built} lượt.")
        while wait:
            time.sleep(PAUSE)
            keep_on()


def keep_on() -> None:
    """One more round; a database that is away for a while ends nothing."""
    close_old_connections()
    try:
        work_off()
    except DatabaseError as error:
        logger.warning("the database did not answer (%s)", type(error).__name__)


def work_off() -> int:
    """Try each report that is due once; the number of attempts."""
    seen("sweep")
    release_dead()
    tried = set()
    attempts = 0
    while (report_id := next_waiting(tried)) is not None:
        tried.add(report_id)
        attempts += build(report_id)
    return attempts


def next_waiting(tried: set[int]) -> int | None:
    # Asked anew each time: others work beside this process, and requests come in meanwhile.
    waiting = Report.unscoped.filter(state=Report.State.REQUESTED).exclude(pk__in=tried).order_by("id")
    return waiting.values_list("pk", flat=True).first()


def end_in_good_order(*_signal) -> None:
    raise SystemExit(0)
