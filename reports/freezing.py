"""What an issued report keeps of its figures: definition, filter, records and value; and what has changed since."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count

from cells.dated import covering
from cells.models import Estimate, Lineage, Membership, Organisation, Status
from cells.papers.wording import estimated, percent, thousands
from reports import activity
from reports.dashboard import span_name
from reports.definitions import DEFINITIONS
from reports.periods import Span
from reports.sources import Source
from reports.statistics import ChildFigures, Figures, conferences_in, names_on
from sessions.models import THEMATIC_KINDS, SessionKind

COUNTERS = ("expected", "present", "present_online", "excused", "unexcused", "exempt_present", "guests")
REGULAR_KINDS = (SessionKind.REGULAR, SessionKind.COMBINED)
# From which records a figure was counted, and which number of each it adds up; "" counts the records themselves.
SOURCES = {
    **dict.fromkeys(("sessions", "sessions_regular", "sessions_thematic", "rated", "served"), ("sessions", "")),
    **{name: ("sessions", name) for name in COUNTERS},
    "attendance_rate": ("sessions", "present"),
    "conferences": ("conferences", ""),
    "conference_expected": ("conferences", "expected"),
    "conference_present": ("conferences", "present"),
    **dict.fromkeys(("regular_due", "regular_done", "thematic_due", "thematic_done"), ("duties", "")),
    **dict.fromkeys(("members_total", "members_official", "members_probationary"), ("cells", "members")),
    "cells": ("cells", ""),
}


def freeze(source: Source) -> dict:
    """Figures and the records behind them, with the SHA-256 that tells later whether anything changed."""
    sessions = [session_row(session) for session in source.sessions]
    frozen = {
        "organisation": source.organisation.code,
        "period": source.period.code,
        "from": source.period.first_day.isoformat(),
        "until": source.period.until.isoformat(),
        "structure": "then",
        "figures": source.figures.as_dict(),
        "activity": source.activity.as_dict(),
        "children": [child_row(child) for child in source.children],
        "sessions": sessions,
        "conferences": [conference_row(one) for one in conferences_behind(source)],
        "cells": cell_rows(source, sessions),
        "duties": duty_rows(source),
    }
    # Words may be mended without a figure becoming another one.
    return frozen | {"definitions": definitions(), "sha256": digest(frozen)}


def child_row(child: ChildFigures) -> dict:
    """All of one shape, also where one has no figures to tell."""
    return {"code": child.organisation.code} | (child.figures or Figures()).as_dict()


def digest(frozen: dict) -> str:
    text = json.dumps(frozen, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def definitions() -> dict[str, list[str]]:
    return {
        name: [str(label), str(meaning)]
        for table in (DEFINITIONS, activity.DEFINITIONS)
        for name, (label, meaning) in table.items()
    }


def session_row(session) -> dict:
    row = {
        "id": str(session.public_id),
        "code": session.code,
        "cell": session.cell.code,
        "day": session.day.isoformat(),
        "kind": session.kind,
        "mark": session.guests_estimate,
    }
    return row | {name: getattr(session, name) for name in COUNTERS}


def conferences_behind(source: Source):
    if source.conference:
        return [source.conference]
    return conferences_in(source.organisation, source.period).select_related("organisation").prefetch_related("sites")


def conference_row(conference) -> dict:
    places = [conference, *conference.sites.all()]
    marks = {place.estimate for place in places}
    return {
        "id": str(conference.public_id),
        "code": conference.code,
        "organisation": conference.organisation.code,
        "day": conference.day.isoformat(),
        "subject": conference.subject,
        "expected": sum(place.expected for place in places),
        "present": sum(place.present for place in places),
        "mark": next((word for word in (Estimate.NEARLY, Estimate.ABOUT, Estimate.OVER) if word in marks), ""),
    }


def cell_rows(source: Source, sessions: list[dict]) -> list[dict]:
    """Each cell with its counts: who may not see the records of a figure can follow it down to here."""
    found = {code: {"code": code, "name": name, "members": members} for code, name, members in cells_of(source)}
    for row in sessions:
        cell = found.setdefault(row["cell"], {"code": row["cell"], "name": row["cell"], "members": 0})
        cell["sessions"] = cell.get("sessions", 0) + 1
        for name in COUNTERS:
            cell[name] = cell.get(name, 0) + row[name]
    zeros = dict.fromkeys(("sessions", *COUNTERS), 0)
    return [zeros | cell for cell in found.values()]


def duty_rows(source: Source) -> list[dict]:
    """Each cell and month, or quarter, that was due; first those in which it did not meet."""
    places = Organisation.unscoped.in_bulk({duty.cell for duties in source.duties.values() for duty in duties})
    names = names_on(places.values(), source.period.until)
    rows = [
        {
            "part": part,
            "code": places[duty.cell].code,
            "name": names[duty.cell].name,
            "from": duty.span.first_day.isoformat(),
            "until": duty.span.last_day.isoformat(),
            "is_done": duty.is_done,
        }
        for part, duties in source.duties.items()
        for duty in duties
    ]
    return sorted(rows, key=lambda row: (row["is_done"], row["name"], row["code"], row["from"]))


def span_of(row: dict) -> str:
    """The month or quarter of such a row, as it is printed."""
    return span_name(Span(*(dt.date.fromisoformat(row[name]) for name in ("from", "until"))))


def cells_of(source: Source) -> Iterable[tuple[str, str, int]]:
    """(code, name, members on the cut-off day) of the cells below, and of those that met in the period."""
    below = Lineage.unscoped.under(source.organisation, source.period.until).filter(is_cell=True)
    met = {session.cell_id for session in source.sessions}
    organisations = list(Organisation.unscoped.filter(pk__in={*below.values_list("descendant_id", flat=True), *met}))
    names = names_on(organisations, source.period.until)
    members = members_by_cell(source, below)
    rows = [(one.code, names[one.pk].name, members.get(one.pk, 0)) for one in organisations]
    return sorted(rows, key=lambda row: (row[1], row[0]))


def members_by_cell(source: Source, below) -> dict[int, int]:
    rows = Membership.unscoped.filter(covering(source.period.until), cell__in=below.values("descendant"))
    counted = rows.exclude(status=Status.HOSTED).order_by().values_list("cell_id").annotate(Count("pk"))
    return dict(counted)


def value_of(frozen: dict, name: str) -> str:
    """The figure as it is printed."""
    found = frozen["figures"] | frozen["activity"]["counts"]
    if name == "attendance_rate":
        return percent(found["present"], found["expected"])
    if name == "guests":
        return estimated(found["guests"], found["guests_mark"])
    if name == "conference_present":
        return estimated(found["conference_present"], found["conference_mark"])
    return thousands(found[name])


def records_of(frozen: dict, name: str) -> tuple[str, str, list[dict]]:
    """(kind of record, number that is added up, records) behind a figure; no kind where only the value is kept."""
    kind, adds = SOURCES.get(name, ("", ""))
    if kind not in frozen:  # signed before the program kept it
        return "", "", []
    records = frozen[kind]
    if name == "sessions_regular":
        records = [row for row in records if row["kind"] in REGULAR_KINDS]
    elif name == "sessions_thematic":
        records = [row for row in records if row["kind"] in THEMATIC_KINDS]
    elif kind == "duties":
        part, _underscore, which = name.partition("_")
        records = [row for row in records if row["part"] == part and (which == "due" or row["is_done"])]
    elif name == "served":
        records = [row for row in records if row["code"] in frozen["activity"]["served"]]
    return kind, adds, records


@dataclass(frozen=True)
class Difference:
    """A figure that would come out otherwise today."""

    name: str
    label: str
    then: str
    now: str


@dataclass(frozen=True)
class Rows:
    """Records of one kind behind a report, then and now."""

    added: list[dict]
    removed: list[dict]
    altered: list[tuple[dict, dict]]

    def __bool__(self):
        return bool(self.added or self.removed or self.altered)


@dataclass(frozen=True)
class Changed:
    """How the sources of a signed report differ from what it was made of."""

    figures: list[Difference]
    sessions: Rows
    conferences: Rows
    cells: Rows  # those that came and went; what changed within one is told by its sessions and the figures

    @property
    def has_rows(self) -> bool:
        return any((self.sessions, self.conferences, self.cells))


def facts(frozen: dict) -> dict:
    return {name: value for name, value in frozen.items() if name not in {"definitions", "sha256"}}


def shaped_like(model, value):
    """Of `value` what `model` knows too, however deep."""
    if isinstance(model, dict) and isinstance(value, dict):
        return {name: shaped_like(model[name], value[name]) for name in model.keys() & value.keys()}
    if isinstance(model, list) and isinstance(value, list) and model:
        return [shaped_like(model[0], one) for one in value]
    return value


def changed_since(frozen: dict, now: dict) -> Changed | None:
    """None if nothing did. What a later version of the program counts besides is no change."""
    if frozen["sha256"] == now["sha256"]:
        return None
    now = shaped_like(facts(frozen), facts(now))
    if now == facts(frozen):
        return None
    names = [name for name in frozen["definitions"] if name in frozen["figures"] | frozen["activity"]["counts"]]
    figures = [
        Difference(name, frozen["definitions"][name][0], value_of(frozen, name), value_of(now, name))
        for name in names
        if value_of(frozen, name) != value_of(now, name)
    ]
    cells = rows_changed(frozen, now, "cells", "code")
    return Changed(
        figures,
        rows_changed(frozen, now, "sessions", "id"),
        rows_changed(frozen, now, "conferences", "id"),
        replace(cells, altered=[]),
    )


def rows_changed(frozen: dict, now: dict, kind: str, key: str) -> Rows:
    """In the order in which the report has them."""
    before, after = ({row[key]: row for row in one[kind]} for one in (frozen, now))
    return Rows(
        added=[row for name, row in after.items() if name not in before],
        removed=[row for name, row in before.items() if name not in after],
        altered=[(row, after[name]) for name, row in before.items() if name in after and after[name] != row],
    )
