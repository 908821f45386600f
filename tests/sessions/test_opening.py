import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry
from cells.models import Membership, Status
from sessions.marking import NOTHING, Marked
from sessions.models import Attendance, Mark, Session
from sessions.opening import NobodyExpected, TooEarly, open_session
from sessions.states import AlreadyClosed, NotOpen
from tests.factories import MembershipFactory, PersonFactory, SessionFactory
from tests.sessions.stories import PRESENT, finish, mark, mark_everybody, marks_of, person


def test_everybody_expected_stands_on_the_roll_call_unmarked(cast, planned):
    MembershipFactory(person=PersonFactory(full_name="Khách tạm"), cell=cast.cell, status=Status.HOSTED)
    MembershipFactory(person=PersonFactory(full_name="Đi tạm"), cell=cast.cell, status=Status.AWAY)
    MembershipFactory(person=PersonFactory(full_name="Đã chuyển"), cell=cast.cell, last_day=dt.date(2025, 1, 1))

    open_session(planned, actor=cast.hoa)

    planned.refresh_from_db()
    assert planned.state == Session.State.OPEN
    assert marks_of(planned) == dict.fromkeys(("Hoa", "Lan", "Mai", "Khách tạm"), NOTHING)


def test_opening_again_changes_nothing(cast, planned):
    open_session(planned, actor=cast.hoa)
    mark(planned, cast.hoa, Lan=PRESENT)

    change = open_session(planned, actor=cast.lan)

    assert not change
    assert marks_of(planned) == {"Hoa": NOTHING, "Lan": PRESENT, "Mai": NOTHING}
    assert AuditEntry.objects.filter(action="session.opened").count() == 1


def test_opening_again_brings_the_list_up_to_date_and_says_how(cast, opened):
    mark(opened, cast.hoa, Lan=PRESENT, Mai=PRESENT)
    MembershipFactory(person=PersonFactory(full_name="Mới"), cell=cast.cell)
    Membership.unscoped.filter(person__full_name="Hoa").update(last_day=dt.date(2026, 1, 1))
    Membership.unscoped.filter(person__full_name="Mai").update(status=Status.EXEMPT)

    change = open_session(opened, actor=cast.lan)

    assert change.text == "thêm Mới; bớt Hoa; nay được miễn: Mai"
    assert marks_of(opened) == {"Lan": PRESENT, "Mai": PRESENT, "Mới": NOTHING}
    assert not Attendance.unscoped.get(person=person("Mai")).is_expected


def test_an_exempt_member_who_came_may_become_expected(cast, opened):
    mark(opened, cast.hoa, Tư=Marked(Mark.PRESENT))
    Membership.unscoped.filter(person__full_name="Tư").update(status=Status.ACTIVE)

    change = open_session(opened, actor=cast.hoa)

    assert change.text == "nay phải có mặt: Tư"
    assert Attendance.unscoped.get(person=person("Tư")).is_expected


def test_a_session_is_not_opened_before_its_day(cast):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    ahead = SessionFactory(cell=cast.cell, day=tomorrow)

    with pytest.raises(TooEarly, match=f"từ ngày {tomorrow:%d/%m/%Y}"):
        open_session(ahead, actor=cast.hoa)

    ahead.refresh_from_db()
    assert (ahead.state, marks_of(ahead)) == (Session.State.PLANNED, {})


def test_a_session_without_members_is_not_opened(cast):
    session = SessionFactory(cell=cast.sibling)

    with pytest.raises(NobodyExpected, match="03/07/2024"):
        open_session(session, actor=cast.hoa)

    session.refresh_from_db()
    assert session.state == Session.State.PLANNED


def test_a_closed_or_cancelled_session_is_not_opened(cast, opened):
    mark_everybody(opened, cast.hoa)
    finish(opened, cast.hoa)
    with pytest.raises(AlreadyClosed):
        open_session(opened, actor=cast.hoa)

    with pytest.raises(NotOpen):
        open_session(SessionFactory(cell=cast.cell, state=Session.State.CANCELLED), actor=cast.hoa)


@pytest.mark.django_db(transaction=True)
def test_two_openings_at_once_are_one(transactional_db, cast, planned):
    gate = threading.Barrier(2)

    def open_at_once():
        gate.wait()
        try:
            open_session(planned, actor=cast.hoa)
        finally:
            connection.close()

    threads = [threading.Thread(target=open_at_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert marks_of(planned) == dict.fromkeys(("Hoa", "Lan", "Mai"), NOTHING)
    assert [entry.action for entry in AuditEntry.objects.all()] == ["session.opened"]
