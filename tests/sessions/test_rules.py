import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions.models import Holiday, RuleSubject, SessionKind, SessionRule, Shift, Sureness
from sessions.rules import Rulebook, is_working_day, month_end, month_start, rules_for, session_day, shifted
from tests.factories import OrganisationFactory, SessionRuleFactory

NOBODY = frozenset()
DAY = dt.date(2026, 11, 10)


def test_the_third_of_the_months_of_2026():
    """domain.md R3: Sat, Tue, Tue, Fri, Sun, Wed, Fri, Mon, Thu, Sat, Tue, Thu."""
    days = [f"{dt.date(2026, month, 3):%a}" for month in range(1, 13)]

    assert days == ["Sat", "Tue", "Tue", "Fri", "Sun", "Wed", "Fri", "Mon", "Thu", "Sat", "Tue", "Thu"]


@pytest.mark.parametrize(
    ("shift", "days"),
    [
        (Shift.NONE, [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]),
        # January: 1 and 2 are days off too, so there is no working day before the 3rd.
        (Shift.NEXT, [5, 3, 3, 3, 4, 3, 3, 3, 3, 5, 3, 3]),
        (Shift.PREVIOUS, [5, 3, 3, 3, 4, 3, 3, 3, 3, 2, 3, 3]),
    ],
)
def test_each_shift_through_2026(db, shift, days):
    SessionRule.unscoped.filter(subject=RuleSubject.SESSION_DAY).update(shift=shift)
    cell = OrganisationFactory()

    assert [session_day(cell.pk, dt.date(2026, month, 20)).day for month in range(1, 13)] == days


@given(
    day=st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 28)).filter(lambda day: day.day <= 28),
    shift=st.sampled_from(Shift),
    off=st.sets(st.integers(1, 28)),
)
@settings(max_examples=150)
def test_a_shifted_day_is_a_working_day_of_its_month(day, shift, off):
    days_off = frozenset(day.replace(day=number) for number in off)
    working = [
        candidate
        for candidate in (day.replace(day=number) for number in range(1, month_end(day).day + 1))
        if is_working_day(candidate, days_off)
    ]

    found = shifted(day, shift, days_off)

    assert month_start(found) == month_start(day)
    if shift == Shift.NONE or day in working or not working:
        assert found == day
        return
    assert found in working
    after, before = [one for one in working if one > day], [one for one in working if one < day]
    first, then = (after[:1], before[-1:]) if shift == Shift.NEXT else (before[-1:], after[:1])
    assert [found] == (first or then)  # neither earlier nor later than need be


def test_rules_are_inherited_field_by_field_from_the_nearest(cast):
    SessionRuleFactory(organisation=cast.province, number=1, source="CV 747-CV/TU")
    SessionRuleFactory(organisation=cast.committee, subject=RuleSubject.THEMATIC_PER_QUARTER, number=2)
    SessionRuleFactory(organisation=cast.branch, number=5, shift=Shift.PREVIOUS)
    SessionRuleFactory(organisation=cast.cell, subject=RuleSubject.MINUTES_REGULAR, number=60)

    def told(organisation):
        rules = rules_for(organisation.pk, DAY)
        quota, minutes = rules.thematic_per_quarter, rules.min_minutes(SessionKind.REGULAR)
        return rules.day_of_month, rules.shift, quota, minutes, rules.of(RuleSubject.SESSION_DAY).depth

    assert told(cast.cell) == (5, Shift.PREVIOUS, 2, 60, 1)
    assert told(cast.neighbour) == (5, Shift.PREVIOUS, 2, 90, 1)
    assert told(cast.sibling) == (1, Shift.NEXT, 2, 90, 2)
    assert told(cast.foreign) == (1, Shift.NEXT, 1, 90, 1)
    assert rules_for(cast.foreign.pk, DAY).of(RuleSubject.SESSION_DAY).source == "CV 747-CV/TU"


def test_codes_that_begin_alike_share_no_rules(cast):
    SessionRuleFactory(organisation=cast.sibling, number=9)

    assert [rules_for(one.pk, DAY).day_of_month for one in (cast.branch, cast.other_sibling, cast.foreign)] == [3, 3, 3]


def test_the_guidance_of_its_time_holds(cast):
    def told(day):
        rules = rules_for(cast.cell.pk, day)
        minutes = [rules.min_minutes(kind) for kind in SessionKind]
        return rules.day_of_month, minutes, rules.thematic_per_quarter, rules.materials_due(day), rules.result_due(day)

    assert told(dt.date(2024, 7, 3)) == (None, [90, 90, None, None], 1, None, None)
    assert told(dt.date(2025, 8, 4)) == (3, [90, 90, None, None], 1, None, None)
    day = dt.date(2026, 11, 3)
    assert told(day) == (3, [90, 90, 120, None], 1, dt.date(2026, 11, 2), dt.date(2026, 11, 5))


def test_a_rule_made_within_a_month_moves_the_next_one(cast):
    SessionRuleFactory(organisation=cast.cell, number=20, first_day=dt.date(2026, 11, 2), last_day=dt.date(2026, 12, 5))

    months = [session_day(cast.cell.pk, dt.date(2026, month, 1)) for month in (11, 12)]

    assert months == [dt.date(2026, 11, 3), dt.date(2026, 12, 21)]  # the 20th is a Sunday
    assert session_day(cast.cell.pk, dt.date(2027, 1, 1)) == dt.date(2027, 1, 4)


def test_rules_follow_the_tree_of_the_day(cast):
    moved = OrganisationFactory(first_day=dt.date(2026, 1, 1), last_day=dt.date(2026, 6, 30), parent=cast.branch)
    SessionRuleFactory(organisation=cast.branch, number=7)

    assert session_day(moved.pk, dt.date(2026, 6, 1)) == dt.date(2026, 6, 8)  # Sunday the 7th
    assert session_day(moved.pk, dt.date(2026, 7, 1)) == dt.date(2026, 7, 3)  # hangs nowhere: the nation


def test_a_cell_founded_within_the_month_has_rules_at_once(cast):
    cell = OrganisationFactory(first_day=dt.date(2026, 9, 14), parent=cast.branch)
    SessionRuleFactory(organisation=cast.branch, number=24)

    assert session_day(cell.pk, dt.date(2026, 9, 1)) == dt.date(2026, 9, 24)


def test_without_any_rule_a_month_has_until_its_end(cast):
    SessionRule.unscoped.all().delete()

    assert session_day(cast.cell.pk, dt.date(2026, 2, 10)) == dt.date(2026, 2, 28)


def test_many_cells_and_months_cost_three_queries(cast, django_assert_num_queries):
    SessionRuleFactory(organisation=cast.committee, number=7)
    cells = [cast.cell.pk, cast.neighbour.pk, cast.foreign.pk]
    for asked in (cells[:1], cells):
        with django_assert_num_queries(3):
            book = Rulebook(asked, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
            for cell in asked:
                for month in range(1, 13):
                    book.session_day(cell, dt.date(2026, month, 1))
                    book.rules_for(cell, dt.date(2026, month, 9))


@given(year=st.integers(2020, 2027), month=st.integers(1, 12), number=st.integers(1, 28), shift=st.sampled_from(Shift))
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_the_day_of_a_month_lies_in_it_and_is_worked_on(cast, year, month, number, shift):
    SessionRule.unscoped.filter(organisation=cast.cell).delete()
    SessionRuleFactory(organisation=cast.cell, number=number, shift=shift, first_day=dt.date(2019, 1, 1))
    month = dt.date(year, month, 1)

    day = session_day(cast.cell.pk, month)

    assert month_start(day) == month
    if shift == Shift.NONE:
        assert day.day == number
    else:
        assert is_working_day(day, frozenset(Holiday.objects.values_list("day", flat=True)))


def test_what_is_not_certain_says_so(db):
    doubtful = Holiday.objects.filter(sureness=Sureness.LOW).values_list("day", flat=True)

    assert {day.year for day in doubtful} == {2026, 2027}
    assert dt.date(2026, 11, 24) in doubtful
    assert Holiday.objects.filter(day__year=2027, sureness=Sureness.MEDIUM).count() == 0
    tet = [Holiday.objects.filter(name="Tết Nguyên đán", day__year=year).count() for year in range(2020, 2028)]
    assert tet == [7, 7, 5, 7, 7, 5, 5, 5]


def test_seeding_never_brings_back_what_was_removed(db):
    from django.apps import apps

    from sessions.seeding import seed

    Holiday.objects.exclude(name="Quốc khánh").delete()
    left = Holiday.objects.count()

    seed(apps)

    assert (Holiday.objects.count(), SessionRule.unscoped.count()) == (left, 10)
