"""How figures are printed: the rules at the end of "definitions" of the figures' contract, in one place."""

import datetime as dt
from fractions import Fraction

NO_FIGURE = "—"
NBSP = "\u00a0"  # a number never stands on another line than its unit


def thousands(number: int) -> str:
    """15463 → `15.463`."""
    return f"{number:,}".replace(",", ".")


def estimated(number: int, mark: str) -> str:
    """A sum with the word it took over from its addends: `gần 800`."""
    return f"{mark}{NBSP}{thousands(number)}" if mark else thousands(number)


def percent(numerator: int, denominator: int) -> str:
    """One decimal, half up; `100 %` only if all, `0 %` only if none, `—` of nothing."""
    if not denominator:
        return NO_FIGURE
    if numerator in (0, denominator):
        return f"{100 if numerator else 0}{NBSP}%"
    tenths = int(Fraction(numerator * 1000, denominator) + Fraction(1, 2))
    return tenths_printed(kept_off_the_ends(tenths, numerator, denominator))


def kept_off_the_ends(tenths: int, numerator: int, denominator: int) -> int:
    """Guests can make more come than were called; that too is not exactly all."""
    if tenths == 1000:
        return 999 if numerator < denominator else 1001
    return max(tenths, 1)


def tenths_printed(tenths: int) -> str:
    return f"{thousands(tenths // 10)},{tenths % 10}{NBSP}%"


def ratio(numerator: int, denominator: int) -> str:
    return f"{thousands(numerator)}/{thousands(denominator)}"


def share(numerator: int, denominator: int, mark: str = "") -> str:
    """A percentage never stands without what it was taken of: `41/42 (97,6 %)`."""
    return f"{estimated(numerator, mark)}/{thousands(denominator)} ({percent(numerator, denominator)})"


def day(date: dt.date) -> str:
    return f"{date:%d/%m/%Y}"


def long_date(seat: str, date: dt.date) -> str:
    """Days below ten and the months January and February take a nought, the others not (domain.md 2.3)."""
    month = f"{date.month:02}" if date.month < 3 else str(date.month)
    return f"{seat or '…………'}, ngày {date.day:02} tháng {month} năm {date.year}"


def clock(start: dt.time | None, end: dt.time | None) -> str:
    """`14:00–16:30`, with what is known of it."""
    return "–".join(f"{time:%H:%M}" for time in (start, end) if time) or NO_FIGURE
