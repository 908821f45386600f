"""What of a person's roll-calls goes when the person is made anonymous: why they were absent. The marks stay."""

from cells.models import Person
from sessions.models import Attendance


def forget_reasons(person: Person) -> None:
    Attendance.unscoped.filter(person=person).exclude(reason="").update(reason="")
