import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry
from cells.models import Membership, Revision
from cells.revising import current
from sessions.closing import (
    UNDO_WITHIN,
    BackwardTimes,
    InTheFuture,
    NoReason,
    RosterChanged,
    TooLate,
    Unmarked,
    reopen,
    undo_closing,
    undo_until,
)
from sessions.counting import rebuild_rollup
from sessions.marking import Marked
from sessions.models import Mark, Session
from sessions.states import AlreadyClosed, ChangedMeanwhile, NotOpen
from tests.factories import MembershipFactory, PersonFactory
from tests.sessions.stories import (
    ILL,
    PRESENT,
    UNEXCUSED,
    counters_of,
    finish,
    mark,
    mark_everybody,
    marks_of,
    rolled_up,
)

ONE_ILL = {"expected": 3, "present": 2, "excused": 1}


def test_a_closed_session_carries_its_counters_up_the_tree(cast, opened):
    mark_everybody(opened, cast.lan, Lan=Marked(Mark.PRESENT_ONLINE), Mai=UNEXCUSED, Tư=PRESENT)

    session = finish(opened, cast.hoa, guests=5, guests_estimate="about")

    counted = {"expected": 3, "present": 2, "present_online": 1, "unexcused": 1, "exempt_present": 1}
    assert counters_of(session) == counted
    for organisation in (cast.cell, cast.branch, cast.committee, cast.province):
        assert rolled_up(organisation) == counted | {"sessions": 1, "guests": 5}
    assert rolled_up(cast.neighbour) == {}
    assert rebuild_rollup() == 0
    assert (session.closed_by, session.start, session.end) == (cast.hoa, dt.time(14), dt.time(15, 30))


def test_a_closing_leaves_a_trace_and_makes_older_imports_outdated(cast, opened):
    mark_everybody(opened, cast.lan)
    before = current()

    finish(opened, cast.hoa)

    entry = AuditEntry.objects.get(action="session.closed")
    assert (entry.actor, entry.object_id, entry.detail["expected"]) == (cast.hoa, str(opened.pk), 3)
    assert Revision.objects.get().number == before + 1


def test_nobody_may_be_left_unmarked(cast, opened):
    mark(opened, cast.lan, Lan=PRESENT)

    with pytest.raises(Unmarked) as refusal:
        finish(opened, cast.hoa)

    assert refusal.value.names == ["Hoa", "Mai"]
    assert refusal.value.text == "Còn 2 người chưa điểm danh: Hoa, Mai."
    opened.refresh_from_db()
    assert opened.state == Session.State.OPEN


@pytest.mark.parametrize("end", [dt.time(13, 59), dt.time(14)])
def test_it_ends_after_it_began(cast, opened, end):
    mark_everybody(opened, cast.hoa)

    with pytest.raises(BackwardTimes):
        finish(opened, cast.hoa, end=end)

    assert rolled_up(cast.cell) == {}


def test_a_day_to_come_is_not_closed(cast, opened):
    Session.unscoped.filter(pk=opened.pk).update(day=timezone.localdate() + dt.timedelta(days=1))
    mark_everybody(opened, cast.hoa)

    with pytest.raises(InTheFuture):
        finish(opened, cast.hoa)


def test_a_changed_roster_is_brought_up_to_date_first(cast, opened):
    mark_everybody(opened, cast.hoa)
    MembershipFactory(person=PersonFactory(full_name="Mới"), cell=cast.cell)

    with pytest.raises(RosterChanged, match="thêm Mới"):
        finish(opened, cast.hoa)


def test_marks_that_the_closer_did_not_see_are_not_closed_over(cast, opened):
    seen = mark_everybody(opened, cast.hoa)
    mark(opened, cast.lan, Mai=ILL)

    with pytest.raises(ChangedMeanwhile):
        finish(opened, cast.hoa, version=seen.version)


def test_a_planned_session_is_not_closed(cast, planned):
    with pytest.raises(NotOpen):
        finish(planned, cast.hoa)


def test_closing_twice_closes_once(cast, opened):
    mark_everybody(opened, cast.hoa)
    finish(opened, cast.hoa)

    with pytest.raises(AlreadyClosed):
        finish(opened, cast.hoa)

    assert rolled_up(cast.cell)["sessions"] == 1


@pytest.mark.django_db(transaction=True)
def test_two_closings_at_once_are_one(transactional_db, cast, opened):
    mark_everybody(opened, cast.hoa, Mai=ILL)
    gate, outcomes = threading.Barrier(2), []

    def close_at_once():
        gate.wait()
        try:
            finish(opened, cast.hoa)
            outcomes.append("closed")
        except AlreadyClosed:
            outcomes.append("already")
        finally:
            connection.close()

    threads = [threading.Thread(target=close_at_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["already", "closed"]
    assert rolled_up(cast.province) == ONE_ILL | {"sessions": 1}
    assert AuditEntry.objects.filter(action="session.closed").count() == 1


def test_a_slip_is_taken_back_within_minutes(cast, opened):
    mark_everybody(opened, cast.hoa, Mai=ILL)
    session = finish(opened, cast.hoa)
    assert undo_until(session) == session.closed_at + UNDO_WITHIN

    undone = undo_closing(session, actor=cast.hoa)

    assert (undone.state, undone.closed_at, undone.closed_by) == (Session.State.OPEN, None, None)
    assert counters_of(undone) == {}
    assert rolled_up(cast.province) == {}
    assert rebuild_rollup() == 4  # rows of zeros, which a rebuilding drops
    assert marks_of(undone)["Mai"] == ILL


def test_later_it_takes_a_reason(cast, opened):
    mark_everybody(opened, cast.hoa, Mai=ILL)
    session = finish(opened, cast.hoa)
    Session.unscoped.update(closed_at=timezone.now() - UNDO_WITHIN - dt.timedelta(seconds=1))
    session.refresh_from_db()

    assert undo_until(session) is None
    with pytest.raises(TooLate, match="Đã quá 10 phút"):
        undo_closing(session, actor=cast.hoa)
    with pytest.raises(NoReason):
        reopen(session, "  ", actor=cast.hoa)
    reopened = reopen(session, "Ghi nhầm Mai", actor=cast.hoa)

    assert reopened.state == Session.State.OPEN
    assert rolled_up(cast.cell) == {}
    entry = AuditEntry.objects.get(action="session.reopened")
    assert (entry.actor, entry.detail["excused"], entry.values.after) == (cast.hoa, 1, {"reason": "Ghi nhầm Mai"})


def test_closed_again_it_counts_what_is_then_marked(cast, opened):
    mark_everybody(opened, cast.hoa, Mai=ILL)
    reopen(finish(opened, cast.hoa), "Mai có dự", actor=cast.hoa)

    mark(opened, cast.hoa, Mai=PRESENT)
    finish(opened, cast.hoa)

    assert rolled_up(cast.province) == {"expected": 3, "present": 3, "sessions": 1}
    assert rebuild_rollup() == 0


def test_an_imported_session_without_a_time_of_closing_is_reopened_only_with_a_reason(cast, opened):
    mark_everybody(opened, cast.hoa)
    session = finish(opened, cast.hoa)
    Session.unscoped.update(closed_at=None, closed_by=None)
    session.refresh_from_db()

    with pytest.raises(TooLate):
        undo_closing(session, actor=cast.hoa)
    assert reopen(session, "Nhập nhầm", actor=cast.hoa).state == Session.State.OPEN


def test_only_a_closed_session_is_reopened(cast, opened):
    with pytest.raises(NotOpen, match="không ở trạng thái đã kết thúc"):
        reopen(opened, "Nhầm", actor=cast.hoa)


def test_the_roster_of_the_day_counts_and_not_that_of_today(cast, opened):
    Membership.unscoped.filter(person__full_name="Mai").update(last_day=opened.day)
    mark_everybody(opened, cast.hoa)

    finish(opened, cast.hoa)

    assert counters_of(opened) == {"expected": 3, "present": 3}
