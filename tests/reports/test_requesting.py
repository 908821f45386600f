import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from reports.models import Notice, Report
from reports.periods import Period
from reports.requesting import renew, request_report, retry
from tests.reports.jobs import drain, make_cell, make_report, make_user

pytestmark = pytest.mark.django_db(transaction=True)

QUARTER = Period.parse("2024-Q3")


@pytest.fixture(autouse=True)
def _empty_broker():
    drain()


def test_a_request_is_a_row_and_a_ring_that_carries_its_id_only():
    cell, lan = make_cell(), make_user()

    report = request_report(cell, QUARTER, lan)

    assert Report.unscoped.get() == report
    assert (report.state, report.requested_by, report.until) == ("requested", lan, QUARTER.last_day)
    assert drain() == [([report.pk], {})]
    report.refresh_from_db()
    assert report.rings == 1


def test_a_second_request_gives_the_first_row_and_rings_no_more():
    cell, lan, hoa = make_cell(), make_user("lan"), make_user("hoa")
    first = request_report(cell, QUARTER, lan)

    second = request_report(cell, QUARTER, hoa)

    assert second == first
    assert drain() == [([first.pk], {})]
    assert AuditEntry.objects.filter(action="report_requested").count() == 1


def test_another_cut_off_is_another_report():
    cell, lan = make_cell(), make_user()
    whole = request_report(cell, QUARTER, lan)

    cut = request_report(cell, Period.parse("2024-Q3", QUARTER.first_day), lan)

    assert cut != whole
    assert cut.until == QUARTER.first_day


def test_twenty_requests_at_once_are_one_report():
    cell, lan = make_cell(), make_user()

    def ask(_):
        try:
            return request_report(cell, QUARTER, lan).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        ids = list(threads.map(ask, range(20)))

    assert ids == [Report.unscoped.get().pk] * 20
    assert drain() == [([ids[0]], {})]


def test_what_is_rolled_back_was_never_asked_for():
    cell, lan = make_cell(), make_user()

    with transaction.atomic():
        request_report(cell, QUARTER, lan)
        transaction.set_rollback(True)

    assert Report.unscoped.count() == 0
    assert drain() == []


@pytest.fixture
def broken_broker(monkeypatch):
    """Nobody listens where Redis should be."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{port}/0")
    monkeypatch.setitem(current_app.conf.changes, "broker_transport", None)


@pytest.mark.usefixtures("broken_broker")
def test_without_a_broker_each_request_is_taken():
    cells = [make_cell(f"c{number}") for number in range(10)]
    lan = make_user()

    for cell in cells:
        request_report(cell, QUARTER, lan)

    assert set(Report.unscoped.values_list("state", "rings", "rung_at")) == {("requested", 0, None)}
    assert Report.unscoped.count() == 10


@pytest.mark.slow  # timed: not beside the other tests of a busy run
@pytest.mark.usefixtures("broken_broker")
def test_without_a_broker_no_request_waits_half_a_second():
    cells = [make_cell(f"c{number}") for number in range(10)]
    lan = make_user()
    seconds = []

    for cell in cells:
        start = time.monotonic()
        request_report(cell, QUARTER, lan)
        seconds.append(time.monotonic() - start)

    assert max(seconds) < 0.5


def test_a_failed_report_is_tried_again_with_fresh_counters_for_the_one_who_asks():
    lan, hoa = make_user("lan"), make_user("hoa")
    failed = make_report(requested_by=lan, state="failed", attempts=5, crashes=2, errors=3, error="Lý do", rings=4)
    Notice.unscoped.create(report=failed, user=lan)

    report = retry(failed, hoa)

    assert (report.state, report.requested_by, report.error) == ("requested", hoa, "")
    assert (report.attempts, report.crashes, report.errors) == (0, 0, 0)
    assert Notice.unscoped.count() == 0
    assert drain() == [([report.pk], {})]


@pytest.mark.parametrize("state", ["requested", "done", "cancelled"])
def test_only_a_failed_report_is_tried_again(state):
    report = retry(make_report(state=state, attempts=2), None)

    assert (report.state, report.attempts) == (state, 2)
    assert drain() == []


def test_the_file_of_a_draft_is_made_anew_and_that_of_a_signed_report_is_not():
    draft = make_report(state="done", attempts=2, priority=Report.Priority.RUN)
    signed = make_report(draft.organisation, state="done", stage="signed", signed_at=timezone.now(), revision=2)
    lan = make_user()

    renewed = [renew(report, lan) for report in (draft, draft, signed)]

    assert [(one.state, one.attempts) for one in renewed] == [("requested", 0), ("requested", 0), ("done", 0)]
    assert renewed[0].priority == Report.Priority.ASKED
    assert drain() == [([draft.pk], {})]
