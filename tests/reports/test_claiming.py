import subprocess
import sys
import uuid

import pytest

from cells.jobs.claiming import claim, extend_lease, is_dead, sign_of_life, sign_path
from cells.jobs.timing import DEADLINE, LEASE, MAX_CRASHES, ago, from_now
from reports.models import Report
from tests.reports.jobs import make_report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def running(**fields):
    return make_report(
        **{"state": "running", "token": uuid.uuid4(), "lease_until": from_now(LEASE), "deadline": from_now(DEADLINE)}
        | fields
    )


def test_a_waiting_report_is_taken_once():
    report = make_report()

    first = claim(Report, report.pk, uuid.uuid4())
    second = claim(Report, report.pk, uuid.uuid4())

    assert (first.pk, first.state, first.attempts, first.crashes) == (report.pk, "running", 1, 0)
    assert first.deadline - first.lease_until == DEADLINE - LEASE
    assert second is None


@pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
def test_what_has_ended_is_not_taken(state):
    assert claim(Report, make_report(state=state).pk, uuid.uuid4()) is None


def test_a_report_whose_lease_has_run_out_is_taken_over_and_the_crash_counted():
    report = running(lease_until=ago(LEASE))

    taken = claim(Report, report.pk, uuid.uuid4())

    assert (taken.state, taken.crashes) == ("running", 1)
    assert not extend_lease(report)


def test_nobody_takes_over_what_has_crashed_too_often():
    report = running(lease_until=ago(LEASE), crashes=MAX_CRASHES - 1)

    assert claim(Report, report.pk, uuid.uuid4()) is None


def test_the_lease_ends_with_the_deadline():
    report = running(deadline=from_now(LEASE / 2))

    assert extend_lease(report)

    report = Report.unscoped.get()
    assert report.lease_until == report.deadline


def test_after_the_deadline_there_is_no_more_lease():
    assert not extend_lease(running(deadline=ago(LEASE)))


def test_a_worker_that_lives_is_not_dead_and_leaves_nothing_behind():
    token = uuid.uuid4()

    with sign_of_life(token):
        assert not is_dead(token)

    assert not is_dead(token)
    assert not sign_path(token).exists()


def test_a_worker_that_was_killed_is_known_to_be_dead():
    token = uuid.uuid4()
    sign_path(token).parent.mkdir(parents=True)
    script = (
        f"import fcntl, os; fcntl.flock(open({str(sign_path(token))!r}, 'w'), fcntl.LOCK_EX); os.kill(os.getpid(), 9)"
    )

    subprocess.run([sys.executable, "-c", script], check=False)

    assert is_dead(token)
