import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from cells.jobs.ringing import ring_next
from cells.jobs.timing import DEADLINE, LEASE, MAX_CRASHES, ago, from_now
from reports.building import build
from reports.models import Heartbeat, Notice, Report
from reports.sweeping import seen, sweep
from tests.reports.jobs import child, drain, make_cell, make_report, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    drain()


def make_running(lease_until, organisation=None, **fields):
    deadline = from_now(DEADLINE)
    return make_report(
        organisation, state="running", token=uuid.uuid4(), lease_until=lease_until, deadline=deadline, **fields
    )


def test_with_nothing_to_do_only_the_heartbeat_moves():
    sweep()
    first = Heartbeat.unscoped.get().at
    sweep()

    assert Heartbeat.unscoped.get().name == "sweep"
    assert Heartbeat.unscoped.get().at >= first
    assert drain() == []


def test_sweeper_and_beat_are_seen_apart():
    seen("beat")
    sweep()

    assert sorted(Heartbeat.unscoped.values_list("name", flat=True)) == ["beat", "sweep"]


def test_a_row_nobody_rang_for_is_rung_for_once():
    report = make_report()

    sweep()
    sweep()

    assert drain() == [([report.pk], {})]


@pytest.mark.parametrize(
    ("rings", "minutes", "is_due"),
    [(1, 1.9, False), (1, 2.1, True), (2, 3.9, False), (2, 4.1, True), (5, 29, False), (5, 31, True), (50, 31, True)],
)
def test_the_wait_between_rings_doubles_up_to_half_an_hour(rings, minutes, is_due):
    make_running(from_now(LEASE), make_cell("busy"))
    report = make_report(rings=rings, rung_at=ago(timedelta(minutes=minutes)))

    sweep()

    assert drain() == ([([report.pk], {})] if is_due else [])


def test_while_nobody_works_the_oldest_row_is_rung_for_after_half_a_minute():
    cell = make_cell()
    half_a_minute = {"rings": 1, "rung_at": ago(timedelta(seconds=31))}
    oldest = make_report(cell, **half_a_minute)
    make_report(cell, revision=2, **half_a_minute)

    sweep()

    assert drain() == [([oldest.pk], {})]


def test_a_worker_that_starts_looks_for_rows_at_once():
    cell = make_cell()
    reports = [make_report(cell, revision=n, rings=9, rung_at=ago(timedelta(seconds=1))) for n in (1, 2)]

    sweep(is_start=True)

    assert sorted(drain()) == [([report.pk], {}) for report in reports]


def test_after_an_error_there_is_a_pause_before_the_next_attempt(settings):
    settings.RENDER_COMMAND = child("failing", "! too-large")
    report = make_report()
    build(report.pk)

    sweep()
    ring_next(Report)

    assert drain() == []
    Report.unscoped.update(rung_at=ago(timedelta(seconds=31)))
    sweep()
    assert drain() == [([report.pk], {})]


def test_finished_jobs_ring_for_all_rows_in_turn_even_for_those_rung_for_a_moment_ago():
    cell = make_cell()
    reports = [make_report(cell, revision=n, rung_at=ago(timedelta(seconds=4 - n))) for n in (1, 2, 3)]

    told = [(ring_next(Report), *drain()) for _ in range(4)]

    assert told == [(1, ([report.pk], {})) for report in [*reports, reports[0]]]


def test_with_nothing_waiting_a_finished_job_rings_for_nothing():
    assert ring_next(Report) == 0
    assert drain() == []


def test_a_live_lease_is_left_alone():
    report = make_running(from_now(LEASE))

    sweep()

    report.refresh_from_db()
    assert (report.state, report.crashes) == ("running", 0)


def test_a_dead_lease_is_counted_and_rung_for():
    report = make_running(ago(LEASE))

    sweep()
    sweep()

    report.refresh_from_db()
    assert (report.state, report.crashes, report.token) == ("requested", 1, None)
    assert drain() == [([report.pk], {})]


def test_the_tenth_crash_is_the_last():
    lan = make_user()
    report = make_running(ago(LEASE), crashes=MAX_CRASHES - 1, requested_by=lan)

    sweep()
    sweep()

    report.refresh_from_db()
    assert (report.state, report.crashes) == ("failed", MAX_CRASHES)
    assert report.error == "Việc lập báo cáo bị ngắt quá nhiều lần nên đã dừng. Hãy báo người quản trị hệ thống."
    assert Notice.unscoped.get().user == lan
    assert drain() == []


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_do_what_one_does():
    cell = make_cell()
    dead = [make_running(ago(LEASE), cell, revision=n) for n in range(1, 6)]
    last = make_running(ago(LEASE), cell, revision=6, crashes=MAX_CRASHES - 1)

    def run(_):
        try:
            sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(run, range(4)))

    assert sorted(drain()) == [([report.pk], {}) for report in dead]
    assert set(Report.unscoped.exclude(pk=last.pk).values_list("state", "crashes")) == {("requested", 1)}
    assert Notice.unscoped.get().report == last
