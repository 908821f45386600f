import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells.papers.wording import clock, estimated, percent, share, thousands

pytestmark = pytest.mark.once

COUNTS = st.integers(min_value=0, max_value=2_000_000)


def value_of(printed: str) -> Fraction:
    return Fraction(printed.removesuffix("\u00a0%").replace(".", "").replace(",", "."))


@given(numerator=COUNTS, denominator=COUNTS.filter(bool))
def test_a_percentage_is_near_the_quotient_and_says_all_or_none_only_of_all_or_none(numerator, denominator):
    printed = percent(numerator, denominator)

    assert abs(value_of(printed) - Fraction(100 * numerator, denominator)) <= Fraction(1, 10)
    assert (printed == "100\u00a0%") == (numerator == denominator)
    assert (value_of(printed) == 100) == (numerator == denominator)
    assert (printed == "0\u00a0%") == (numerator == 0)
    assert (value_of(printed) == 0) == (numerator == 0)


@given(tenths=st.integers(min_value=1, max_value=999))
def test_half_a_tenth_rounds_up(tenths):
    assert percent(tenths * 2 - 1, 2000) == percent(tenths, 1000)


@given(number=st.integers(min_value=0, max_value=10**12))
def test_thousands_have_a_dot_and_can_be_read_back(number):
    groups = thousands(number).split(".")

    assert int("".join(groups)) == number
    assert [len(group) for group in groups[1:]] == [3] * (len(groups) - 1)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (197, 200, "98,5\u00a0%"),
        (1999, 2000, "99,9\u00a0%"),
        (1, 100_000, "0,1\u00a0%"),
        (0, 0, "—"),
        (5, 0, "—"),
        (84, 84, "100\u00a0%"),
        (21, 20, "105,0\u00a0%"),
        (100_001, 100_000, "100,1\u00a0%"),
    ],
)
def test_percentages_as_printed(numerator, denominator, expected):
    assert percent(numerator, denominator) == expected


def test_a_share_stands_with_numerator_and_denominator_and_an_estimate_with_its_word():
    assert share(15463, 16000) == "15.463/16.000 (96,6\u00a0%)"
    assert share(800, 820, "gần") == "gần\u00a0800/820 (97,6\u00a0%)"
    assert estimated(5300, "khoảng") == "khoảng\u00a05.300"


def test_times_are_printed_as_far_as_they_are_known():
    assert clock(dt.time(7, 30), dt.time(9, 0)) == "07:30–09:00"
    assert clock(dt.time(7, 30), None) == "07:30"
    assert clock(None, None) == "—"
