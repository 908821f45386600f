"""What of a person's roll-calls goes when the person is made anonymous: why they were absent. The marks stay."""

from cells.models import Person
from sessions.models import AnnouncedAbsence, Attendance


def forget_reasons(person: Person) -> None:
    Attendance.unscoped.filter(person=person).exclude(reason="").update(reason="")
    AnnouncedAbsence.unscoped.filter(person=person).update(reason="")
