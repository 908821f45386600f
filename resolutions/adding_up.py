"""Adds up who was called to a conference and who came, over the host's own site and all receiving sites."""

from collections.abc import Iterable
from dataclasses import dataclass

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


def head_count(rows: Iterable[StudyConference | ReceivingSite]) -> HeadCount:
    """A sum takes over the word of its addends that stands first in `Estimate`."""
    rows = list(rows)
    borne = {row.estimate for row in rows}
    estimate = next((value for value in Estimate.values if value and value in borne), "")
    return HeadCount(sum(row.expected for row in rows), sum(row.present for row in rows), estimate)
