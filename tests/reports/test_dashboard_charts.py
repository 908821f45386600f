"""Bars compare truly: they begin at nothing, and the missing part is drawn beside what is there."""

import pytest

from reports.charts import bar_chart, named_chart, pair_chart


@pytest.mark.parametrize(
    ("numerator", "denominator", "length", "rest"),
    [(1, 2, 94.0, 94.0), (0, 5, 0.0, 188.0), (5, 5, 188.0, 0.0), (7, 5, 188.0, 0.0), (0, 0, 0, 188.0)],
)
def test_a_bar_is_as_long_as_its_share(numerator, denominator, length, rest):
    chart = bar_chart("Có mặt", "", [("07/2024", "", numerator, denominator)])

    (bar,) = chart.bars
    assert (bar.length, bar.rest, bar.is_empty) == (length, rest, denominator == 0)
    assert bar.rest_from == bar.left + bar.length


def test_each_month_has_a_line_of_its_own():
    chart = bar_chart("Có mặt", "", [(f"{month:02d}/2024", "", 1, 2) for month in range(1, 13)])

    assert len({bar.top for bar in chart.bars}) == 12
    assert max(bar.top + bar.height for bar in chart.bars) < chart.height


def test_a_target_lies_where_its_share_ends():
    assert bar_chart("", "", [("07/2024", "", 1, 2)], target=0.5).mark == 160.0
    assert bar_chart("", "", [("07/2024", "", 1, 2)]).mark is None


def test_long_names_stand_above_their_bars_and_touch_nothing():
    long = "Chi bộ Trường Trung học phổ thông chuyên và Trung tâm giáo dục thường xuyên tỉnh"

    chart = named_chart("", "", [("Chi bộ một", "", 1, 2), (long, "", 1, 2), ("Chi bộ hai", "", 0, 0)])

    assert [len(bar.labels) for bar in chart.bars] == [1, 2, 1]
    lines = [edge for bar in chart.bars for edge in (*(top for _text, top in bar.labels), bar.top + bar.height)]
    assert lines == sorted(set(lines))
    assert lines[-1] < chart.height


def test_two_years_stand_below_each_other_and_the_first_bears_the_month():
    this, before = ("", "80 %", 8, 10), ("", "—", 0, 0)

    first, second = pair_chart("", "", [("Tháng 1", this, before)]).bars

    assert ([text for text, _top in first.labels], second.labels) == (["Tháng 1"], [])
    assert (first.css, second.css, second.is_empty) == ("chart-there", "chart-before", True)
    assert second.top > first.top + first.height
