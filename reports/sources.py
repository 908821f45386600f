"""What a report is made of, read once. Names, kind and parent are those in force on the cut-off day."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cells.dated import covering
from cells.models import Organisation, OrganisationPeriod
from cells.papers import letterhead
from cells.papers.wording import day, estimated, share, thousands
from reports.periods import Period
from reports.statistics import (
    ChildFigures,
    Figures,
    conferences_in,
    figures,
    figures_by_child,
    names_on,
    sessions_in,
)
from resolutions.models import StudyConference
from sessions.models import Session
from sessions.rating import with_ratings


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

    @property
    def is_cell(self) -> bool:
        return self.named.is_cell

    @property
    def issuer(self) -> str:
        return self.named.name if self.is_cell else letterhead.body_name(self.named.name, self.named.kind)

    @property
    def subject(self) -> str:
        return _("kết quả sinh hoạt chi bộ và công tác tuyên truyền %s") % self.period.label

    @property
    def cut_off(self) -> str:
        return day(self.period.until)


def read(organisation: Organisation, period: Period) -> Source:
    named = names_on([organisation], period.until)[organisation.pk]
    above = organisation.periods.filter(covering(period.until)).select_related("parent").first() or named
    sessions = sessions_in(organisation, period)
    conferences = conferences_in(organisation, period).filter(organisation=organisation)
    return Source(
        organisation=organisation,
        period=period,
        named=named,
        parent=names_on([above.parent], period.until)[above.parent_id] if above.parent else None,
        figures=figures(organisation, period),
        children=[] if named.is_cell else figures_by_child(organisation, period),
        sessions=list(with_ratings(sessions)) if named.is_cell else list(sessions.only("code", "day")),
        conferences=list(conferences.prefetch_related("sites")),
    )


def printed(source: Source) -> dict[str, str]:
    """Each whole figure as it is printed, for sentences."""
    found = source.figures
    values = {
        name: thousands(value) for name, value in found.as_dict().items() if isinstance(value, int) and name != "guests"
    }
    return values | {
        "organisation": source.named.name,
        "until": source.cut_off,
        "below": below(found),
        "guests": estimated(found.guests, found.guests_mark),
        "attendance": share(found.present, found.expected),
        "regular": share(found.regular_done, found.regular_due),
        "thematic": share(found.thematic_done, found.thematic_due),
        "conference": share(found.conference_present, found.conference_expected, found.conference_mark),
    }


def below(found: Figures) -> str:
    if not found.committees:
        return _("%s chi bộ trực thuộc") % thousands(found.cells)
    return _("%(committees)s đảng bộ và %(cells)s chi bộ trực thuộc ở các cấp") % {
        "committees": thousands(found.committees),
        "cells": thousands(found.cells),
    }
