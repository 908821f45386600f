"""What is written of a session while it lasts and afterwards, field by field, so that two who write disturb nobody.

Every field has a name, `summary` or `block-<id>-note` or `task-<id>-state`, and a token of its stored text. Whoever
saves says with each field which token it was based on: a field that somebody else changed since is a `Conflict`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.db.models import F
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import AuditEntry, User
from accounts.refusing import Refused
from sessions import tasking
from sessions.models import AgendaBlock, Session, SessionRecord, TaskState
from sessions.naming import roster_of
from sessions.recording import refuse_unchangeable
from sessions.states import locked

ACTION = "session.recorded"
RECORD_FIELDS = ("chair_name", "minute_taker_name", "guest_names", "dues", "summary", "conclusion")
BLOCK_FIELDS = ("presenter_name", "method", "minutes", "note")
TASK_FIELDS = ("state", "result")
PERSONS = {"chair_name": "chair_id", "minute_taker_name": "minute_taker_id", "presenter_name": "presenter_id"}


class PageOutdated(Refused):
    """A block or a task is gone, or is not to be written about."""

    def default(self):
        return _("Chương trình hoặc danh sách nhiệm vụ vừa thay đổi. Hãy tải lại trang; phần đã lưu vẫn còn.")


@dataclass(frozen=True)
class Clash:
    """One field that two people wrote differently."""

    name: str
    label: str
    mine: str
    theirs: str
    changed_by: str

    @property
    def shown_mine(self) -> str:
        return self.shown(self.mine)

    @property
    def shown_theirs(self) -> str:
        return self.shown(self.theirs)

    @property
    def may_keep_both(self) -> bool:
        """Texts of several lines may stand one below the other."""
        return self.name in {"summary", "conclusion"} or self.name.endswith(("-note", "-result"))

    def shown(self, text: str) -> str:
        return str(TaskState(text).label) if self.name.endswith("-state") else text


class Conflict(Refused):
    """Somebody else saved the same fields in between; nothing of this attempt was written."""

    def __init__(self, clashes: list[Clash]):
        self.clashes = clashes
        super().__init__(_("Người khác vừa ghi khác với đồng chí."))


@dataclass(frozen=True)
class Page:
    """All there is to write of one session, as stored."""

    session: Session
    record: SessionRecord
    blocks: list[AgendaBlock]
    tasks: list  # of tasking.CarriedTask

    @cached_property
    def values(self) -> dict[str, str]:
        found = {name: getattr(self.record, name) for name in RECORD_FIELDS}
        for block in self.blocks:
            for name in block_fields(block):
                value = getattr(block, name)
                found[block_field(block, name)] = "" if value is None else str(value)
        for line in self.tasks:
            found |= {task_field(line.task, name): str(getattr(line.told, name)) for name in TASK_FIELDS}
        return found

    @property
    def tokens(self) -> dict[str, str]:
        return {name: token(value) for name, value in self.values.items()}

    def label(self, name: str) -> str:
        """For people: `Nội dung đã trình bày: Đánh giá tháng trước`."""
        if name in RECORD_FIELDS:
            return capfirst(SessionRecord._meta.get_field(name).verbose_name)
        for block in self.blocks:
            for part in BLOCK_FIELDS:
                if name == block_field(block, part):
                    return f"{capfirst(AgendaBlock._meta.get_field(part).verbose_name)}: {block.title}"
        titles = {task_field(line.task, part): line.task.title for line in self.tasks for part in TASK_FIELDS}
        return _("Nhiệm vụ: %s") % titles[name]


def block_field(block: AgendaBlock, part: str) -> str:
    return f"block-{block.public_id.hex}-{part}"


def block_fields(block: AgendaBlock) -> tuple[str, ...]:
    return tuple(name for name in BLOCK_FIELDS if name != "note") if block.is_spoken_only else BLOCK_FIELDS


def task_field(task, part: str) -> str:
    return f"task-{task.public_id.hex}-{part}"


def token(text: str) -> str:
    """Tells whether a text is still the same; not the text itself, which may be long."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def page_of(session: Session) -> Page:
    """A fixed number of queries, however many blocks and tasks."""
    stored = SessionRecord.unscoped.filter(session=session).first() or SessionRecord(session=session)
    return Page(session, stored, list(session.agenda.all()), tasking.tasks_at(session))


@transaction.atomic
def save(
    session: Session, wanted: Mapping[str, str], base: Mapping[str, str], *, actor: User, request=None
) -> list[str]:
    """Write the fields that differ from what is stored; returns their names. The same again changes nothing."""
    session = locked(session)
    refuse_unchangeable(session)
    page = page_of(session)
    if wanted.keys() - page.values.keys():
        raise PageOutdated
    changes = {
        name: text
        for name, text in wanted.items()
        if text != page.values[name] and token(text) != base.get(name)  # as it was shown, so not touched
    }
    clashing = [name for name in changes if base.get(name) != token(page.values[name])]
    if clashing:
        raise Conflict(clashes_of(page, clashing, changes))
    if changes:
        write(page, changes, actor, request)
        detail = {"fields": sorted(changes), "version": page.record.version}
        record(ACTION, actor=actor, target=session, detail=detail, request=request)
    return sorted(changes)


def clashes_of(page: Page, names: Iterable[str], changes: Mapping[str, str]) -> list[Clash]:
    authors = authors_of(page.session)
    return [Clash(name, page.label(name), changes[name], page.values[name], authors.get(name, "")) for name in names]


def authors_of(session: Session) -> dict[str, str]:
    """Who wrote each field last, from the audit trail."""
    entries = AuditEntry.objects.filter(
        object_kind=session._meta.label_lower, object_id=str(session.pk), action=ACTION
    ).select_related("actor")
    authors = {}
    for entry in entries.order_by("pk"):
        authors |= dict.fromkeys(entry.detail.get("fields", ()), str(entry.actor or ""))
    return authors


def write(page: Page, changes: Mapping[str, str], actor: User, request) -> None:
    roster = roster_of(page.session) if any(name.endswith(tuple(PERSONS)) for name in changes) else {}
    write_record(page.record, {name: changes[name] for name in RECORD_FIELDS if name in changes}, roster, actor)
    for block in page.blocks:
        told = {part: changes[name] for part in BLOCK_FIELDS if (name := block_field(block, part)) in changes}
        if told:
            write_block(block, told, roster)
    for line in page.tasks:
        told = {part: changes[name] for part in TASK_FIELDS if (name := task_field(line.task, part)) in changes}
        if told:
            now = tasking.Told(told.get("state", line.told.state), told.get("result", line.told.result))
            tasking.tell_in(page.session, line.task, now, actor=actor, request=request)


def write_record(stored: SessionRecord, told: Mapping[str, str], roster: Mapping[str, int], actor: User) -> None:
    """The row is written even if only a block changed: its version counts every change of the whole."""
    for name, text in told.items():
        setattr(stored, name, text)
        if name in PERSONS:
            setattr(stored, PERSONS[name], roster.get(text))
    stored.version = stored.version + 1 if stored.pk else 1
    stored.changed_by = actor
    stored.save()


def write_block(block: AgendaBlock, told: Mapping[str, str], roster: Mapping[str, int]) -> None:
    values: dict = dict(told)
    if "minutes" in values:
        values["minutes"] = int(values["minutes"]) if values["minutes"] else None
    if "presenter_name" in values:
        values["presenter_id"] = roster.get(values["presenter_name"])
    AgendaBlock.unscoped.filter(pk=block.pk).update(**values, version=F("version") + 1)
