"""Everything a sample consists of, before it is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cells.models import OrganisationFunction, Person, Term
from reports.sample.demo import Places
from reports.sample.meetings import Sitting
from reports.sample.rosters import Rosters
from reports.sample.tree import Tree
from resolutions.models import Document, Outline, ReceivingSite, StudyConference
from speakers.models import SpeakerAppointment


@dataclass
class Content:
    tree: Tree
    rosters: Rosters
    places: Places
    faces: dict[str, Person] = field(default_factory=dict)  # user name → the member who bears it
    functions: list[OrganisationFunction] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    appointments: list[SpeakerAppointment] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    outlines: list[tuple[Outline, list[str]]] = field(default_factory=list)  # with the paragraphs of its file
    conferences: list[StudyConference] = field(default_factory=list)
    sites: list[ReceivingSite] = field(default_factory=list)
    # Made while they are written, a few cells at a time: a bloc's roll-calls would not fit beside everything else.
    batches: Iterable[list[Sitting]] = ()
