"""What a report is made of, read once. Names, kind and parent are those in force on the cut-off day."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from cells.dated import covering
from cells.models import Estimate, Lineage, Organisation, OrganisationPeriod
from cells.papers import letterhead
from cells.papers.blocks import figure
from cells.papers.wording import day, estimated, share, thousands
from reports.access import hung_below_throughout
from reports.activity import NO_ACTIVITY, Activity, activity_of
from reports.periods import Period
from reports.statistics import (
    ChildFigures,
    Duty,
    Figures,
    conferences_in,
    level,
    names_on,
    sessions_in,
)
from resolutions.models import StudyConference
from sessions.models import Session
from sessions.rating import with_ratings

THEMES = tuple(f"planned_theme__{name}" for name in ("preparer", "presenter", "method"))
COUNTED = (
    *("public_id", "code", "day", "kind", "guests", "guests_estimate", "cell__code", "cell__public_id"),
    *("expected", "present", "present_online", "excused", "unexcused", "exempt_present"),
)


@dataclass(frozen=True)
class Source:
    """What a report is made of, read once."""

    organisation: Organisation
    period: Period
    named: OrganisationPeriod
    parent: OrganisationPeriod | None
    figures: Figures
    children: list[ChildFigures]
    sessions: list[Session]
    conferences: list[StudyConference]  # held by the organisation itself
    activity: Activity
    duties: dict[str, list[Duty]]  # the pairs of `regular_due` and `thematic_due`
    conference: StudyConference | None = None  # the one that the report is about

    @property
    def is_cell(self) -> bool:
        return self.named.is_cell

    @property
    def issuer(self) -> str:
        return self.named.name if self.is_cell else letterhead.body_name(self.named.name, self.named.kind)

    @property
    def subject(self) -> str:
        if self.conference:
            return _("kết quả hội nghị %s") % f"{self.conference.subject[:1].lower()}{self.conference.subject[1:]}"
        return _("kết quả sinh hoạt chi bộ và công tác tuyên truyền %s") % self.period.label

    @property
    def cut_off(self) -> str:
        return day(self.period.until)


def read(organisation: Organisation, period: Period, conference: StudyConference | None = None) -> Source:
    named = names_on([organisation], period.until)[organisation.pk]
    above = organisation.periods.filter(covering(period.until)).select_related("parent").first() or named
    parent = names_on([above.parent], period.until)[above.parent_id] if above.parent else None
    if conference:
        return about(conference, organisation, period, named, parent)
    sessions = sessions_in(organisation, period)
    sessions = with_ratings(sessions).prefetch_related("agenda", *THEMES) if named.is_cell else sessions.only(*COUNTED)
    conferences = conferences_in(organisation, period).filter(organisation=organisation)
    found = level(organisation, period)
    return Source(
        organisation=organisation,
        period=period,
        named=named,
        parent=parent,
        figures=found.figures,
        children=[] if named.is_cell else told_children(organisation, found.children, period),
        sessions=list(sessions.select_related("cell")),
        conferences=list(conferences.prefetch_related("sites")),
        activity=activity_of(organisation, period),
        duties=found.duties,
    )


def told_children(organisation: Organisation, found: list[ChildFigures], period: Period) -> list[ChildFigures]:
    """With their figures of the whole period; without any, as on the dashboard, where one has left within it.

    What is below on the cut-off day has brought its past along, what has left goes on elsewhere.
    """
    ids = {child.organisation.pk for child in found}
    here = set(Lineage.unscoped.under(organisation, period.until).values_list("descendant", flat=True))
    told = here | hung_below_throughout(ids, ids - here, period.days, [organisation.pk])
    return [child if child.organisation.pk in told else replace(child, figures=None) for child in found]


def about(conference: StudyConference, organisation, period: Period, named, parent) -> Source:
    """A report about one conference has its head counts and no other figures."""
    places = [conference, *conference.sites.all()]
    marks = {place.estimate for place in places}
    mark = next((word for word in (Estimate.NEARLY, Estimate.ABOUT, Estimate.OVER) if word in marks), None)
    found = Figures(
        conferences=1,
        conference_expected=sum(place.expected for place in places),
        conference_present=sum(place.present for place in places),
        conference_mark=str(mark.label) if mark else "",
    )
    return Source(organisation, period, named, parent, found, [], [], [conference], NO_ACTIVITY, {}, conference)


def printed(source: Source) -> dict[str, str]:
    """Each whole figure as it is printed, for sentences."""
    found = source.figures
    values = {
        name: thousands(value) for name, value in found.as_dict().items() if isinstance(value, int) and name != "guests"
    }
    values |= {name: thousands(value) for name, value in source.activity.counts.items()}
    values |= {
        "guests": estimated(found.guests, found.guests_mark),
        "present": share(found.present, found.expected),
        "regular_done": share(found.regular_done, found.regular_due),
        "thematic_done": share(found.thematic_done, found.thematic_due),
        "conference_present": share(found.conference_present, found.conference_expected, found.conference_mark),
    }
    values = {name: figure(name, text) for name, text in values.items()}
    return values | {"organisation": source.named.name, "until": source.cut_off, "below": below(found, values)}


def below(found: Figures, values: dict[str, str]) -> str:
    if not found.committees:
        return _("%(cells)s chi bộ trực thuộc") % values
    return _("%(committees)s đảng bộ và %(cells)s chi bộ trực thuộc ở các cấp") % values
