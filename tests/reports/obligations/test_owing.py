"""What is owed follows from dated rules and organisations; what is done, from the facts themselves."""

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cells import lineage
from cells.models import Kind, Organisation, OrganisationPeriod
from cells.reach import with_reach
from reports.obligations import owing
from reports.obligations.models import ObligationRule, Subject
from reports.obligations.owing import State
from reports.obligations.scope import periods_in
from reports.periods import Period
from reports.statistics import figures
from resolutions.models import FollowUp, StudyConference
from sessions.due import due_for
from sessions.models import RuleSubject, Session, SessionKind, SessionNotice, SessionRule, Shift
from speakers.models import HeldActivity, RecurringDuty, RosterReview
from tests.cast import make_cast
from tests.factories import (
    AppointmentFactory,
    ConferenceFactory,
    OrganisationFactory,
    SessionFactory,
    close,
)
from tests.reports.obligations.places import make_places
from tests.reports.test_definitions import World

YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
ON = dt.date(2026, 11, 30)


@pytest.fixture
def cast(db):
    return make_cast()


def states(found, subject) -> dict:
    return dict(Counter(one.state for one in found if one.subject == subject))


def late(organisation, on) -> list:
    return [(one.organisation, one.due) for one in owing.overdue(organisation, on=on) if one.subject == Subject.REGULAR]


def put_off(cell, old_day, new_day, told_on, actor, **fields):
    session = SessionFactory(cell=cell, day=new_day, **fields)
    SessionNotice.unscoped.create(
        session=session,
        kind=SessionNotice.Kind.POSTPONED,
        old_day=old_day,
        new_day=new_day,
        reason="Đi chống bão",
        given_by=actor,
        given_at=dt.datetime.combine(told_on, dt.time(8), dt.UTC),
    )
    return session


@pytest.mark.parametrize(
    ("told_on", "new_day", "due"),
    [(2, 20, 20), (3, 20, 20), (4, 20, 3), (2, 1, 3)],
    ids=["before the day", "on the day", "too late", "to an earlier day"],
)
def test_a_session_put_off_in_time_is_due_by_the_new_day(cast, told_on, new_day, due):
    old_day, new_day, told_on = (dt.date(2026, 11, day) for day in (3, new_day, told_on))
    put_off(cast.cell, old_day, new_day, told_on, cast.hoa)
    last = dt.date(2026, 11, due)

    def days_late(on):
        of_duties = next(one for one in due_for(with_reach(cast.hoa).reach, on) if one.kind == SessionKind.REGULAR)
        of_engine = [(on - day).days for cell, day in late(cast.cell, on) if day.month == 11]
        assert of_engine == [of_duties.days_late] * bool(of_duties.days_late)
        return of_duties.days_late

    assert [days_late(last), days_late(last + dt.timedelta(days=1))] == [0, 1]


def test_put_off_twice_in_time_the_later_day_counts_and_the_next_month_never(cast):
    first = put_off(cast.cell, dt.date(2026, 11, 3), dt.date(2026, 11, 10), dt.date(2026, 11, 2), cast.hoa)
    again = {"kind": "postponed", "reason": "Bão chưa tan", "given_by": cast.hoa, "session": first}
    for old, month, day, told_on in ((10, 11, 20, 9), (20, 12, 2, 19)):
        given_at = dt.datetime(2026, 11, told_on, 8, tzinfo=dt.UTC)
        new_day = dt.date(2026, month, day)
        SessionNotice.unscoped.create(old_day=dt.date(2026, 11, old), new_day=new_day, given_at=given_at, **again)

    def late_since(on: int) -> list[int]:
        return [day.day for _cell, day in late(cast.cell, dt.date(2026, 11, on)) if day.month == 11]

    assert late_since(30) == [20]

    first.state = Session.State.CANCELLED
    first.save()
    assert late_since(24) == late_since(30) == [3]  # nobody told when

    called_off = again | {"kind": "cancelled", "reason": "Ngập nhà", "old_day": dt.date(2026, 11, 20)}
    given_at = dt.datetime(2026, 11, 25, 18, tzinfo=dt.UTC)  # the 26th in Vietnam
    SessionNotice.unscoped.create(new_day=None, given_at=given_at, **called_off)
    assert (late_since(25), late_since(26)) == ([20], [3])


def test_a_cell_without_a_session_by_the_tenth_is_late_and_a_session_logged_later_clears_it(cast):
    """L5. The 3rd of November 2026 is a Tuesday: due that day."""
    close(SessionFactory(cell=cast.neighbour, day=dt.date(2026, 11, 2)))
    missed = (cast.cell.pk, dt.date(2026, 11, 3))
    for month in (8, 9, 10):
        for cell in (cast.cell, cast.neighbour):
            close(SessionFactory(cell=cell, day=dt.date(2026, month, 3)))

    assert late(cast.committee, dt.date(2026, 11, 3)) == []
    assert late(cast.committee, dt.date(2026, 11, 10)) == [missed]

    close(SessionFactory(cell=cast.cell, day=dt.date(2026, 11, 9)))

    assert late(cast.committee, dt.date(2026, 11, 10)) == []
    assert late(cast.committee, dt.date(2026, 11, 8)) == [missed]  # as it was seen then


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (1, dt.date(2026, 1, 5)),  # the 3rd is a Saturday
        (2, dt.date(2026, 2, 3)),
        (5, dt.date(2026, 5, 4)),  # a Sunday
        (10, dt.date(2026, 10, 5)),
    ],
)
def test_the_day_moves_off_weekends_as_the_rule_in_force_says(cast, month, due):
    (one,) = (
        one
        for one in owing.in_period(cast.cell, due.replace(day=1), due.replace(day=28) + dt.timedelta(days=3), on=ON)
        if one.subject == Subject.REGULAR
    )

    assert one.due == due


def test_tet_moves_the_day_and_a_day_of_ones_own_overrides_it(cast):
    """A cell that meets on the 17th: from the 16th to the 20th of February 2026 nobody works."""
    SessionRule.unscoped.create(
        organisation=cast.branch,
        subject=RuleSubject.SESSION_DAY,
        number=17,
        shift=Shift.NEXT,
        source="Nghị quyết",
        first_day=dt.date(2026, 1, 1),
    )
    found = owing.in_period(cast.cell, dt.date(2026, 2, 1), dt.date(2026, 2, 28), on=dt.date(2026, 2, 22))

    (one,) = (one for one in found if one.subject == Subject.REGULAR)
    assert (one.due, one.state) == (dt.date(2026, 2, 23), State.DUE)


def test_six_thematic_sessions_in_two_quarters_leave_the_other_two_owing(cast):
    """T3-2, R4: quarter by quarter, never six of four."""
    for month in (1, 2, 3, 4, 5, 6):
        close(SessionFactory(cell=cast.cell, day=dt.date(2026, month, 9), kind=SessionKind.THEMATIC, theme="A"))

    found = owing.in_period(cast.cell, *YEAR, on=dt.date(2026, 10, 1))

    assert states(found, Subject.THEMATIC) == {State.DONE: 2, State.LATE: 1, State.DUE: 1}


def test_a_bloc_owes_twelve_meetings_and_four_briefings_four_trainings_and_one_review(cast):
    """T1-6, T2-11, T2-13."""
    Kinds = RecurringDuty.Kind
    for kind, months in ((Kinds.MEETING, 1), (Kinds.BRIEFING, 3), (Kinds.TRAINING, 3), (Kinds.REVIEW, 12)):
        RecurringDuty.unscoped.create(
            organisation=cast.committee, kind=kind, months=months, first_day=dt.date(2025, 1, 1)
        )
    HeldActivity.unscoped.create(
        organisation=cast.committee, kind=Kinds.MEETING, day=dt.date(2026, 10, 7), subject="A", expected=1, present=1
    )
    RosterReview.unscoped.create(
        organisation=cast.committee, year=2026, day=dt.date(2026, 6, 1), finished_at="2026-06-01T00:00Z"
    )

    found = owing.in_period(cast.province, *YEAR, on=ON)
    counts = owing.tally(found)

    assert [sum(counts[kind].values()) for kind in Kinds.values] == [12, 4, 4, 1]
    assert counts[Subject.MEETING] == {State.DONE: 1, State.LATE: 9, State.DUE: 1, State.AHEAD: 1}
    assert counts[Subject.REVIEW] == {State.DONE: 1}
    assert {one.organisation for one in found if one.subject in Kinds.values} == {cast.committee.pk}


def test_177_grassroots_organisations_owe_708_conferences_and_those_missing_are_named(db):
    """T2-1, T2-10."""
    bloc = OrganisationFactory(code="K", kind=Kind.BLOC)
    committees = make_places(bloc, Kind.GRASSROOTS_COMMITTEE, 121, "ĐB")
    cells = make_places(bloc, Kind.GRASSROOTS_CELL, 56, "CB")
    make_places(committees[0], Kind.CELL, 3, "TT")
    held = [
        StudyConference(
            code=f"H{place.pk}-{month}",
            organisation=place,
            day=dt.date(2026, month, 5),
            subject="A",
            mode="online",
            expected=1,
            present=1,
        )
        for place in (*committees, *cells[1:])
        for month in (3, 6, 9)
    ]
    StudyConference.unscoped.bulk_create(held)

    found = [one for one in owing.in_period(bloc, *YEAR, on=ON) if one.subject == Subject.CONFERENCE]

    assert len(found) == 708
    assert states(found, Subject.CONFERENCE) == {State.DONE: 528, State.LATE: 3, State.DUE: 177}
    assert {one.organisation for one in found if one.is_late} == {cells[0].pk}


def test_a_planned_conference_and_one_of_another_quarter_fulfil_nothing(cast):
    ConferenceFactory(organisation=cast.branch, day=dt.date(2026, 8, 1), state=StudyConference.State.PLANNED)
    ConferenceFactory(organisation=cast.branch, day=dt.date(2026, 6, 30), expected=5, present=5)

    quarters = owing.in_period(cast.branch, *YEAR, on=ON)

    assert [one.state for one in quarters if one.subject == Subject.CONFERENCE] == [
        State.LATE,
        State.DONE,
        State.LATE,
        State.DUE,
    ]


def test_at_a_reorganisation_the_old_parent_keeps_what_ended_before_and_the_new_one_takes_the_rest(cast):
    """R7 of domain.md 1.9: the second quarter to the old parent, the third to the new one."""
    day = dt.date(2026, 7, 1)
    OrganisationPeriod.unscoped.filter(organisation=cast.cell).update(last_day=day - dt.timedelta(days=1))
    OrganisationPeriod.unscoped.create(
        organisation=cast.cell, name="Chi bộ một", kind=Kind.CELL, parent=cast.sibling, first_day=day
    )
    lineage.rebuild()

    def quarters(place, on):
        found = owing.in_period(place, *YEAR, on=on)
        return [
            one.last_day.month // 3
            for one in found
            if one.subject == Subject.THEMATIC and one.organisation == cast.cell.pk
        ]

    assert quarters(cast.branch, ON) == [1, 2]
    assert quarters(cast.sibling, ON) == [3, 4]
    assert quarters(cast.committee, ON) == [1, 2, 3, 4]
    assert quarters(cast.branch, dt.date(2026, 6, 30)) == [1, 2, 3, 4]  # until the day, all of it is the old one's
    assert quarters(cast.sibling, dt.date(2026, 6, 30)) == []


def test_within_a_period_the_obligation_changes_hands_on_the_day(cast):
    day = dt.date(2026, 11, 16)
    OrganisationPeriod.unscoped.filter(organisation=cast.cell).update(last_day=day - dt.timedelta(days=1))
    OrganisationPeriod.unscoped.create(
        organisation=cast.cell, name="Chi bộ một", kind=Kind.CELL, parent=cast.sibling, first_day=day
    )
    lineage.rebuild()
    missed = (cast.cell.pk, dt.date(2026, 11, 3))

    assert missed in late(cast.branch, dt.date(2026, 11, 15))
    assert missed not in late(cast.sibling, dt.date(2026, 11, 15))
    assert missed in late(cast.sibling, dt.date(2026, 11, 16))
    assert missed not in late(cast.branch, dt.date(2026, 11, 16))
    assert [one for one in late(cast.committee, dt.date(2026, 11, 16)) if one == missed] == [missed]


@pytest.mark.parametrize("heirs", [["sibling"], []], ids=["moved", "closed"])
def test_what_was_missed_before_a_reorganisation_is_asked_for_by_who_stands_above_now(cast, heirs):
    """The tally of October stays with the committee of then; who can still have it made good is the one of now."""
    day = dt.date(2026, 11, 1)
    OrganisationPeriod.unscoped.filter(organisation=cast.cell).update(last_day=day - dt.timedelta(days=1))
    for heir in heirs:
        fields = {"organisation": cast.cell, "name": "Chi bộ một", "kind": Kind.CELL}
        OrganisationPeriod.unscoped.create(parent=getattr(cast, heir), first_day=day, **fields)
    lineage.rebuild()
    october = dt.date(2026, 10, 1)

    def who_has_it(found_at):
        of_october = (cast.cell.pk, october, Subject.REGULAR)
        found = {name: found_at(getattr(cast, name)) for name in ("branch", "sibling")}
        return [name for name in found if of_october in {(o.organisation, o.first_day, o.subject) for o in found[name]}]

    assert who_has_it(lambda place: owing.of(place, on=dt.date(2026, 10, 31))) == ["branch"]
    assert who_has_it(lambda place: owing.of(place, on=dt.date(2026, 11, 20))) == heirs
    assert who_has_it(lambda place: owing.in_period(place, october, day, on=ON)) == ["branch"]


def test_who_was_founded_or_ended_within_a_period_does_not_owe_it(cast):
    OrganisationPeriod.unscoped.filter(organisation=cast.cell).update(first_day=dt.date(2026, 3, 2))
    OrganisationPeriod.unscoped.filter(organisation=cast.neighbour).update(last_day=dt.date(2026, 3, 30))
    lineage.rebuild()

    found = owing.in_period(cast.branch, dt.date(2026, 1, 1), dt.date(2026, 4, 30), on=ON)
    months = sorted((one.organisation, one.first_day.month) for one in found if one.subject == Subject.REGULAR)

    assert months == [(cast.cell.pk, 4), (cast.neighbour.pk, 1), (cast.neighbour.pk, 2)]


def test_a_quarterly_report_is_due_before_its_quarter_ends_and_covers_it_up_to_the_cut_off(cast):
    rule = ObligationRule.unscoped.get(subject=Subject.REPORT, months=3)
    rule.cut_off_day = 15
    rule.save()

    (one,) = (
        one
        for one in owing.in_period(cast.cell, dt.date(2026, 12, 1), dt.date(2026, 12, 31), on=ON)
        if one.subject == Subject.REPORT and one.months == 3
    )

    assert (one.first_day, one.last_day) == (dt.date(2026, 10, 1), dt.date(2026, 12, 31))
    assert (one.due, one.cut_off) == (dt.date(2026, 12, 20), dt.date(2026, 12, 15))


def test_the_nearest_rule_holds_and_a_place_may_be_left_out(cast):
    national = ObligationRule.unscoped.get(subject=Subject.REPORT, months=3)
    local = {"subject": Subject.REPORT, "months": 3, "source_note": "Quy chế", "first_day": dt.date(2026, 1, 1)}
    ObligationRule.unscoped.create(organisation=cast.branch, due_month=1, due_day=5, **local)
    ObligationRule.unscoped.create(organisation=cast.neighbour, is_owed=False, **local)

    found = owing.in_period(cast.committee, dt.date(2026, 12, 1), dt.date(2026, 12, 31), on=ON)
    due = {one.organisation: one.due for one in found if one.months == 3 and one.subject == Subject.REPORT}

    assert due[cast.cell.pk] == dt.date(2027, 1, 5)
    assert due[cast.sibling.pk] == national.due_of(dt.date(2026, 12, 31)) == dt.date(2026, 12, 20)
    assert cast.neighbour.pk not in due


def test_rules_hold_from_their_first_day_on(cast):
    """T1-11: nothing of the time before is held against anybody."""
    assert [
        one.subject for one in owing.in_period(cast.committee, dt.date(2017, 1, 1), dt.date(2017, 12, 31), on=ON)
    ] == []
    found = owing.in_period(cast.committee, dt.date(2020, 1, 1), dt.date(2020, 12, 31), on=ON)
    assert {one.subject for one in found} == {Subject.REGULAR, Subject.THEMATIC}


def test_a_decision_about_to_expire_is_a_matter_until_it_is_renewed_or_ended(cast):
    last = ON + dt.timedelta(days=31)
    expiring = AppointmentFactory(organisation=cast.branch, last_day=last)
    AppointmentFactory(organisation=cast.branch, last_day=ON + dt.timedelta(days=62))
    AppointmentFactory(organisation=cast.branch, last_day=last, end_reason="Nghỉ hưu")

    def open_ones():
        return [one.what for one in owing.of(cast.committee, on=ON) if one.subject == Subject.EXPIRING and one.is_open]

    assert open_ones() == [str(expiring.public_id)]

    AppointmentFactory(
        organisation=cast.branch, person=expiring.person, first_day=last + dt.timedelta(days=1), last_day=None
    )
    assert open_ones() == []


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_sessions_owed_and_done_are_those_of_the_figures(db, seed):
    """In random worlds of organisations renamed, moved, ended and taken over (figures.md, `regular_due` ...)."""
    ObligationRule.unscoped.filter(subject="thematic").update(first_day=dt.date(2011, 1, 1))
    with World(seed) as here:
        here.bring_in(here.book)
        for organisation in Organisation.unscoped.all():
            period = Period.parse(here.chance.choice(["2023", "2024", "2025-Q2", "2024-H2", "2023-11"]))
            told = figures(organisation, period)
            counts = owing.tally(owing.in_period(organisation, period.first_day, period.last_day, on=ON))
            regular, thematic = counts.get("regular", {}), counts.get("thematic", {})
            assert (sum(regular.values()), regular.get(State.DONE, 0)) == (told.regular_due, told.regular_done)
            if period.quarters():
                assert (sum(thematic.values()), thematic.get(State.DONE, 0)) == (told.thematic_due, told.thematic_done)


def test_follow_ups_are_done_by_their_evidence_and_waived_at_their_own_page(cast):
    """L13, T1-8: of an inspection the report is due as soon as it took place."""
    held = ConferenceFactory(organisation=cast.committee, day=dt.date(2026, 9, 1))

    def follow_up(title, due, **more):
        made = {"conference": held, "organisation": cast.branch, "given_by": cast.committee, "kind": "programme"}
        return FollowUp.unscoped.create(title=title, due=due, **{**made, **more})

    follow_up("xong", dt.date(2026, 10, 1), state="done", done_on=dt.date(2026, 9, 30))
    follow_up("chậm", dt.date(2026, 10, 2))
    follow_up("kiểm tra", dt.date(2026, 12, 10), kind="inspection", inspected_on=dt.date(2026, 11, 20))
    follow_up("thôi", dt.date(2026, 12, 11), state="waived", reason="Sáp nhập")
    follow_up("còn", dt.date(2026, 12, 12))

    found = owing.in_period(cast.committee, dt.date(2026, 9, 1), dt.date(2026, 12, 31), on=ON)

    told = {one.detail: one.state for one in found if one.subject == Subject.FOLLOW_UP}
    assert told == {
        "xong": State.DONE,
        "chậm": State.LATE,
        "kiểm tra": State.LATE,
        "thôi": State.WAIVED,
        "còn": State.DUE,
    }
    late = {row.title for row in FollowUp.unscoped.overdue(on=ON)}
    assert late == {title for title, state in told.items() if state == State.LATE}


def test_what_is_before_and_after_a_session_is_due_by_the_rules(cast):
    soon = SessionFactory(cell=cast.cell, day=ON + dt.timedelta(days=3))
    closed = close(SessionFactory(cell=cast.cell, day=dt.date(2026, 11, 3)))
    Session.unscoped.filter(pk=closed.pk).update(closed_at="2026-11-03T10:00Z")

    own = {one.what: (one.subject, one.due, one.state) for one in owing.of_own([cast.cell.pk], on=ON) if one.what}

    assert own == {
        str(soon.public_id): (Subject.MATERIALS, soon.day - dt.timedelta(days=1), State.DUE),
        str(closed.public_id): (Subject.RESULT, dt.date(2026, 11, 5), State.LATE),
    }
    assert [one for one in owing.of(cast.committee, on=ON) if one.what] == []  # the secretary's own list


def test_as_many_queries_for_a_cell_and_for_three_hundred(cast):
    def asked(place):
        with CaptureQueriesContext(connection) as found:
            owing.of(place, on=ON)
        return len(found)

    counts = {asked(cast.cell), asked(cast.branch)}
    for cell in make_places(cast.branch, Kind.CELL, 300, "N")[:3]:
        SessionFactory(cell=cell, day=ON)
    counts.add(asked(cast.branch))

    assert len(counts) == 1, counts


@pytest.mark.once
@given(
    months=st.sampled_from([1, 3, 6, 12]),
    first=st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31)),
    days=st.integers(0, 900),
)
def test_periods_tile_the_calendar_and_end_within_the_days(months, first, days):
    last = first + dt.timedelta(days=days)
    found = list(periods_in(months, first, last))

    for begun, ended in found:
        assert first <= ended <= last
        assert begun.day == 1
        assert (begun.month - 1) % months == 0
        assert (ended + dt.timedelta(days=1)).day == 1
    for (_begun, ended), (following, _end) in pairwise(found):
        assert following == ended + dt.timedelta(days=1)
    whole = sum(1 for day in range(days + 1) if is_end(first + dt.timedelta(days=day), months))
    assert len(found) == whole


def is_end(day: dt.date, months: int) -> bool:
    following = day + dt.timedelta(days=1)
    return following.day == 1 and (following.month - 1) % months == 0


@pytest.mark.once
@given(
    last=st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31)),
    due_month=st.integers(0, 3),
    due_day=st.integers(1, 31),
    cut_off_day=st.none() | st.integers(1, 31),
)
def test_a_report_never_covers_days_after_it_is_due_nor_after_its_period(last, due_month, due_day, cut_off_day):
    rule = ObligationRule(due_month=due_month, due_day=due_day, cut_off_day=cut_off_day)

    due, cut_off = rule.due_of(last), rule.cut_off_of(last)

    assert cut_off <= min(due, last)
    assert (due.year * 12 + due.month) - (last.year * 12 + last.month) == due_month
    assert due.day == due_day or (due + dt.timedelta(days=1)).day == 1


@pytest.mark.parametrize("subjects", [{Subject.REGULAR}, {Subject.REVIEW, Subject.REPORT}, {Subject.CONFERENCE}])
def test_who_asks_for_some_subjects_gets_what_all_would_hold_of_them(cast, subjects):
    RecurringDuty.unscoped.create(
        organisation=cast.committee, kind=RecurringDuty.Kind.REVIEW, months=12, first_day=dt.date(2020, 1, 1)
    )

    some = owing.in_period(cast.committee, *YEAR, on=ON, subjects=subjects)

    assert some == [one for one in owing.in_period(cast.committee, *YEAR, on=ON) if one.subject in subjects]
    assert {one.subject for one in some} == subjects
