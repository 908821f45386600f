import datetime as dt

import pytest
import time_machine
from django.contrib.sessions.models import Session

from accounts import idling
from accounts.models import AuditEntry, User

START = dt.datetime(2026, 11, 5, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def root(db):
    return User.objects.create_superuser("quan-tri", "mot cau de nho")


def is_in(client, **headers):
    return client.get("/mat-khau/", headers=headers).status_code == 200


def test_a_secretary_may_pause_for_an_hour(lan, client, clock):
    client.force_login(lan)

    clock.shift(60 * 60)
    assert is_in(client)
    clock.shift(60 * 60 + 1)
    assert not is_in(client)


def test_an_administrator_may_pause_for_a_quarter_of_an_hour(root, client, clock):
    client.force_login(root)

    clock.shift(15 * 60)
    assert is_in(client)
    clock.shift(15 * 60 + 1)
    assert not is_in(client)


def test_other_apps_can_shorten_the_limit_of_their_roles(lan, client, clock, monkeypatch):
    monkeypatch.setattr(idling, "_short_for", [])
    idling.shorten_for(lambda user: user == lan)
    client.force_login(lan)

    clock.shift(15 * 60 + 1)

    assert not is_in(client)


def test_nobody_stays_longer_than_ten_hours(lan, client, clock):
    client.force_login(lan)

    for _ in range(20):
        clock.shift(30 * 60)
        assert is_in(client)
    clock.shift(1)
    assert not is_in(client)


def test_a_page_that_asks_by_itself_keeps_nobody_in(lan, client, clock):
    client.force_login(lan)

    for _ in range(59):
        clock.shift(60)
        is_in(client, **{idling.POLL_HEADER: "1"})
    clock.shift(61)
    assert not is_in(client, **{idling.POLL_HEADER: "1"})


def test_the_session_is_saved_once_a_minute_at_most(lan, client, clock, django_assert_num_queries):
    client.force_login(lan)
    is_in(client)
    before = Session.objects.get().session_data

    clock.shift(59)
    is_in(client)
    assert Session.objects.get().session_data == before
    clock.shift(1)
    is_in(client)
    assert Session.objects.get().session_data != before


def test_the_end_is_told_on_the_log_in_page(lan, client, clock):
    client.force_login(lan)
    clock.shift(60 * 60 + 1)

    response = client.get("/mat-khau/")

    assert response["Location"] == "/dang-nhap/?next=%2Fmat-khau%2F&expired=1"
    assert Session.objects.count() == 0
    assert list(AuditEntry.objects.values_list("action", "actor")) == [("login.ok", lan.pk), ("session.ended", lan.pk)]
