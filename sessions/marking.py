"""Marks on the roll-call of an open session, saved as they are made. Two who mark at once lose nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import AuditEntry, User
from accounts.refusing import Refused
from cells.models import Person
from resolutions.models import Mode
from sessions.models import PRESENT_MARKS, Attendance, Mark, Session
from sessions.states import NotOpen, State, exempt_people, locked

ACTION = "session.marked"


@dataclass(frozen=True)
class Marked:
    mark: str = Mark.UNMARKED
    reason: str = ""

    def __str__(self):
        label = str(Mark(self.mark).label)
        return f"{label} ({self.reason})" if self.reason else label

    @property
    def sentence(self) -> str:
        return capfirst(str(self))


NOTHING = Marked()


@dataclass(frozen=True)
class Line:
    """One name on the sheet. Exempt members stand on it too; they have a row only if they came."""

    person: int
    key: str
    name: str
    is_expected: bool
    marked: Marked


@dataclass(frozen=True)
class Sheet:
    version: int
    lines: tuple[Line, ...]

    @cached_property
    def expected(self) -> list[Line]:
        return [line for line in self.lines if line.is_expected]

    @cached_property
    def exempt(self) -> list[Line]:
        return [line for line in self.lines if not line.is_expected]

    @cached_property
    def counts(self) -> Counter:
        """Of the expected, by mark."""
        return Counter(line.marked.mark for line in self.expected)

    @property
    def unmarked(self) -> int:
        return self.counts[Mark.UNMARKED]

    @property
    def done(self) -> int:
        return len(self.expected) - self.unmarked

    @property
    def present(self) -> int:
        return sum(self.counts[mark] for mark in PRESENT_MARKS)

    @property
    def absent(self) -> int:
        return self.done - self.present


@dataclass(frozen=True)
class Clash:
    """One person whom two people marked differently."""

    line: Line
    mine: Marked
    theirs: Marked
    base: Marked
    changed_by: str

    @property
    def suggestion(self) -> str:
        """Whose version only one of the two changed; "" where both did, and somebody must decide."""
        if self.mine == self.base:
            return "theirs"
        return "mine" if self.theirs == self.base else ""


class Conflict(Refused):
    """Somebody else saved in between; nothing of this attempt was written."""

    def __init__(self, clashes: list[Clash], version: int):
        self.clashes = clashes
        self.version = version
        super().__init__(_("Người khác vừa ghi điểm danh khác với đồng chí."))


class NotOnTheList(Refused):
    def default(self):
        return _("Danh sách đã thay đổi: có người không còn thuộc buổi sinh hoạt này. Hãy cập nhật danh sách.")


def sheet_of(session: Session) -> Sheet:
    """Everybody expected, as the roll-call has them, and the exempt home members; in the order of the roster."""
    rows = {row.person_id: row for row in Attendance.unscoped.filter(session=session)}
    exempt = exempt_people(session.cell_id, session.day)
    people = list(Person.unscoped.filter(pk__in=rows.keys() | exempt))
    twins = Counter(person.full_name for person in people)
    lines = tuple(line_of(person, rows.get(person.pk), twins[person.full_name] > 1) for person in people)
    return Sheet(session.version, lines)


def line_of(person: Person, row: Attendance | None, has_twin: bool) -> Line:
    name = f"{person.full_name} ({person.code})" if has_twin else person.full_name
    marked = Marked(row.mark, row.reason) if row else NOTHING
    return Line(person.pk, person.public_id.hex, name, bool(row and row.is_expected), marked)


@transaction.atomic
def save_marks(
    session: Session,
    wanted: Mapping[int, Marked],
    *,
    version: int,
    base: Mapping[int, Marked],
    is_draft: bool = False,
    actor: User,
    request=None,
) -> Session:
    """Write the marks that differ from what is stored; the same again changes nothing.

    `version` and `base` are what the writer saw. A whole sheet that is based on an old version is a `Conflict`. A
    draft, the few marks that a page saves by itself, is one only where somebody else changed the same person.
    """
    session = locked(session)
    if session.state != State.OPEN:
        raise NotOpen
    sheet = sheet_of(session)
    stored = {line.person: line for line in sheet.lines}
    if wanted.keys() - stored.keys():
        raise NotOnTheList
    changes = {person: marked for person, marked in wanted.items() if stored[person].marked != marked}
    if not changes:
        return session
    if version != session.version:
        refuse_clashes(session, changes, stored, base, is_draft)
    write(session, changes, stored)
    note(session, changes, stored, actor, request)
    return session


def refuse_clashes(session: Session, changes, stored: Mapping[int, Line], base, is_draft: bool) -> None:
    authors = authors_of(session)
    clashes = [
        Clash(stored[person], mine, stored[person].marked, base.get(person, NOTHING), authors.get(person, ""))
        for person, mine in changes.items()
    ]
    if is_draft:
        clashes = [clash for clash in clashes if clash.theirs != clash.base]
    if clashes:
        raise Conflict(clashes, session.version)


def authors_of(session: Session) -> dict[int, str]:
    """Who marked each person last, from the audit trail."""
    entries = AuditEntry.objects.filter(
        object_kind=session._meta.label_lower, object_id=str(session.pk), action=ACTION
    ).select_related("actor")
    authors = {}
    for entry in entries.order_by("pk"):
        authors |= dict.fromkeys(entry.detail.get("people", ()), str(entry.actor or ""))
    return authors


def write(session: Session, changes: Mapping[int, Marked], stored: Mapping[int, Line]) -> None:
    gone = [person for person, marked in changes.items() if not stored[person].is_expected and marked == NOTHING]
    Attendance.unscoped.filter(session=session, person__in=gone).delete()
    Attendance.unscoped.bulk_create(
        [
            Attendance(
                session=session,
                person_id=person,
                mark=marked.mark,
                reason=marked.reason,
                is_expected=stored[person].is_expected,
            )
            for person, marked in changes.items()
            if person not in gone
        ],
        batch_size=150,
        update_conflicts=True,
        unique_fields=["session", "person"],
        update_fields=["mark", "reason"],
    )
    session.version += 1
    session.save(update_fields=["version"])


def note(session: Session, changes: Mapping[int, Marked], stored: Mapping[int, Line], actor: User, request) -> None:
    record(
        ACTION,
        actor=actor,
        target=session,
        detail={"version": session.version, "people": sorted(changes)},
        before={str(person): str(stored[person].marked) for person in changes},
        after={str(person): str(marked) for person, marked in changes.items()},
        request=request,
    )


def all_present(session: Session, sheet: Sheet, wanted: Mapping[int, Marked]) -> dict[int, Marked]:
    """The explicit "Tất cả có mặt": everybody expected who bears no mark yet."""
    marks = {line.person: line.marked for line in sheet.expected} | dict(wanted)
    unmarked = {line.person for line in sheet.expected if marks[line.person] == NOTHING}
    return dict(wanted) | dict.fromkeys(unmarked, Marked(usual_mark(session)))


def usual_mark(session: Session) -> str:
    """How people are present at such a session if nothing else is said."""
    return Mark.PRESENT_ONLINE if session.mode == Mode.ONLINE else Mark.PRESENT
