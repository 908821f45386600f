"""What stands behind one number of a report: its definition, the filter, and the records it was counted from.

The records are those that were frozen with it. A reader finds a link to those that exist for him; who sees counts only
finds the counts per cell.
"""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cells.papers.wording import day, estimated, thousands
from reports.appendix import spaced
from reports.freezing import records_of, span_of, value_of
from reports.models import Report
from reports.results import mark_label
from reports.statistics import organisation_name
from resolutions.models import StudyConference
from sessions.models import Session, SessionKind

MOST_ROWS = 200


@dataclass(frozen=True)
class Row:
    text: str
    url: str
    day: str
    kind: str
    number: str
    code: str = ""  # told below the text that names it


@dataclass(frozen=True)
class FigurePage:
    label: str
    definition: str
    value: str
    filter: str
    adds: str  # what is added up; blank where the records themselves are counted
    rows: list[Row]
    count: int  # of records, also of those not shown
    sum: str
    digest: str

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)


def figure_page_of(user, report: Report, frozen: dict, name: str) -> FigurePage | None:
    if name not in frozen["definitions"] or name not in frozen["figures"] | frozen["activity"]["counts"]:
        return None
    label, definition = frozen["definitions"][name]
    kind, adds, records = records_of(frozen, name)
    shown = records[:MOST_ROWS]
    names = {cell["code"]: cell["name"] for cell in frozen["cells"]}
    rows = ROWS[kind](user, shown, adds, names) if kind else []
    return FigurePage(
        label=label,
        definition=definition,
        value=value_of(frozen, name),
        filter=filter_of(report, frozen),
        adds=frozen["definitions"].get(adds, [_("đảng viên")])[0] if adds else "",
        rows=rows,
        count=len(records),
        sum=thousands(sum(row[adds] for row in records) if adds else len(records)),
        digest=spaced(frozen["sha256"][:16]),
    )


def filter_of(report: Report, frozen: dict) -> str:
    return _("%(name)s, mã %(code)s; từ ngày %(first)s đến hết ngày %(until)s; theo cơ cấu lúc đó") % {
        "name": organisation_name(report.organisation, report.until),
        "code": frozen["organisation"],
        "first": printed_day(frozen["from"]),
        "until": printed_day(frozen["until"]),
    }


def printed_day(text: str) -> str:
    return day(dt.date.fromisoformat(text))


def session_rows(user, records: list[dict], adds: str, names: dict[str, str]) -> list[Row]:
    """By the names of their cells, as they were frozen."""
    ids = [row["id"] for row in records]
    seen = Session.objects.for_user(user).filter(public_id__in=ids)
    known = {str(one) for one in seen.values_list("public_id", flat=True)}
    return [
        Row(
            names.get(row["cell"], row["code"]),
            reverse("sessions:detail", args=[row["id"]]) if row["id"] in known else "",
            printed_day(row["day"]),
            str(SessionKind(row["kind"]).label),
            number_of(row, adds),
            row["code"],
        )
        for row in records
    ]


def number_of(row: dict, adds: str) -> str:
    """Of a session the guests may be an estimate, of a conference those who came."""
    if not adds:
        return "1"
    may_be_estimated = "present" if "subject" in row else "guests"
    return estimated(row[adds], mark_label(row["mark"])) if adds == may_be_estimated else thousands(row[adds])


def conference_rows(user, records: list[dict], adds: str, _names: dict[str, str]) -> list[Row]:
    ids = [row["id"] for row in records]
    found = StudyConference.objects.for_user(user).filter(public_id__in=ids)
    known = {str(one) for one in found.values_list("public_id", flat=True)}
    return [
        Row(
            row["subject"],
            reverse("resolutions:conference", args=[row["id"]]) if row["id"] in known else "",
            printed_day(row["day"]),
            row["code"],
            number_of(row, adds),
        )
        for row in records
    ]


def cell_rows(_user, records: list[dict], adds: str, _names: dict[str, str]) -> list[Row]:
    return [Row(row["name"], "", "", row["code"], thousands(row[adds]) if adds else "1") for row in records]


def duty_rows(_user, records: list[dict], _adds: str, _names: dict[str, str]) -> list[Row]:
    return [Row(row["name"], "", span_of(row), duty_word(row), "1", row["code"]) for row in records]


def duty_word(row: dict) -> str:
    return _("Đã sinh hoạt") if row["is_done"] else _("Chưa sinh hoạt")


ROWS = {"sessions": session_rows, "conferences": conference_rows, "cells": cell_rows, "duties": duty_rows}
