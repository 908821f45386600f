import datetime as dt
import io
import json
import signal
import subprocess
import sys
import time
import uuid

import pytest
import time_machine
from django.conf import settings as project
from django.core.management import call_command
from django.utils import timezone

from accounts.auditing import record
from accounts.models import AuditEntry, AuditSeal, IdempotencyKey, User
from reports.models import Heartbeat, Report
from tests.reports.jobs import child, make_cell, make_report


@pytest.fixture
def _quick(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.RENDER_COMMAND = child("quick")


@pytest.mark.django_db
@pytest.mark.usefixtures("_quick")
def test_everything_that_waits_is_built_without_any_broker():
    cell = make_cell()
    for revision in (1, 2, 3):
        make_report(cell, revision=revision)
    said = io.StringIO()

    call_command("run_jobs", stdout=said)

    assert said.getvalue() == "Đã xử lý 3 lượt.\n"
    assert list(Report.unscoped.values_list("state", "attempts")) == [("done", 1)] * 3
    assert set(Heartbeat.unscoped.values_list("name", flat=True)) == {"sweep", "seal", "retention"}


@pytest.mark.django_db
@pytest.mark.usefixtures("_quick")
def test_with_nothing_waiting_it_says_so():
    said = io.StringIO()

    call_command("run_jobs", stdout=said)

    assert said.getvalue() == "Đã xử lý 0 lượt.\n"


@pytest.mark.django_db
@pytest.mark.usefixtures("_quick")
def test_the_audit_is_sealed_and_what_is_over_its_time_goes_once_a_day(settings):
    old = IdempotencyKey.objects.create(key=uuid.uuid4(), user=User.objects.create_user("lan"))
    IdempotencyKey.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=31))
    record("login.ok")

    call_command("run_jobs", stdout=io.StringIO())
    assert (IdempotencyKey.objects.count(), AuditSeal.objects.count()) == (0, 1)
    assert len((settings.DATA_DIR / "audit").glob("*.jsonl").__next__().read_text().splitlines()) == 1

    applied = AuditEntry.objects.filter(action="retention.applied")
    assert applied.get().detail["idempotency_keys"] == 1
    call_command("run_jobs", stdout=io.StringIO())
    assert (applied.count(), AuditSeal.objects.count()) == (1, 1)
    Heartbeat.unscoped.update(at=timezone.now() - dt.timedelta(seconds=40))
    call_command("run_jobs", stdout=io.StringIO())
    assert (applied.count(), AuditSeal.objects.count()) == (1, 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("_quick")
@time_machine.travel("2026-10-02 09:00:00+07:00")
def test_the_drafts_of_the_quarter_that_has_ended_are_asked_for():
    cell = make_cell()

    call_command("run_jobs", stdout=io.StringIO())

    assert list(Report.unscoped.values_list("organisation", "period", "state")) == [(cell.pk, "2026-Q3", "requested")]


@pytest.mark.django_db
@pytest.mark.usefixtures("_quick")
def test_one_that_fails_is_tried_once_a_run_and_holds_nobody_up(settings):
    settings.RENDER_COMMAND = child("failing", "! too-large")
    bad = make_report()
    call_command("run_jobs", stdout=io.StringIO())
    settings.RENDER_COMMAND = child("quick")
    good = make_report(bad.organisation, revision=2)

    call_command("run_jobs", stdout=io.StringIO())

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.errors, bad.attempts) == ("done", 1, 2)
    assert (good.state, good.attempts) == ("done", 1)


@pytest.mark.django_db(transaction=True)
def test_told_to_stop_in_the_middle_it_gives_the_report_back_uncounted(process_environment):
    report = make_report()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_jobs", "--wait"],
        cwd=project.BASE_DIR,
        stdout=subprocess.DEVNULL,
        env=process_environment
        | {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "CHILD_COMMAND": json.dumps(child("slow", "60"))},
    )
    wait_for_step(report, "typesetting")

    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0
    report.refresh_from_db()
    assert (report.state, report.crashes, report.errors, report.attempts) == ("requested", 0, 0, 1)


def wait_for_step(report, step, seconds=30):
    ends_at = time.monotonic() + seconds
    while report.step != step and time.monotonic() < ends_at:
        time.sleep(0.1)
        report.refresh_from_db()
    assert report.step == step
