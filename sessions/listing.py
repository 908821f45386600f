"""Who stands on the roster of a session's day, as what, and why some are not counted."""

from collections import Counter
from dataclasses import dataclass

from cells.models import Membership, Standing, Status
from sessions.models import Session

LEFT_OUT = (Status.AWAY, Status.SUSPENDED, Status.SPECIAL_DUTY)  # neither expected nor offered as present


@dataclass(frozen=True)
class Listed:
    person: int
    name: str
    standing: str
    status: str

    @property
    def is_expected(self) -> bool:
        return self.status in {Status.ACTIVE, Status.HOSTED}

    @property
    def is_left_out(self) -> bool:
        return self.status in LEFT_OUT

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)

    @property
    def note(self) -> str:
        """What is to be known of somebody beside the name; of most, nothing."""
        if self.status == Status.HOSTED:
            return self.status_label
        return str(Standing.PROBATIONARY.label) if self.standing == Standing.PROBATIONARY else ""


def listed_on(session: Session) -> list[Listed]:
    """In the order of the roster; people of one name bear their code too. One query."""
    spans = Membership.unscoped.on(session.day).filter(cell=session.cell_id)
    people = spans.order_by("person__sort_key", "person").values_list(
        "person_id", "person__full_name", "person__code", "standing", "status"
    )
    people = list(people)
    twins = Counter(name for _person, name, *_rest in people)
    return [
        Listed(person, f"{name} ({code})" if twins[name] > 1 else name, standing, status)
        for person, name, code, standing, status in people
    ]
