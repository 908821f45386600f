"""Whether an appointment or a conference keeps to the days in which its level exists; these are rows, kept by hand."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from django.utils.translation import gettext as _

from cells.dated import FOREVER
from speakers.models import Level, LevelSpan

Spans = Mapping[str, list[LevelSpan]]


def all_spans() -> Spans:
    """{level: its spans, the earliest first}, by one query."""
    found = defaultdict(list)
    for span in LevelSpan.unscoped.order_by("first_day"):
        found[span.level].append(span)
    return found


def outside(level: str, first_day: dt.date, last_day: dt.date | None, known: Spans | None = None) -> dict[str, str]:
    """{field: why} for days that leave those of their level; empty if they keep to them."""
    spans = (known if known is not None else all_spans())[level]
    last = last_day or FOREVER
    if any(span.first_day <= first_day and last <= (span.last_day or FOREVER) for span in spans):
        return {}
    begun = [span for span in spans if span.first_day <= first_day]
    if not spans:
        return {"level": _("cấp %s chưa được quy định thời gian") % Level(level).label}
    return why(Level(level).label, (begun or spans)[-1 if begun else 0], first_day, last)


def why(level: str, span: LevelSpan, first_day: dt.date, last_day: dt.date) -> dict[str, str]:
    found = {}
    if last_day > (span.last_day or FOREVER):
        text = _("cấp %(level)s kết thúc ngày %(day)s; “Đến ngày” không được sau ngày đó")
        found["last_day"] = text % {"level": level, "day": f"{span.last_day:%d/%m/%Y}"}
    if first_day < span.first_day:
        text = _("cấp %(level)s có từ ngày %(day)s; “Từ ngày” không được trước ngày đó")
        found["first_day"] = text % {"level": level, "day": f"{span.first_day:%d/%m/%Y}"}
    return found
