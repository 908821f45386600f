"""Adds up who was called to a conference and who came, over the host's own site and all receiving sites."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from cells.models import Estimate
from resolutions.models import ReceivingSite, StudyConference


@dataclass(frozen=True)
class HeadCount:
    expected: int
    present: int
    estimate: str  # of those present

    @property
    def mark(self) -> str:
        """The word before the number, `gần 800`; an exact number has none."""
        return str(Estimate(self.estimate).label) if self.estimate else ""


def head_count(rows: Iterable[StudyConference | ReceivingSite | HeadCount]) -> HeadCount:
    """A sum takes over the word of its addends that stands first in `Estimate`."""
    rows = list(rows)
    borne = {row.estimate for row in rows}
    estimate = next((value for value in Estimate.values if value and value in borne), "")
    return HeadCount(sum(row.expected for row in rows), sum(row.present for row in rows), estimate)


def head_count_of_all(conferences: QuerySet[StudyConference]) -> HeadCount:
    """The same of any number of conferences, by two queries."""
    sites = ReceivingSite.unscoped.filter(conference__in=conferences.order_by().values("pk"))
    return head_count([*by_estimate(conferences), *by_estimate(sites)])


def head_counts(conferences: Iterable[StudyConference]) -> list[tuple[StudyConference, HeadCount]]:
    """Each with its own, by one query however many sites there are."""
    conferences = list(conferences)
    sites: dict[int, list[HeadCount]] = {}
    rows = ReceivingSite.unscoped.filter(conference__in=conferences).order_by().values("conference", "estimate")
    for row in rows.annotate(called=Sum("expected"), came=Sum("present")):
        sites.setdefault(row["conference"], []).append(HeadCount(row["called"], row["came"], row["estimate"]))
    return [(one, head_count([one, *sites.get(one.pk, ())])) for one in conferences]


def by_estimate(rows: QuerySet) -> list[HeadCount]:
    sums = rows.order_by().values("estimate").annotate(called=Sum("expected"), came=Sum("present"))
    return [HeadCount(row["called"], row["came"], row["estimate"]) for row in sums]
