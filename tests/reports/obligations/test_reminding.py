"""Whoever has something to do is written to once a span, whatever fails for others, however long the mail is away."""

import datetime as dt
import email
import logging
import re
from email import policy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cells.models import Kind, Role
from reports.obligations import posting, reminding, sources
from reports.obligations.models import Letter, ObligationRule, Reminder, ReminderChoice
from reports.obligations.owing import Obligation, State
from tests.cast import make_cast
from tests.factories import PostFactory, SessionFactory, UserFactory, close
from tests.reports.obligations.places import make_places
from tests.reports.obligations.postbox import Postbox, open_postbox

WAITING, SENT, NOTHING, FAILED = Letter.State.values


@pytest.fixture
def cast(db):
    # The board's own falls due around the end of a quarter or a year.
    ObligationRule.unscoped.filter(subject__in=["report", "executive"]).delete()
    cast = make_cast()
    for user in (cast.hoa, cast.nam, cast.binh):
        user.email = f"{user.username}@vi-du.vn"
        user.save()
    return cast


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture(autouse=True)
def mail(settings):
    settings.SENDS_MAIL = True
    settings.QUIET_HOURS = (dt.time(0), dt.time(0))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2  # nobody is there
    settings.SITE_ADDRESS = "https://so.vi-du.vn"


@pytest.fixture
def postbox():
    return Postbox()


def states() -> dict:
    return {(row.user.username, row.kind): row.state for row in Letter.unscoped.select_related("user")}


def body(text: bytes) -> str:
    return email.message_from_bytes(text, policy=policy.default).get_content().replace("\r\n", "\n")


def try_again_now() -> None:
    Letter.unscoped.filter(state=WAITING).update(try_at=timezone.now() - dt.timedelta(seconds=1))


def test_the_secretary_reads_what_is_late_and_the_board_what_is_late_below(cast, today, postbox, settings):
    assert reminding.plan(today) == 3  # Hoa and Nam of their cells, Binh of all below

    with open_postbox(postbox, settings):
        posting.send_waiting()

    last = today.replace(day=1) - dt.timedelta(days=1)
    (letter,) = postbox.arrived_for("hoa@vi-du.vn")
    assert "\nChi bộ một\n- " in body(letter)
    assert f"\n- Sinh hoạt định kỳ tháng {last.month}/{last.year}: quá hạn" in body(letter)
    assert "Chi bộ hai" not in body(letter)
    assert "https://so.vi-du.vn/viec-den-han/" in body(letter)
    digest = next(body(one) for one in postbox.arrived_for("binh@vi-du.vn") if "Chi bộ hai" in body(one))
    assert re.search(r"\nSinh hoạt định kỳ: \d+ việc quá hạn ở \d+ đơn vị", digest)
    assert re.search(r"\n- Chi bộ hai( \(\d+ việc\))?\n- Chi bộ một( \(\d+ việc\))?\n", digest)  # in their order
    assert "viec-den-han/?state=late" in digest
    assert states()["hoa", "daily"] == SENT
    assert states()["binh", "weekly"] == SENT


def test_planning_and_sending_twice_changes_nothing(cast, today, postbox, settings):
    with open_postbox(postbox, settings):
        posting.remind()
        first = len(postbox.letters)
        posting.remind()

    assert len(postbox.letters) == first == 3
    assert reminding.plan(today) == 0
    reminded = Reminder.unscoped.count()
    assert reminding.plan(today + dt.timedelta(days=1)) <= 3  # the same spans are not reminded of again
    again = Reminder.unscoped.filter(letter__day=today + dt.timedelta(days=1))
    before = set(Reminder.unscoped.filter(letter__day=today).values_list("user", "organisation", "key", "kind", "day"))
    assert before.isdisjoint(again.values_list("user", "organisation", "key", "kind", "day"))
    assert Reminder.unscoped.count() == reminded + again.count()


def test_nothing_is_lost_while_the_mail_server_is_away(cast, today, postbox, settings):
    posting.remind()
    waiting = Letter.unscoped.filter(state=WAITING)
    assert waiting.count() == 3
    tried = waiting.get(attempts=1)  # it stopped at the first: the others would have waited as long
    assert tried.error == "ConnectionRefusedError"
    assert tried.try_at > timezone.now()

    for _round in range(12):
        try_again_now()
        posting.remind()
    assert waiting.count() == 3  # away for ever so long, it counts against nobody
    longest = max(row.try_at for row in waiting) - timezone.now()
    assert longest <= posting.LONGEST_WAIT + dt.timedelta(seconds=5)

    try_again_now()
    with open_postbox(postbox, settings):
        posting.remind()

    assert sorted(to for to, _text in postbox.letters) == ["binh@vi-du.vn", "hoa@vi-du.vn", "nam@vi-du.vn"]
    assert not waiting.all().exists()


@pytest.mark.parametrize("minutes", [-1, 1], ids=["the older first", "the newer first"])
def test_after_days_without_a_server_one_letter_says_all(cast, today, postbox, settings, minutes):
    reminding.plan(today)
    (of_today,) = Letter.unscoped.filter(user=cast.hoa)
    Letter.unscoped.filter(pk=of_today.pk).update(try_at=timezone.now() + dt.timedelta(minutes=minutes))
    tomorrow = Letter.unscoped.create(user=cast.hoa, kind=of_today.kind, day=today + dt.timedelta(days=1))

    with open_postbox(postbox, settings):
        posting.send_waiting()
        try_again_now()
        posting.send_waiting()

    (letter,) = postbox.arrived_for("hoa@vi-du.vn")
    assert "Sinh hoạt định kỳ" in body(letter)  # of which only the older one was to remind
    found = {one.day: one.state for one in Letter.unscoped.filter(user=cast.hoa)}
    assert found == {today: NOTHING, tomorrow.day: SENT}


def test_a_box_that_refuses_for_good_keeps_nobody_from_their_letter(cast, postbox, settings):
    postbox.refused = {"hoa@vi-du.vn"}

    with open_postbox(postbox, settings):
        for _round in range(posting.MAX_REFUSALS):
            posting.remind()
            try_again_now()

    assert states()["hoa", "daily"] == FAILED
    assert sorted(to for to, _text in postbox.letters) == ["binh@vi-du.vn", "nam@vi-du.vn"]


def test_the_administrator_reads_what_waits_and_what_was_refused(cast, client):
    posting.remind()
    Letter.unscoped.filter(user=cast.hoa).update(state=FAILED)
    client.force_login(cast.quan)

    assert [count for _name, count in client.get("/").context["shown"].jobs.letters] == [2, 1]


def test_one_reminder_that_fails_silences_nobody(cast, today, monkeypatch, caplog):
    """A fault in what one cell owes, and one in the rows of one user."""

    def broken(scope):
        if cast.cell.pk in scope.tops:
            raise ValueError("broken")
        yield from sources.regular(scope)

    monkeypatch.setattr(sources, "SOURCES", {broken: {"regular"}, sources.thematic: {"thematic"}})
    write = reminding.plan_letter

    def unwritable(user, *rest):
        if user == cast.binh.pk:
            raise ValueError("broken")
        return write(user, *rest)

    monkeypatch.setattr(reminding, "plan_letter", unwritable)
    caplog.set_level(logging.CRITICAL)

    reminding.plan(today)

    reminded = {row.user.username: set() for row in Letter.unscoped.select_related("user")}
    for row in Reminder.unscoped.select_related("user"):
        reminded[row.user.username].add(row.key.partition("-")[0])
    assert reminded == {"hoa": {"thematic"}, "nam": {"regular", "thematic"}}


def test_what_was_done_meanwhile_is_not_reminded_of(cast, today, postbox, settings):
    ObligationRule.unscoped.exclude(subject="regular").delete()
    Letter.unscoped.all().delete()
    reminding.plan(today)
    for back in range(5):
        month = today.year * 12 + today.month - 1 - back
        close(SessionFactory(cell=cast.cell, day=min(today, dt.date(month // 12, month % 12 + 1, 2))))

    with open_postbox(postbox, settings):
        posting.send_waiting()

    told = [body(text) for text in postbox.arrived_for("hoa@vi-du.vn")]
    assert states()["hoa", "daily"] == NOTHING or all(f"tháng {today.month}/{today.year}" not in one for one in told)
    assert len(postbox.arrived_for("nam@vi-du.vn")) == 1


def test_whose_post_ended_reads_nothing_more_of_the_cell(cast, today, postbox, settings):
    reminding.plan(today)
    cast.nam.posts.update(last_day=today - dt.timedelta(days=1))

    with open_postbox(postbox, settings):
        posting.send_waiting()

    assert postbox.arrived_for("nam@vi-du.vn") == []
    assert states()["nam", "daily"] == NOTHING


def test_who_only_takes_the_minutes_by_now_reads_nothing_that_is_the_secretarys(cast, today, postbox, settings):
    reminding.plan(today)
    cast.nam.posts.update(role=Role.MINUTE_TAKER)

    with open_postbox(postbox, settings):
        posting.send_waiting()

    (letter,) = postbox.arrived_for("nam@vi-du.vn")
    assert "Sinh hoạt định kỳ" in body(letter)
    assert "Báo cáo quý" not in body(letter)


def test_quiet_hours_and_wishes_are_kept(cast, today, postbox, settings):
    ReminderChoice.unscoped.create(user=cast.hoa, by_mail=False)
    settings.QUIET_HOURS = (dt.time(21), dt.time(7))
    assert [posting.is_quiet(dt.time(hour)) for hour in (20, 21, 23, 0, 6, 7, 12)] == [
        *(False, True, True),
        *(True, True, False, False),
    ]
    now = timezone.localtime()
    settings.QUIET_HOURS = ((now - dt.timedelta(hours=1)).time(), (now + dt.timedelta(hours=1)).time())

    with open_postbox(postbox, settings):
        posting.remind()
        assert postbox.letters == []
        settings.QUIET_HOURS = (dt.time(0), dt.time(0))
        posting.remind()

    assert sorted(to for to, _text in postbox.letters) == ["binh@vi-du.vn", "nam@vi-du.vn"]
    assert ("hoa", "daily") not in states()


def test_without_a_mail_server_nothing_is_planned_at_all(cast, settings):
    settings.SENDS_MAIL = False

    posting.remind()

    assert not Letter.unscoped.exists()


def test_letters_name_no_people(cast, today, postbox, settings):
    PostFactory(user=cast.nam, organisation=cast.committee, role=Role.COMMITTEE)
    cast.speaker.appointments.update(last_day=today + dt.timedelta(days=20))

    with open_postbox(postbox, settings):
        posting.remind()

    text = "".join(body(one) for one in postbox.arrived_for("nam@vi-du.vn"))
    assert "Quyết định công nhận sắp hết hạn" in text
    assert "Sơn" not in text


def test_a_letter_is_claimed_by_one_worker_and_again_when_that_one_is_dead(cast, today):
    reminding.plan(today)
    Letter.unscoped.exclude(user=cast.hoa).delete()

    first = posting.claim()

    assert posting.claim() is None
    Letter.unscoped.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    second = posting.claim()
    assert second.pk == first.pk
    posting.end(first, SENT)  # the dead one comes back: it is no longer his
    assert Letter.unscoped.get().state == WAITING
    posting.end(second, SENT)
    assert Letter.unscoped.get().state == SENT


def test_planning_asks_as_often_for_three_hundred_cells_per_user(cast, today):
    def asked():
        Letter.unscoped.all().delete()
        with CaptureQueriesContext(connection) as found:
            reminding.plan_daily(today)
        users = Letter.unscoped.count()
        return len([query for query in found if "reports_letter" not in query["sql"]]), users

    before, few = asked()
    for number, cell in enumerate(make_places(cast.branch, Kind.CELL, 20, "N")):
        PostFactory(user=UserFactory(email=f"u{number}@vi-du.vn"), organisation=cell, role=Role.SECRETARY)
    after, many = asked()

    assert many == few + 20
    each = (after - before) / 20
    assert each <= 6  # the rows of a letter; what is owed is worked out once for all


@pytest.mark.once
@given(
    due=st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)),
    offset=st.integers(-90, 400),
    ahead=st.sampled_from([0, 7, 10, 14, 30, 60]),
)
def test_each_span_begins_once_and_holds_its_day(due, offset, ahead):
    rule, on = ObligationRule(days_ahead=ahead), due + dt.timedelta(days=offset)
    state = State.LATE if on > due else State.DUE
    one = Obligation("report", 1, due, due, due, state, rule)

    span = reminding.span_of(one, on)

    if offset < -max(ahead, 1):
        assert span is None
        return
    kind, day = span
    assert day <= on
    assert kind == ("late" if on > due else "soon")
    assert (on - day).days < 7 or kind == "soon"
    assert reminding.span_of(one, day) == span or kind == "late"
