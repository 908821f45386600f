"""Targets of the province for this year and the one before, so that figures have something to be held against."""

import datetime as dt
from decimal import Decimal

from cells.models import Organisation
from reports.models import Target
from reports.sample.tree import MARK

TOP = "M-TINH"
WANTED = [
    ("attendance", "at_least", 90),
    ("regular", "exactly", 100),
    ("thematic", "exactly", 100),
    ("conference", "at_least", 95),
    ("conference_present", "over", 1600),
]


def write_targets(today: dt.date) -> None:
    top = Organisation.unscoped.get(code=TOP)
    Target.unscoped.bulk_create(
        Target(
            organisation=top,
            year=year,
            measure=measure,
            operator=operator,
            number=Decimal(number),
            source=f"Chương trình công tác năm {year} {MARK}",
        )
        for year in (today.year - 1, today.year)
        for measure, operator, number in WANTED
    )
