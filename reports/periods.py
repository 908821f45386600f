"""Periods of reports and dashboards: a month, a quarter, a half or a year, with a cut-off day."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

CODE = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half>[12])))?", re.ASCII)
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
FIRST_YEAR, LAST_YEAR = 1930, 2200


class PeriodError(ValueError):
    """The code or the cut-off day is none; the text says what would be right."""


def month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@dataclass(frozen=True)
class Span:
    """Days on end, such as a calendar month or quarter."""

    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True)
class Period:
    """Days `first_day` to `last_day` of the calendar; facts after `until` are not in it (figures.md)."""

    code: str
    first_day: dt.date
    last_day: dt.date
    until: dt.date

    @classmethod
    def parse(cls, code: str, until: dt.date | None = None) -> "Period":
        found = CODE.fullmatch(code or "")
        if not found or not FIRST_YEAR <= int(found["year"]) <= LAST_YEAR:
            raise PeriodError(_("Kỳ “%s” không đúng: ghi như 2024-07, 2024-Q3, 2024-H1 hoặc 2024.") % (code or "")[:20])
        first_month, months = months_of(found)
        first_day = dt.date(int(found["year"]), first_month, 1)
        last_day = month_end(first_day.replace(month=first_month + months - 1))
        if until is not None and not first_day <= until <= last_day:
            raise PeriodError(
                _("Ngày chốt phải nằm trong kỳ, từ %(first)s đến %(last)s.")
                % {"first": f"{first_day:%d/%m/%Y}", "last": f"{last_day:%d/%m/%Y}"}
            )
        return cls(code, first_day, last_day, until or last_day)

    @classmethod
    def of_day(cls, day: dt.date) -> "Period":
        """One day, for a report about what happened on it; nobody asks for figures of it."""
        return cls(day.isoformat(), day, day, day)

    @classmethod
    def stored(cls, code: str, until: dt.date) -> "Period":
        """As a report keeps it: a period of figures, or one day."""
        return cls.of_day(until) if len(code) == len("2024-07-20") else cls.parse(code, until)

    @property
    def is_day(self) -> bool:
        return len(self.code) == len("2024-07-20")

    @property
    def is_cut(self) -> bool:
        return self.until < self.last_day

    @property
    def days(self) -> Span:
        """Those whose facts are in it."""
        return Span(self.first_day, self.until)

    @property
    def label(self) -> str:
        year = self.first_day.year
        if self.is_day:
            return _("hội nghị ngày %s") % f"{self.first_day:%d/%m/%Y}"
        if "Q" in self.code:
            return _("quý %(quarter)s năm %(year)s") % {"quarter": ROMAN[int(self.code[-1])], "year": year}
        if "H" in self.code:
            half = _("6 tháng đầu năm %s") if self.code.endswith("1") else _("6 tháng cuối năm %s")
            return half % year
        if "-" in self.code:
            return _("tháng %(month)s năm %(year)s") % {"month": self.first_day.month, "year": year}
        return _("năm %s") % year

    @property
    def year_before(self) -> "Period":
        """The same a year earlier, cut off on the same day; the last day of a month stays one."""
        code = f"{self.first_day.year - 1}{self.code[4:]}"
        return Period.parse(code, same_day(self.until, self.first_day.year - 1) if self.is_cut else None)

    def months(self) -> list[Span]:
        """Calendar months that end by the cut-off."""
        return self.spans(1)

    def calendar_months(self) -> list[Span]:
        """Calendar months that begin by the cut-off; the last one may be broken off by it."""
        starts = range(self.first_day.month, self.until.month + 1)
        return [self.span_from(month, 1) for month in starts]

    def quarters(self) -> list[Span]:
        """Calendar quarters wholly inside the period that end by the cut-off."""
        return self.spans(3) if self.first_day.month % 3 == 1 else []

    def spans(self, length: int) -> list[Span]:
        starts = range(self.first_day.month, self.last_day.month + 1, length)
        spans = [self.span_from(month, length) for month in starts if month + length - 1 <= self.last_day.month]
        return [span for span in spans if span.last_day <= self.until]

    def span_from(self, month: int, length: int) -> Span:
        first_day = self.first_day.replace(month=month)
        return Span(first_day, month_end(first_day.replace(month=month + length - 1)))


def same_day(day: dt.date, year: int) -> dt.date:
    """In another year; the last day of February stays its last one."""
    return month_end(day.replace(year=year, day=1)) if day == month_end(day) else day.replace(year=year)


def months_of(found: re.Match) -> tuple[int, int]:
    """(first month, number of months) of a code."""
    if found["month"]:
        return int(found["month"]), 1
    if found["quarter"]:
        return int(found["quarter"]) * 3 - 2, 3
    if found["half"]:
        return int(found["half"]) * 6 - 5, 6
    return 1, 12


def code_of_months(first_day: dt.date, months: int) -> str:
    """Of the calendar period of 1, 3, 6 or 12 months that begins on this day."""
    if months == 12:
        return f"{first_day.year}"
    if months == 1:
        return f"{first_day:%Y-%m}"
    return f"{first_day.year}-{'Q' if months == 3 else 'H'}{(first_day.month - 1) // months + 1}"


def quarter_code(day: dt.date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"
