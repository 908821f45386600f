"""What both sheets know of rows that hold for a span of days."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cells.dated import FOREVER
from cells.exchange.planning import Plan, Row, Sheet

ONE_DAY = dt.timedelta(days=1)


def end_of(values: dict) -> dt.date:
    return values["last_day"] or FOREVER


def refuse_backward_days(sheet: Sheet, row: Row, plan: Plan) -> bool:
    if end_of(row.values) >= row.values["first_day"]:
        return False
    plan.refuse(sheet.title, row.number, "Đến ngày", row.values["last_day"], _("trước “Từ ngày”"))
    sheet.doubt(plan, row.values)
    return True


@dataclass
class Entry:
    """A row as it would stand in the database; `number` is its row in the file, 0 if it is only stored."""

    values: dict
    number: int = 0
    is_touched: bool = False

    def overlaps(self, other: "Entry") -> bool:
        return self.values["first_day"] <= end_of(other.values) and other.values["first_day"] <= end_of(self.values)


def would_be(rows: list[Row], stored: dict[tuple, dict]) -> list[Entry]:
    """The rows of the file and the stored ones that the file does not name."""
    named = {row.key for row in rows}
    entries = [Entry(row.values, row.number, row.is_touched) for row in rows]
    return entries + [Entry(values) for key, values in stored.items() if key not in named]


def covers(entries: Iterable[Entry], first_day: dt.date, last_day: dt.date) -> bool:
    """Whether the entries hold on every day of [first_day, last_day]."""
    needed = first_day
    for entry in sorted(entries, key=lambda entry: entry.values["first_day"]):
        if entry.values["first_day"] <= needed <= end_of(entry.values):
            if end_of(entry.values) >= last_day:
                return True
            needed = end_of(entry.values) + ONE_DAY
    return False
