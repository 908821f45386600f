"""A period beside that of the year before: whole months beside whole months, else the same day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.periods import Period, month_end, quarter_code

pytestmark = pytest.mark.once


@given(day=st.dates(dt.date(1931, 1, 1), dt.date(2199, 12, 31)), is_whole=st.booleans(), span=st.sampled_from("YHQM"))
def test_the_year_before_ends_on_the_same_day_and_a_whole_month_stays_whole(day, is_whole, span):
    until = month_end(day) if is_whole else day
    codes = {"Y": f"{day.year}", "H": f"{day.year}-H{(day.month + 5) // 6}", "M": f"{day:%Y-%m}"}
    period = Period.parse(codes.get(span) or quarter_code(day), until)

    before = period.year_before

    assert (before.first_day, before.last_day.month) == (
        period.first_day.replace(year=day.year - 1),
        period.last_day.month,
    )
    assert (before.until.year, before.until.month) == (day.year - 1, day.month)
    if until == month_end(until):
        assert before.until == month_end(before.until)
        for spans in (Period.months, Period.quarters):
            assert [one.last_day.month for one in spans(before)] == [one.last_day.month for one in spans(period)]
    else:
        assert before.until.day == until.day


def test_two_months_of_a_leap_year_stand_beside_two_months():
    cuts = [(2029, 28), (2028, 29), (2028, 28), (2025, 28)]
    before = [Period.parse(f"{year}", dt.date(year, 2, day)).year_before.until for year, day in cuts]

    assert before == [dt.date(2028, 2, 29), dt.date(2027, 2, 28), dt.date(2027, 2, 28), dt.date(2024, 2, 29)]
