"""The rows behind a number, as far as their reader may see them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from accounts.text import folded, title_key
from cells.models import Lineage, Membership, Organisation, OrganisationPeriod, Standing, Status
from cells.papers.wording import thousands
from reports.access import measurable
from reports.dashboard import Addresses, FigureLine, Number, duties_of, span_name
from reports.definitions import DEFINITIONS
from reports.forms import PeriodQuery
from reports.statistics import counted_members, names_on, sessions_in
from sessions.models import REGULAR_KINDS, THEMATIC_KINDS, Session
from speakers.models import SpeakerAppointment, SpeakerKind

# Which sessions a figure leads to, and which of their counters it adds up.
SESSION_FIGURES = {
    "sessions": (Q(), None),
    "sessions_regular": (Q(kind__in=REGULAR_KINDS), None),
    "sessions_thematic": (Q(kind__in=THEMATIC_KINDS), None),
    "expected": (Q(), "expected"),
    "present": (Q(), "present"),
    "present_online": (Q(present_online__gt=0), "present_online"),
    "excused": (Q(excused__gt=0), "excused"),
    "unexcused": (Q(unexcused__gt=0), "unexcused"),
    "exempt_present": (Q(exempt_present__gt=0), "exempt_present"),
    "guests": (Q(guests__gt=0), "guests"),
}
FIGURE_CHOICES = [(name, DEFINITIONS[name][0]) for name in SESSION_FIGURES]
COLUMNS = ("expected", "present", "present_online", "excused", "unexcused", "exempt_present", "guests")


@dataclass(frozen=True)
class Total:
    """What the rows add up to, and how much of the number its reader may not see the rows of."""

    sessions: int
    sums: dict[str, int]
    value: int
    hidden: int


def sessions_behind(organisation: Organisation, query: PeriodQuery, user) -> tuple[QuerySet[Session], Total]:
    condition, counter = SESSION_FIGURES[query.values["figure"]]
    everything = sessions_in(organisation, query.period, query.values["structure"]).filter(condition)
    visible = everything.for_user(user)
    counted = Count("pk") if counter is None else Sum(counter, default=0)
    whole = everything.order_by().aggregate(value=counted)["value"]
    sums = {f"sum_{name}": Sum(name, default=0) for name in COLUMNS}
    seen = visible.order_by().aggregate(sessions=Count("pk"), value=counted, **sums)
    total = Total(
        seen["sessions"], {name: seen[f"sum_{name}"] for name in COLUMNS}, seen["value"], whole - seen["value"]
    )
    return visible, total


def names_at(facts: Iterable[tuple[int, dt.date]]) -> dict[tuple[int, dt.date], str]:
    """{(organisation, day): what it was called that day}, for a page of facts, by one query.

    A day on which it was not in force gives the name before, or else the first one.
    """
    facts = set(facts)
    periods = OrganisationPeriod.unscoped.filter(organisation__in={place for place, _day in facts})
    by_place = defaultdict(list)
    for period in periods.order_by("first_day"):
        by_place[period.organisation_id].append(period)
    return {(place, day): name_on(by_place[place], day) for place, day in facts}


def name_on(periods: list[OrganisationPeriod], day: dt.date) -> str:
    begun = [period.name for period in periods if period.first_day <= day]
    return begun[-1] if begun else periods[0].name


@dataclass(frozen=True)
class DutyRow:
    name: str
    span: str
    first_day: dt.date
    is_done: bool
    url: str


def duties_behind(organisation: Organisation, query: PeriodQuery) -> list[tuple]:
    """(name, duty) pairs, by name and time; the addresses come with the page that is shown."""
    part, show = query.values["part"], query.values["show"]
    duties = [
        duty for duty in duties_of(organisation, query, part) if show == "all" or duty.is_done == (show == "done")
    ]
    cells = Organisation.unscoped.in_bulk({duty.cell for duty in duties})
    names = names_on(cells.values(), query.period.until)
    keys = {pk: title_key(names[pk].name) for pk in cells}
    duties.sort(key=lambda duty: (keys[duty.cell], duty.cell, duty.span.first_day))
    return [(cells[duty.cell], names[duty.cell].name, duty) for duty in duties]


def duty_rows(found: Iterable[tuple], query: PeriodQuery, reach) -> list[DutyRow]:
    found = list(found)
    figure = "sessions_regular" if query.values["part"] == "regular" else "sessions_thematic"
    allowed = measurable(reach, {cell.pk for cell, _name, _duty in found}, query.period)
    return [
        DutyRow(
            name,
            span_name(duty.span),
            duty.span.first_day,
            duty.is_done,
            Addresses(cell, query).of(figure, **span_asked(duty.span)) if cell.pk in allowed else "",
        )
        for cell, name, duty in found
    ]


def span_asked(span) -> dict[str, str]:
    month, year = span.first_day.month, span.first_day.year
    is_month = month == span.last_day.month
    return {"span": f"{month:02d}" if is_month else f"Q{(month + 2) // 3}", "year": str(year), "until": ""}


MEMBER_FIGURES = {
    "members_total": ~Q(status=Status.HOSTED),
    "members_official": ~Q(status=Status.HOSTED) & Q(standing=Standing.OFFICIAL),
    "members_probationary": ~Q(status=Status.HOSTED) & Q(standing=Standing.PROBATIONARY),
    "members_exempt": Q(status=Status.EXEMPT),
    "members_away": Q(status=Status.AWAY),
    "members_hosted": Q(status=Status.HOSTED),
}


def members_behind(organisation: Organisation, query: PeriodQuery, user) -> tuple[QuerySet[Membership], int]:
    """Roster rows of the last day that the user may see, and how many there are that the user may not."""
    day = query.period.until
    rows = Membership.unscoped.on(day).filter(MEMBER_FIGURES[query.values["figure"]])
    cells = Lineage.unscoped.under(organisation, day).filter(is_cell=True).values("descendant")
    everything = rows.filter(cell__in=cells)
    visible = everything.for_user(user)
    return visible.select_related("person").order_by("person__sort_key", "pk"), everything.count() - visible.count()


@dataclass(frozen=True)
class MembersBelow:
    name: str
    url: str
    numbers: list[tuple[str, Number]]


def members_below(organisation: Organisation, query: PeriodQuery) -> list[MembersBelow]:
    """Counts of the next level down, for those who may see counts only."""
    day = query.period.until
    below = Lineage.unscoped.under(organisation, day).filter(depth=1)
    children = list(Organisation.unscoped.filter(pk__in=below.values("descendant")))
    counted = counted_members([child.pk for child in children], day)
    names = names_on(children, day)
    rows = [
        MembersBelow(
            names[child.pk].name,
            page.page("members"),
            [
                (DEFINITIONS[name][0], Number(thousands(counted.get(child.pk, {}).get(name, 0)), page.of(name)))
                for name in MEMBER_FIGURES
            ],
        )
        for child, page in ((child, Addresses(child, query)) for child in children)
    ]
    return sorted(rows, key=lambda row: title_key(row.name))


def members_at(organisation: Organisation, query: PeriodQuery) -> list[FigureLine]:
    """The same counts for one organisation, where there is no next level to go to."""
    counted = counted_members([organisation.pk], query.period.until).get(organisation.pk, {})
    return [FigureLine(*DEFINITIONS[name], Number(thousands(counted.get(name, 0)))) for name in MEMBER_FIGURES]


KINDS = {
    "speakers": SpeakerKind.SPEAKER,
    "propagandists": SpeakerKind.PROPAGANDIST,
    "collaborators": SpeakerKind.COLLABORATOR,
}


def appointments_behind(organisation: Organisation, query: PeriodQuery, user) -> tuple[QuerySet, int]:
    """Appointments in force on the last day that the user may see; how many people stand behind the rest."""
    day = query.period.until
    below = Lineage.unscoped.under(organisation, day).values("descendant")
    everything = SpeakerAppointment.unscoped.on(day).filter(kind=KINDS[query.values["figure"]], organisation__in=below)
    visible = everything.for_user(user)
    people = Count("person", distinct=True)
    hidden = everything.aggregate(n=people)["n"] - visible.aggregate(n=people)["n"]
    return visible.select_related("person").order_by("person__sort_key", "person", "first_day"), hidden


@dataclass(frozen=True)
class OrganisationRow:
    name: str
    kind: str
    url: str


def organisations_behind(
    organisation: Organisation, query: PeriodQuery
) -> list[tuple[Organisation, OrganisationPeriod]]:
    """Cells, or committees without the one asked, on the last day; by name."""
    day, figure = query.period.until, query.values["figure"]
    rows = Lineage.unscoped.under(organisation, day).filter(is_cell=figure == "cells")
    rows = rows if figure == "cells" else rows.filter(depth__gt=0)
    found = Organisation.unscoped.in_bulk(list(rows.values_list("descendant", flat=True)))
    names = names_on(found.values(), day)
    words = folded(query.values["name"]).split()
    matching = [(one, names[pk]) for pk, one in found.items() if all(word in names[pk].search for word in words)]
    return sorted(matching, key=lambda row: (title_key(row[1].name), row[0].code))


def organisation_rows(found: Iterable[tuple], query: PeriodQuery, reach) -> list[OrganisationRow]:
    found = list(found)
    allowed = measurable(reach, [one.pk for one, _period in found], query.period)
    return [
        OrganisationRow(
            period.name,
            period.get_kind_display(),
            Addresses(one, query).page("dashboard") if one.pk in allowed else "",
        )
        for one, period in found
    ]
