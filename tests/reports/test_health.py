import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.utils import timezone

from cells.models import Organisation
from reports.models import Heartbeat, Report


def beat(**ages):
    for name, seconds in ages.items():
        Heartbeat.unscoped.create(name=name, at=timezone.now() - dt.timedelta(seconds=seconds))


def test_healthz_asks_nothing(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
@time_machine.travel("2026-11-05 08:00:00+07:00", tick=False)
def test_ready_when_the_background_work_was_seen_lately(client):
    beat(sweep=3, beat=20)

    assert client.get("/readyz").json() == {
        "state": "ready",
        "database": True,
        "oldest_unfinished_report": None,
        "oldest_unfinished_bundle": None,
        "heartbeats": {"beat": 20, "sweep": 3},
    }


@pytest.mark.django_db
def test_alarm_when_nobody_sweeps(client):
    beat(sweep=301, beat=3)

    assert client.get("/readyz").json()["state"] == "alarm"


@pytest.mark.django_db
def test_who_stood_in_for_celery_and_has_gone_leaves_no_alarm_behind(client):
    beat(sweep=3, beat=20, seal=4000, retention=40 * 3600)

    assert client.get("/readyz").json()["state"] == "ready"


@pytest.mark.django_db
def test_alarm_when_nothing_was_ever_seen(client):
    assert client.get("/readyz").json()["state"] == "alarm"


@pytest.mark.django_db
def test_alarm_when_a_report_waits(client):
    beat(sweep=3)
    organisation = Organisation.unscoped.create(code="CB1")
    report = Report.unscoped.create(organisation=organisation, period="2026-Q3", until=dt.date(2026, 9, 30))
    Report.unscoped.filter(pk=report.pk).update(created=timezone.now() - dt.timedelta(seconds=400))

    answer = client.get("/readyz").json()

    assert (answer["state"], answer["oldest_unfinished_report"]) == ("alarm", 400)


@pytest.mark.django_db
def test_without_a_database_it_is_down_and_says_so(client):
    def refuse(*args):
        raise DatabaseError("gone")

    with connection.execute_wrapper(refuse):
        response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"state": "down", "database": False})
