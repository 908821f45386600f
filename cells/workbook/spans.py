"""What both sheets know of rows that hold for a span of days."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cells.dated import FOREVER
from cells.exchange.planning import Plan, Row, Sheet
from cells.spans import overlap


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

    def __getattr__(self, name: str):
        """Its values by name, so that the rules of cells.spans hold for rows of a file too."""
        try:
            return self.__dict__["values"][name]
        except KeyError:
            raise AttributeError(name) from None

    def overlaps(self, other: "Entry") -> bool:
        return overlap(self, other)


def would_be(rows: list[Row], stored: dict[tuple, dict]) -> list[Entry]:
    """The rows of the file and the stored ones that the file does not name."""
    named = {row.key for row in rows}
    entries = [Entry(row.values, row.number, row.is_touched) for row in rows]
    return entries + [Entry(values) for key, values in stored.items() if key not in named]
