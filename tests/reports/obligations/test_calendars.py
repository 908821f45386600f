"""What is due stands in the calendar of whoever does it, and one kind of entry that fails leaves the others."""

import logging

import pytest
from icalendar import Calendar

from reports.obligations import calendars as due_calendars
from reports.obligations.models import Subject
from sessions import calendars
from sessions.models import RuleSubject
from tests.cast import make_cast
from tests.factories import SessionFactory


@pytest.fixture
def cast(db):
    return make_cast()


def titles(user) -> list[str]:
    feed = Calendar.from_ical(calendars.calendar_of(user, "https://so.vi-du.vn"))
    return [str(event["summary"]) for event in feed.walk("VEVENT")]


def test_the_secretary_finds_what_her_cell_owes_and_a_member_does_not(cast):
    found = titles(cast.hoa)

    assert any(title.startswith("Hạn: Sinh hoạt chuyên đề quý") for title in found)
    assert not any(str(Subject.REGULAR.label) in title.lower() and title.startswith("Hạn") for title in found)
    assert not any(title.startswith("Hạn") for title in titles(cast.mai))


def test_one_kind_of_entry_that_fails_leaves_the_others(cast, monkeypatch, caplog):
    session = SessionFactory(cell=cast.cell, day=calendars.reach_of(cast.hoa).day)
    caplog.set_level(logging.CRITICAL)

    def broken(*_about):
        raise ValueError(RuleSubject.SESSION_DAY)

    monkeypatch.setattr(due_calendars.owing, "of_own", broken)

    assert f"Sinh hoạt {session.get_kind_display()}" in titles(cast.hoa)
