"""Bars compare truly: they begin at nothing, and the missing part is drawn beside what is there."""

import pytest

from reports.charts import bar_chart


@pytest.mark.parametrize(
    ("numerator", "denominator", "length", "rest"),
    [(1, 2, 94.0, 94.0), (0, 5, 0.0, 188.0), (5, 5, 188.0, 0.0), (7, 5, 188.0, 0.0), (0, 0, 0, 188.0)],
)
def test_a_bar_is_as_long_as_its_share(numerator, denominator, length, rest):
    chart = bar_chart("Có mặt", "", [("07/2024", "", numerator, denominator)])

    (bar,) = chart.bars
    assert (bar.length, bar.rest, bar.is_empty) == (length, rest, denominator == 0)
    assert bar.rest_from == chart.left + bar.length


def test_each_month_has_a_line_of_its_own():
    chart = bar_chart("Có mặt", "", [(f"{month:02d}/2024", "", 1, 2) for month in range(1, 13)])

    assert len({bar.top for bar in chart.bars}) == 12
    assert max(bar.top for bar in chart.bars) + chart.bar_height < chart.height
