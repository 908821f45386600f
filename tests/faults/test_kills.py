"""Workers killed, brokers emptied, poisoned jobs: each request ends as exactly one report (reliability.md 37-43).

On SQLite the broker is the folder, on PostgreSQL it is Redis: the two ways in which the system is installed.
"""

import os
import random
import shutil
import time
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from reports.models import Report
from reports.periods import Period
from reports.requesting import request_report
from tests.faults.workers import NOTHING_WRONG, Workers, built_more_than_once, outcome, wait_until_ended
from tests.reports.jobs import child, drain, make_cell, make_secretary, make_user

SEED = int(os.environ.get("SEED", "20240930"))
QUARTER = Period.parse("2024-Q3")


@pytest.fixture(autouse=True)
def _empty_broker(request):
    drain("reports")
    drain("light")
    shutil.rmtree(settings.DATA_DIR / "reports", ignore_errors=True)


@pytest.fixture
def workers(process_environment, tmp_path):
    started = []

    def start(command, concurrency=1):
        started.append(Workers(process_environment, command, tmp_path / "log", concurrency))
        return started[0].__enter__()

    yield start
    for group in started:
        group.__exit__()


def request_many(count: int) -> list[int]:
    cells = [make_cell(f"c{number}", f"Chi bộ {number}") for number in range(count)]
    lan = make_secretary(make_user(), *cells)
    return [request_report(cell, QUARTER, lan).pk for cell in cells]


def tell(**figures):
    figures |= {"database": connection.vendor, "broker": current_app.conf.broker_url.partition(":")[0], "seed": SEED}
    print("\n" + ", ".join(f"{name} {value}" for name, value in figures.items()))  # noqa: T201 - a fault test says what it did


def kill_repeatedly(group, kills: int, shortest: float, longest: float) -> None:
    chance = random.Random(SEED)
    for _ in range(kills):
        time.sleep(chance.uniform(shortest, longest))
        group.kill()
        group.start()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_its_work_loses_and_doubles_nothing(workers):
    report_ids = request_many(3)
    group = workers(child("slow", "0.7"))

    kill_repeatedly(group, kills=2, shortest=2, longest=3)
    seconds = wait_until_ended(report_ids, 60)

    tell(requests=3, kills=2, done_after_last_kill=round(seconds, 1), more_attempts=built_more_than_once(report_ids))
    assert outcome(report_ids) == NOTHING_WRONG


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_requests_and_five_kills_are_twenty_reports(workers):
    report_ids = request_many(20)
    group = workers(child("slow", "0.8"), concurrency=2)

    kill_repeatedly(group, kills=5, shortest=3.5, longest=6)
    seconds = wait_until_ended(report_ids, 120)

    tell(requests=20, kills=5, done_after_last_kill=round(seconds, 1), more_attempts=built_more_than_once(report_ids))
    assert outcome(report_ids) == NOTHING_WRONG
    assert seconds < 60


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_requests_outlive_a_broker_that_forgets_everything(workers):
    report_ids = request_many(10)
    empty_broker()

    group = workers(child("slow", "0.2"))
    seconds = wait_until_ended(report_ids, 60)

    tell(requests=10, emptied="before the worker starts", done_after=round(seconds, 1))
    assert group.process.poll() is None
    assert outcome(report_ids) == NOTHING_WRONG


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_requests_outlive_a_broker_emptied_under_a_running_worker(workers):
    group = workers(child("slow", "1"))
    group.start_beat()
    time.sleep(4)
    report_ids = request_many(10)
    time.sleep(1)

    empty_broker()
    seconds = wait_until_ended(report_ids, 120)

    tell(requests=10, emptied="under a running worker", done_after=round(seconds, 1))
    assert group.process.poll() is None
    assert outcome(report_ids) == NOTHING_WRONG


def empty_broker():
    """Everything goes: messages, bindings, whatever the broker knew."""
    url = current_app.conf.broker_url
    if url.startswith("redis:"):
        import redis

        with redis.Redis.from_url(url) as client:
            client.flushdb()  # other tests have databases of their own on this server
        return
    options = current_app.conf.broker_transport_options
    for folder in {Path(options["data_folder_in"]), Path(options["control_folder"])}:
        shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_that_kills_its_worker_fails_and_twenty_good_ones_are_done(workers):
    cell = make_cell("poison", "Chi bộ Thuốc Độc")
    poison = request_report(cell, QUARTER, make_secretary(make_user("hoa"), cell)).pk
    report_ids = request_many(20)
    group = workers(child("poisoned", "Thuốc Độc"), concurrency=2)
    group.start_beat()

    good_after = wait_until_ended(report_ids, 180)
    poison_after = good_after + wait_until_ended([poison], 480)

    report = Report.unscoped.get(pk=poison)
    tell(good=20, good_after=round(good_after, 1), poison_failed_after=round(poison_after, 1), starts=report.attempts)
    assert outcome(report_ids) == NOTHING_WRONG
    assert (report.state, report.crashes) == ("failed", 10)
    assert report.attempts <= 10
