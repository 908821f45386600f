"""Bars of shares as plain numbers, for a template that draws them as inline SVG; a unit is a pixel at full width."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 320
LABEL, VALUE = 66, 66  # room for the name of the month on the left and the percentage on the right
ROW, BAR = 32, 14
PAIR, PAIR_BAR, PAIR_LABEL = 46, 12, 80  # a month with two bars, told as `Tháng 10`
LINE, LETTERS = 18, 40  # of a name that stands above its bar


@dataclass(frozen=True)
class Bar:
    labels: list[tuple[str, int]]  # lines of text, and how far down each stands
    value: str
    top: int
    text_top: int  # of the value
    left: int
    height: int
    length: float  # of the part that is there
    rest_from: float
    rest: float  # of the part that is missing
    is_empty: bool
    css: str = "chart-there"


@dataclass(frozen=True)
class Chart:
    title: str
    description: str
    bars: list[Bar]
    height: int
    width: int = WIDTH
    mark: float | None = None  # where a target lies, from the left


Row = tuple[str, str, int, int]  # label, printed value, numerator, denominator


def bar_chart(title: str, description: str, rows: Iterable[Row], target: float | None = None) -> Chart:
    """A bar for each row, its label on the left; bars begin at nothing, so that lengths compare truly."""
    bars = [month_bar(position * ROW, *row) for position, row in enumerate(rows)]
    full = WIDTH - LABEL - VALUE
    mark = None if target is None else round(LABEL + full * min(target, 1), 1)
    return Chart(title, description, bars, height=ROW * len(bars) + 4, mark=mark)


def month_bar(row_top: int, label: str, value: str, numerator: int, denominator: int) -> Bar:
    top = row_top + (ROW - BAR) // 2
    return bar([(label, top + BAR - 2)], value, top, BAR, LABEL, numerator, denominator)


def pair_chart(title: str, description: str, rows: Iterable[tuple[str, Row, Row]]) -> Chart:
    """Two bars for each label: the first, and below it, paler, the one it is compared with."""
    bars = []
    for position, (label, this, before) in enumerate(rows):
        top = position * PAIR + 6
        bars.append(bar([(label, top + PAIR_BAR)], this[1], top, PAIR_BAR, PAIR_LABEL, *this[2:]))
        second = top + PAIR_BAR + 5
        bars.append(bar([], before[1], second, PAIR_BAR, PAIR_LABEL, *before[2:], css="chart-before"))
    return Chart(title, description, bars, height=PAIR * len(bars) // 2 + 4)


def named_chart(title: str, description: str, rows: Iterable[Row]) -> Chart:
    """Long names stand above their bars, on two lines where they need them."""
    bars, top = [], 0
    for label, value, numerator, denominator in rows:
        lines = textwrap.wrap(label, LETTERS, max_lines=2, placeholder=" …")
        labels = [(line, top + LINE * (number + 1) - 4) for number, line in enumerate(lines)]
        top += LINE * len(lines) + 2
        bars.append(bar(labels, value, top, BAR, 0, numerator, denominator))
        top += BAR + 14
    return Chart(title, description, bars, height=top)


def bar(
    labels: list[tuple[str, int]],
    value: str,
    top: int,
    height: int,
    left: int,
    numerator: int,
    denominator: int,
    css: str = "chart-there",
) -> Bar:
    full = WIDTH - left - VALUE
    length = round(full * min(numerator / denominator, 1), 1) if denominator else 0
    text_top = top + height - 2
    return Bar(
        *(labels, value, top, text_top, left, height),
        *(length, round(left + length, 1), round(full - length, 1), not denominator, css),
    )
