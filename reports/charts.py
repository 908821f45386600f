"""Bars of shares as plain numbers, for a template that draws them as inline SVG; a unit is a pixel at full width."""

from dataclasses import dataclass

WIDTH = 320
LABEL, VALUE = 66, 66  # room for the name of the month on the left and the percentage on the right
ROW, BAR = 32, 14


@dataclass(frozen=True)
class Bar:
    label: str
    value: str
    top: int
    text_top: int
    length: float  # of the part that is there
    rest_from: float
    rest: float  # of the part that is missing
    is_empty: bool


@dataclass(frozen=True)
class Chart:
    title: str
    description: str
    bars: list[Bar]
    height: int
    width: int = WIDTH
    left: int = LABEL
    full: int = WIDTH - LABEL - VALUE
    bar_height: int = BAR


def bar_chart(title: str, description: str, rows: list[tuple[str, str, int, int]]) -> Chart:
    """Rows of (label, printed value, numerator, denominator); bars begin at nothing, so that lengths compare truly."""
    bars = [bar(position, *row) for position, row in enumerate(rows)]
    return Chart(title, description, bars, height=ROW * len(rows) + 4)


def bar(position: int, label: str, value: str, numerator: int, denominator: int) -> Bar:
    full = WIDTH - LABEL - VALUE
    length = round(full * min(numerator / denominator, 1), 1) if denominator else 0
    top = position * ROW + (ROW - BAR) // 2
    return Bar(label, value, top, top + BAR - 2, length, LABEL + length, round(full - length, 1), not denominator)
