"""The rows behind a number, as far as their reader may see them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.text import folded, title_key
from cells.dated import covering
from cells.models import Lineage, Membership, Organisation, OrganisationPeriod, Person, Standing, Status
from cells.naming import OrganisationRow
from cells.papers.wording import thousands
from reports.access import measurable
from reports.dashboard import Addresses, FigureLine, Number, duties_of, span_name, told_apart, with_parents
from reports.definitions import DEFINITIONS
from reports.forms import PeriodQuery
from reports.ordering import holds, ordered, words_of
from reports.statistics import Duty, conferences_in, counted_members, names_on, sessions_in
from resolutions.adding_up import HeadCount, head_count_of_all
from resolutions.models import StudyConference
from resolutions.narrowing import with_host_name
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
    words = words_of(query.values["name"])
    if words:  # who searches is not told of what lies elsewhere
        everything = visible = named_like(visible, words)
    counted = Count("pk") if counter is None else Sum(counter, default=0)
    whole = everything.order_by().aggregate(value=counted)["value"]
    sums = {f"sum_{name}": Sum(name, default=0) for name in COLUMNS}
    seen = visible.order_by().aggregate(sessions=Count("pk"), value=counted, **sums)
    total = Total(
        seen["sessions"], {name: seen[f"sum_{name}"] for name in COLUMNS}, seen["value"], whole - seen["value"]
    )
    return visible, total


def named_like(sessions: QuerySet[Session], words: list[str]) -> QuerySet[Session]:
    """Of cells whose name of that day holds the words."""
    names = OrganisationPeriod.unscoped.filter(covering(OuterRef("day")), organisation=OuterRef("cell"))
    for word in words:
        names = names.filter(search__contains=word)
    return sessions.filter(Exists(names))


def names_at(facts: Iterable[tuple[int, dt.date]]) -> dict[tuple[int, dt.date], str]:
    """{(organisation, day): what it was called that day}, for a page of facts, by one query.

    A day on which it was not in force gives the name before, or else the first one.
    """
    facts = set(facts)
    by_place = periods_of(place for place, _day in facts)
    return {(place, day): period_on(by_place[place], day).name for place, day in facts}


def periods_of(organisations: Iterable[int]) -> dict[int, list[OrganisationPeriod]]:
    by_place = defaultdict(list)
    for period in OrganisationPeriod.unscoped.filter(organisation__in=set(organisations)).order_by("first_day"):
        by_place[period.organisation_id].append(period)
    return by_place


def period_on(periods: list[OrganisationPeriod], day: dt.date) -> OrganisationPeriod:
    begun = [period for period in periods if period.first_day <= day]
    return begun[-1] if begun else periods[0]


def cells_at(facts: Iterable[tuple[int, dt.date]], user) -> dict[tuple[int, dt.date], OrganisationRow]:
    """The same with the parents of that day beside names that several bear, if the user may know them."""
    facts = set(facts)
    by_place = periods_of(place for place, _day in facts)
    found = {(place, day): period_on(by_place[place], day) for place, day in facts}
    by_name = {(period.organisation_id, period.name): period for period in found.values()}
    named = with_parents(by_name.values(), user, max((day for _place, day in facts), default=dt.date.min))
    rows = dict(zip(by_name, named, strict=True))
    return {fact: rows[period.organisation_id, period.name] for fact, period in found.items()}


def full_name(row: OrganisationRow) -> str:
    return f"{row.name} ({row.parent_name})" if row.parent_name else row.name


@dataclass(frozen=True)
class DutyRow:
    name: str
    parent_name: str
    span: str
    first_day: dt.date
    is_done: bool
    url: str


def duties_behind(organisation: Organisation, query: PeriodQuery, user) -> list[tuple[OrganisationRow, Duty]]:
    """By name and time, or as asked; the addresses come with the page that is shown."""
    part, show = query.values["part"], query.values["show"]
    duties = [
        duty for duty in duties_of(organisation, query, part) if show == "all" or duty.is_done == (show == "done")
    ]
    named = told_apart({duty.cell for duty in duties}, user, query.period.until)
    words = words_of(query.values["name"])
    found = [(named[duty.cell], duty) for duty in duties if matches(named[duty.cell], words)]
    found.sort(key=lambda row: (row[0].period.sort_key, row[1].cell, row[1].span.first_day))
    return ordered(found, DUTY_ORDER, query.values["sort"])


DUTY_ORDER = {
    "name": lambda row: row[0].period.sort_key,
    "span": lambda row: row[1].span.first_day,
    "done": lambda row: row[1].is_done,
}


def matches(named: OrganisationRow, words: list[str]) -> bool:
    return holds(named.period.search, words)


def duty_rows(found: Iterable[tuple[OrganisationRow, Duty]], query: PeriodQuery, reach) -> list[DutyRow]:
    found = list(found)
    figure = "sessions_regular" if query.values["part"] == "regular" else "sessions_thematic"
    allowed = measurable(reach, {duty.cell for _named, duty in found}, query.days, query.read_in)
    cells = Organisation.unscoped.in_bulk(allowed)
    return [
        DutyRow(
            named.name,
            named.parent_name,
            span_name(duty.span),
            duty.span.first_day,
            duty.is_done,
            Addresses(cells[duty.cell], query).of(figure, **span_asked(duty.span)) if duty.cell in allowed else "",
        )
        for named, duty in found
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
    hidden = everything.count() - visible.count()
    for word in words_of(query.values["name"]):
        visible = visible.filter(person__search__contains=word)
    return in_order(visible, query.values["sort"], day).select_related("person"), hidden


MEMBER_ORDER = {
    "name": "person__sort_key",
    "cell": "cell_name",
    "standing": "standing",
    "status": "status",
    "since": "first_day",
}


def in_order(rows: QuerySet[Membership], sort: str, day: dt.date) -> QuerySet[Membership]:
    if sort.endswith("cell"):
        names = OrganisationPeriod.unscoped.on(day).filter(organisation=OuterRef("cell"))
        rows = rows.annotate(cell_name=Subquery(names.values("sort_key")[:1]))
    turned = "-" if sort.startswith("-") else ""
    return rows.order_by(turned + MEMBER_ORDER[sort.removeprefix("-")], "person__sort_key", "pk")


def with_cells(page: Iterable[Membership], found: QuerySet[Membership], user, day: dt.date) -> list[tuple]:
    """(row, its cell): cells of one name are told apart wherever in the whole list they stand."""
    named = told_apart(found.order_by().values_list("cell_id", flat=True).distinct(), user, day)
    return [(row, named[row.cell_id]) for row in page]


@dataclass(frozen=True)
class MembersBelow:
    name: str
    addresses: Addresses
    counts: dict[str, int]

    @property
    def url(self) -> str:
        return self.addresses.page("members")

    @property
    def numbers(self) -> list[tuple[str, Number]]:
        return [
            (DEFINITIONS[name][0], Number(thousands(count), self.addresses.of(name)))
            for name, count in self.counts.items()
        ]


def members_below(organisation: Organisation, query: PeriodQuery) -> list[MembersBelow]:
    """Counts of the next level down, for those who may see counts only."""
    day = query.period.until
    below = Lineage.unscoped.under(organisation, day).filter(depth=1)
    children = list(Organisation.unscoped.filter(pk__in=below.values("descendant")))
    counted = counted_members([child.pk for child in children], day)
    names, words = names_on(children, day), words_of(query.values["name"])
    rows = [
        MembersBelow(
            names[child.pk].name,
            Addresses(child, query),
            {name: counted.get(child.pk, {}).get(name, 0) for name in MEMBER_FIGURES},
        )
        for child in children
        if holds(names[child.pk].search, words)
    ]
    rows.sort(key=lambda row: title_key(row.name))
    return ordered(rows, COUNT_ORDER, query.values["sort"])


COUNT_ORDER = {
    "name": lambda row: title_key(row.name),
    **{name: lambda row, name=name: row.counts[name] for name in MEMBER_FIGURES},
}


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


Speaking = tuple[Person, list[tuple[SpeakerAppointment, OrganisationRow]]]


def speaking_people(organisation: Organisation, query: PeriodQuery, user) -> tuple[list[Speaking], int]:
    """Person by person with what each was appointed to and where; and how many people the reader may not see."""
    appointments, hidden = appointments_behind(organisation, query, user)
    named = told_apart((row.organisation_id for row in appointments), user, query.period.until)
    by_person = groupby(appointments, key=lambda row: row.person)
    people = [(person, [(row, named[row.organisation_id]) for row in rows]) for person, rows in by_person]
    words = words_of(query.values["name"])
    found = [one for one in people if holds(searched(one), words)]
    return ordered(found, SPEAKER_ORDER, query.values["sort"]), hidden


def searched(one: Speaking) -> str:
    person, appointments = one
    return " ".join([person.search, *(named.period.search for _row, named in appointments)])


SPEAKER_ORDER = {
    "name": lambda one: one[0].sort_key,
    "place": lambda one: min(named.period.sort_key for _row, named in one[1]),
    "since": lambda one: min(row.first_day for row, _named in one[1]),
}


def conferences_behind(organisation: Organisation, query: PeriodQuery, user) -> tuple[QuerySet, int]:
    """Those of the period that the user may see, and how many there are that the user may not."""
    everything = conferences_in(organisation, query.period, query.values["structure"])
    visible = StudyConference.objects.for_user(user).filter(pk__in=everything.order_by().values("pk"))
    return with_host_name(visible), everything.count() - visible.count()


def conferences_found(
    organisation: Organisation, query: PeriodQuery, user
) -> tuple[list[StudyConference], int, HeadCount]:
    """The same as asked for, in order: those whose subject or host bears the words; and who came to them in all."""
    visible, hidden = conferences_behind(organisation, query, user)
    words = words_of(query.values["name"])
    rows = visible.order_by("-day", "-pk")
    found = [one for one in rows if holds(folded(f"{one.subject} {one.host_name}"), words)]
    total = head_count_of_all(StudyConference.objects.for_user(user).filter(pk__in=[one.pk for one in found]))
    return ordered(found, CONFERENCE_ORDER, query.values["sort"]), hidden, total


CONFERENCE_ORDER = {
    "day": lambda one: one.day,
    "subject": lambda one: title_key(one.subject),
}


@dataclass(frozen=True)
class OrganisationLine:
    name: str
    parent_name: str
    kind: str
    url: str


def organisations_behind(organisation: Organisation, query: PeriodQuery, user) -> list[OrganisationRow]:
    """Cells, or committees without the one asked, on the last day; by name or by kind."""
    day, figure = query.period.until, query.values["figure"]
    rows = Lineage.unscoped.under(organisation, day).filter(is_cell=figure == "cells")
    rows = rows if figure == "cells" else rows.filter(depth__gt=0)
    named = told_apart(rows.values_list("descendant", flat=True), user, day)
    words = words_of(query.values["name"])
    found = [one for one in named.values() if matches(one, words)]
    found.sort(key=lambda row: (row.period.sort_key, row.period.organisation_id))
    return ordered(found, ORGANISATION_ORDER, query.values["sort"])


ORGANISATION_ORDER = {
    "name": lambda row: row.period.sort_key,
    "kind": lambda row: row.period.kind,
}


def organisation_rows(found: Iterable[OrganisationRow], query: PeriodQuery, reach) -> list[OrganisationLine]:
    found = list(found)
    ids = [row.period.organisation_id for row in found]
    allowed = measurable(reach, ids, query.days, query.read_in)
    cells = Organisation.unscoped.in_bulk(allowed)
    return [
        OrganisationLine(
            row.name,
            row.parent_name,
            row.period.get_kind_display(),
            Addresses(cells[pk], query).page("dashboard") if (pk := row.period.organisation_id) in allowed else "",
        )
        for row in found
    ]
