"""Works off what is due without Celery: for hosts with cron only, and when the broker is gone."""

import signal
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from reports.building import build
from reports.models import Report
from reports.sweeping import release_dead, seen

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
            work_off()


def work_off() -> int:
    """Build until nothing is due; the number of attempts."""
    close_old_connections()
    seen("sweep")
    release_dead()
    attempts = 0
    while (report_id := next_waiting()) is not None:
        attempts += build(report_id)
        close_old_connections()
    return attempts


def next_waiting() -> int | None:
    # Those tried before come last: one that fails does not stand before the others.
    waiting = Report.unscoped.filter(state=Report.State.REQUESTED).order_by("attempts", "id")
    return waiting.values_list("pk", flat=True).first()


def end_in_good_order(*_signal) -> None:
    raise SystemExit(0)
