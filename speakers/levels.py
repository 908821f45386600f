"""Levels are data with days of their own: districts ended, communes took their place (domain.md, R12)."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cells.dated import FOREVER
from speakers.models import Level


@dataclass(frozen=True)
class Span:
    first_day: dt.date = dt.date.min
    last_day: dt.date = FOREVER


SPANS = {Level.DISTRICT: Span(last_day=dt.date(2025, 6, 30)), Level.COMMUNE: Span(first_day=dt.date(2025, 7, 1))}


def outside(level: str, first_day: dt.date, last_day: dt.date | None) -> dict[str, str]:
    """{field: why} for an appointment that leaves its level's days; empty if it keeps to them."""
    span, found = SPANS.get(Level(level), Span()), {}
    told = {"level": Level(level).label}
    if (last_day or FOREVER) > span.last_day:
        text = _("cấp %(level)s kết thúc ngày %(day)s; “Đến ngày” không được sau ngày đó")
        found["last_day"] = text % (told | {"day": f"{span.last_day:%d/%m/%Y}"})
    if first_day < span.first_day:
        text = _("cấp %(level)s có từ ngày %(day)s; “Từ ngày” không được trước ngày đó")
        found["first_day"] = text % (told | {"day": f"{span.first_day:%d/%m/%Y}"})
    return found


def open_levels(day: dt.date) -> list[Level]:
    spans = ((level, SPANS.get(level, Span())) for level in Level)
    return [level for level, span in spans if span.first_day <= day <= span.last_day]
