"""Who is proposed to speak: fairly, whatever the team and whoever is away."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speakers.rotating import Slot, Speaker, can, end_of, months_from, propose

pytestmark = pytest.mark.once
JANUARY = dt.date(2026, 1, 1)
FIELDS = ("", "kinh tế", "xã hội")


def test_twelve_turns_over_seven_people_give_each_one_or_two():
    """domain.md, T0-4."""
    found = propose([Slot(month) for month in months_from(JANUARY, 12)], [Speaker(key) for key in range(7)])

    spoken = list(found.values())
    assert sorted(Counter(spoken).values()) == [1, 1, 2, 2, 2, 2, 2]
    assert len(set(spoken[:7])) == 7


def test_who_registered_goes_first_but_not_a_second_time():
    months = months_from(JANUARY, 3)
    slots = [Slot(month, wished=frozenset({2})) for month in months]

    found = propose(slots, [Speaker(key) for key in range(3)])

    assert [found[month] for month in months] == [2, 0, 1]


def test_a_newcomer_does_not_speak_for_all_the_years_missed():
    past = [(dt.date(2025, month, 1), month % 2) for month in range(1, 13)]
    team = [Speaker(0), Speaker(1), Speaker(2, joined=dt.date(2025, 12, 15))]

    found = propose([Slot(month) for month in months_from(JANUARY, 3)], team, past)

    assert Counter(found.values()) == {0: 1, 1: 1, 2: 1}


def test_nobody_is_proposed_where_nobody_can():
    away = ((JANUARY, dt.date(2026, 1, 31)),)

    assert propose([Slot(JANUARY)], [Speaker(1, away=away)]) == {JANUARY: None}
    assert propose([Slot(JANUARY)], []) == {JANUARY: None}


absences = st.lists(
    st.builds(
        lambda start, days: (JANUARY + dt.timedelta(start), JANUARY + dt.timedelta(start + days)),
        st.integers(0, 360),
        st.integers(0, 60),
    ),
    max_size=2,
).map(tuple)
teams = st.lists(st.tuples(st.sets(st.sampled_from(FIELDS[1:])), absences), min_size=1, max_size=9).map(
    lambda rows: [Speaker(key, frozenset(fields), away) for key, (fields, away) in enumerate(rows)]
)
slots = st.lists(st.sampled_from(FIELDS), min_size=1, max_size=14).map(
    lambda fields: [Slot(month, field) for month, field in zip(months_from(JANUARY, 14), fields, strict=False)]
)


def check_fairness(team, wanted):
    found = propose(wanted, team)

    assert list(found) == [slot.month for slot in wanted]
    counts = Counter()
    for slot in wanted:
        able = [one.key for one in team if can(one, slot)]
        chosen = found[slot.month]
        assert (chosen in able) if able else chosen is None
        if able:
            # Nobody speaks again before all who could have spoken this month had as many turns.
            assert counts[chosen] == min(counts[key] for key in able)
            counts[chosen] += 1


@settings(max_examples=20)
@given(teams, slots)
def test_the_proposed_is_able_and_nobody_able_has_spoken_less(team, wanted):
    check_fairness(team, wanted)


@pytest.mark.slow
@settings(max_examples=1000)
@given(teams, slots)
def test_fairness_at_length(team, wanted):
    check_fairness(team, wanted)


@settings(max_examples=20)
@given(st.integers(1, 9), st.integers(1, 24))
def test_where_all_can_the_turns_differ_by_one_at_most(people, months):
    found = propose([Slot(month) for month in months_from(JANUARY, months)], [Speaker(key) for key in range(people)])

    counts = Counter(found.values())
    assert max(counts.values()) - min(counts[key] for key in range(people)) <= 1


def test_the_end_of_a_month():
    assert [end_of(dt.date(2024, 2, 1)), end_of(dt.date(2025, 12, 1))] == [dt.date(2024, 2, 29), dt.date(2025, 12, 31)]
