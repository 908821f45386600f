"""What may stand in a cell of the exchange workbook, how it is read, and how it is written (workbook.md)."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.text import INVISIBLE, clean_line, spelling_key

LARGEST = 2_147_483_647  # what an integer column of either database holds
EXACT_DIGITS = 15  # beyond these Excel itself has already rounded
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
GROUPED = re.compile(r"\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+")
NOT_A_DAY = gettext_lazy("phải là ngày, ghi như 31/12/2025")
NOT_A_NUMBER = gettext_lazy("phải là số nguyên không âm")
MISSING = gettext_lazy("không được để trống")


class Unreadable(ValueError):
    """The value of a cell is none of those allowed; the text says what would be right."""


class CellError:
    """A cell without a usable stored value: an Excel error such as #N/A, or a formula never calculated."""

    def __init__(self, shown: str):
        self.shown = shown

    def __str__(self):
        return self.shown


@dataclass(frozen=True)
class Text:
    max_length: int = 250

    def read(self, raw) -> str:
        text = clean_line(plain_text(raw))
        if len(text) > self.max_length:
            raise Unreadable(_("dài quá %s ký tự") % self.max_length)
        return text

    def write(self, value) -> str:
        return value


@dataclass(frozen=True)
class Code(Text):
    max_length: int = 60

    def read(self, raw) -> str:
        if isinstance(raw, float) and not raw.is_integer():
            raise Unreadable(_("mã phải ghi dạng chữ, vì Excel đổi 1.10 thành 1.1"))
        # Only trimmed: two codes may differ in the spaces within.
        text = INVISIBLE.sub("", unicodedata.normalize("NFC", plain_text(raw))).strip()
        if len(text) > self.max_length:
            raise Unreadable(_("dài quá %s ký tự") % self.max_length)
        return text


def plain_text(raw) -> str:
    """Text of a cell; a whole number as its digits."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool | dt.date | dt.time | dt.timedelta):
        raise Unreadable(_("phải ghi dạng chữ"))
    if isinstance(raw, float) and not raw.is_integer():
        return repr(raw)
    if abs(raw) >= 10**EXACT_DIGITS:
        raise Unreadable(_("số quá dài, Excel đã làm tròn; phải ghi dạng chữ"))
    return str(int(raw))


@dataclass(frozen=True)
class Choice:
    """One of the fixed values, whatever its case and tone placement. `choices` is a TextChoices.

    `inner` are values that only the application knows.
    """

    choices: Any
    inner: tuple = ()
    by_spelling: dict = field(init=False, repr=False, compare=False)
    seen: dict = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self):
        spelled = {spelling_key(str(choice.label)): choice for choice in self.choices if self.is_written(choice)}
        object.__setattr__(self, "by_spelling", spelled)

    def read(self, raw):
        if not isinstance(raw, str):
            raise Unreadable(self.allowed())
        if raw not in self.seen:
            found = self.by_spelling.get(spelling_key(raw))
            if found is None:
                raise Unreadable(self.allowed())
            self.seen[raw] = found
        return self.seen[raw]

    def is_written(self, choice) -> bool:
        return bool(choice.value) and choice not in self.inner

    def allowed(self) -> str:
        labels = ", ".join(str(choice.label) for choice in self.choices if self.is_written(choice))
        return _("phải là một trong: %s") % labels

    def write(self, value) -> str:
        return str(self.choices(value).label) if value else ""


@dataclass(frozen=True)
class Day:
    def read(self, raw) -> dt.date:
        if isinstance(raw, dt.datetime):
            if raw.time() != dt.time():
                raise Unreadable(_("phải là ngày không kèm giờ"))
            return checked_year(raw.date())
        if isinstance(raw, dt.date):
            return checked_year(raw)
        if not isinstance(raw, str):
            raise Unreadable(NOT_A_DAY)
        return parsed_day(clean_line(raw))

    def write(self, value):
        return value


@lru_cache(maxsize=20_000)
def parsed_day(text: str) -> dt.date:
    if found := DAY_FIRST.fullmatch(text):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif found := YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    else:
        raise Unreadable(NOT_A_DAY)
    try:
        return checked_year(dt.date(year, month, day))
    except ValueError:
        raise Unreadable(_("không có ngày này trong lịch")) from None


def checked_year(day: dt.date) -> dt.date:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise Unreadable(_("năm phải từ %(first)s đến %(last)s") % {"first": EARLIEST_YEAR, "last": LATEST_YEAR})
    return day


@dataclass(frozen=True)
class Birth(Day):
    """A birth date, or an int where only the year is known."""

    def read(self, raw) -> dt.date | int:
        if isinstance(raw, str) and (text := clean_line(raw)).isascii() and text.isdecimal():
            return self.year(int(text))
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            return self.year(raw)
        return super().read(raw)

    def year(self, number) -> int:
        if not float(number).is_integer() or not EARLIEST_YEAR <= number <= LATEST_YEAR:
            raise Unreadable(_("phải là ngày sinh hoặc năm sinh có bốn chữ số"))
        return int(number)


@dataclass(frozen=True)
class Clock:
    def read(self, raw) -> dt.time:
        if isinstance(raw, dt.timedelta) and dt.timedelta() <= raw < dt.timedelta(days=1):
            raw = (dt.datetime.combine(dt.date.min, dt.time()) + raw).time()
        if isinstance(raw, dt.time):
            return to_the_minute(raw)
        found = CLOCK.fullmatch(clean_line(raw)) if isinstance(raw, str) else None
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            raise Unreadable(_("phải là giờ, ghi như 7:30"))
        return dt.time(int(found[1]), int(found[2]))

    def write(self, value):
        return value


def to_the_minute(clock: dt.time) -> dt.time:
    # Excel keeps a time as a fraction of a day, so 08:00 may come back as 07:59:59.999.
    rounded = dt.datetime.combine(dt.date(2000, 1, 1), clock) + dt.timedelta(seconds=30)
    return rounded.time().replace(second=0, microsecond=0)


@dataclass(frozen=True)
class Whole:
    """A head count; `1.274` and `1 274` are 1274."""

    def read(self, raw) -> int:
        if isinstance(raw, str):
            text = clean_line(raw)
            if not (text.isascii() and GROUPED.fullmatch(text)):
                raise Unreadable(NOT_A_NUMBER)
            number = int(text.replace(".", "").replace(" ", ""))
        elif isinstance(raw, int | float) and not isinstance(raw, bool) and float(raw).is_integer():
            number = int(raw)
        else:
            raise Unreadable(NOT_A_NUMBER)
        if not 0 <= number <= LARGEST:
            raise Unreadable(NOT_A_NUMBER)
        return number

    def write(self, value):
        return value


@dataclass(frozen=True)
class Column:
    """One heading of a sheet. `default` is what a blank cell, or a missing column of a new row, means."""

    heading: str
    name: str
    value: Any
    required: bool = False
    default: Any = None
