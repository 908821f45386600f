"""Opens the roll-call: one row for everybody who must attend that day, nobody marked."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Person
from sessions import announcing
from sessions.models import PRESENT_MARKS, Attendance, Session
from sessions.states import AlreadyClosed, NotOpen, State, exempt_people, expected_people, locked


class TooEarly(Refused):
    """An open session keeps its day, so one opened before its day could be neither closed nor corrected."""

    def __init__(self, session: Session):
        text = _("Chưa đến ngày sinh hoạt. Điểm danh mở được từ ngày %s; nếu ngày ghi sai, hãy sửa kế hoạch.")
        super().__init__(text % f"{session.day:%d/%m/%Y}")


class NobodyExpected(Refused):
    def __init__(self, session: Session):
        text = _("Không có đảng viên nào thuộc diện phải có mặt ngày %s. Hãy kiểm tra danh sách đảng viên của chi bộ.")
        super().__init__(text % f"{session.day:%d/%m/%Y}")


@dataclass(frozen=True)
class RosterChange:
    """What the roll-call lacks and what it has too much, beside the roster of the day. Ids of persons."""

    added: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()
    now_expected: frozenset[int] = frozenset()  # came as exempt members
    now_exempt: frozenset[int] = frozenset()  # were expected, are marked present

    def __bool__(self):
        return any((self.added, self.removed, self.now_expected, self.now_exempt))

    @property
    def text(self) -> str:
        """For people: `thêm Nguyễn Văn A; bớt Trần Thị B`."""
        parts = (
            (_("thêm %s"), self.added),
            (_("bớt %s"), self.removed),
            (_("nay phải có mặt: %s"), self.now_expected),
            (_("nay được miễn: %s"), self.now_exempt),
        )
        return "; ".join(text % names_of(people) for text, people in parts if people)


def names_of(people: frozenset[int]) -> str:
    return ", ".join(Person.unscoped.filter(pk__in=people).values_list("full_name", flat=True))


@transaction.atomic
def open_session(session: Session, *, actor: User, request=None) -> RosterChange:
    """Planned → open. Of a session that is open already it brings the list up to date; returns what changed then."""
    session = locked(session)
    if session.state == State.CLOSED:
        raise AlreadyClosed
    if session.state == State.CANCELLED:
        raise NotOpen
    was_open = session.state == State.OPEN
    if not was_open and session.day > timezone.localdate():
        raise TooEarly(session)
    change = roster_change(session)
    if not was_open and not change.added:
        raise NobodyExpected(session)
    if was_open and not change:
        return change
    apply(session, change)
    if not was_open:  # a name more or less outdates nobody's marks, so then the version stays
        session.state = State.OPEN
        session.version += 1
        session.save(update_fields=["state", "version"])
    detail = {"version": session.version, "added": sorted(change.added), "removed": sorted(change.removed)}
    action = "session.roster_updated" if was_open else "session.opened"
    record(action, actor=actor, target=session, detail=detail, request=request)
    return change if was_open else RosterChange()


def roster_change(session: Session) -> RosterChange:
    expected = expected_people(session.cell_id, session.day)
    rows = list(session.roll_call.values_list("person_id", "is_expected", "mark"))
    exempt = exempt_people(session.cell_id, session.day) if rows else set()
    stored = {person for person, _is_expected, _mark in rows}
    came_as_exempt = {person for person, is_expected, _mark in rows if not is_expected}
    present = {person for person, _is_expected, mark in rows if mark in PRESENT_MARKS}
    may_stay = exempt & present
    return RosterChange(
        added=frozenset(expected - stored),
        removed=frozenset(stored - expected - may_stay),
        now_expected=frozenset(came_as_exempt & expected),
        now_exempt=frozenset((stored - came_as_exempt - expected) & may_stay),
    )


def apply(session: Session, change: RosterChange) -> None:
    rows = Attendance.unscoped.filter(session=session)
    rows.filter(person__in=change.removed).delete()
    rows.filter(person__in=change.now_exempt).update(is_expected=False)
    rows.filter(person__in=change.now_expected).update(is_expected=True)
    Attendance.unscoped.bulk_create(
        [Attendance(session=session, person_id=person) for person in sorted(change.added)], batch_size=500
    )
    announcing.apply(session, change.added)
