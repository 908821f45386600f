"""What a page shows of agenda, record, votes and tasks, to whom (docs/decisions/session-record.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from resolutions.models import Document, Outline
from sessions import noting, tasking
from sessions.models import AgendaBlock, Part, Session, SessionRecord, SessionTask, SessionVote, TaskState
from sessions.rules import MINUTES_SUBJECTS, rules_for
from sessions.voting import VoteBase

TASK_BADGES = {TaskState.OPEN: "badge-plain", TaskState.DONE: "badge-ok", TaskState.DROPPED: "badge-wait"}


@dataclass(frozen=True)
class Agenda:
    """The blocks by part, with their sum; names of presenters for those who may know who is at the cell."""

    blocks: list[AgendaBlock]
    names_people: bool
    least: int | None
    least_source: str

    @property
    def parts(self) -> Iterator[tuple[str, list[AgendaBlock]]]:
        for part, blocks in groupby(self.blocks, key=lambda block: block.part):
            yield capfirst(Part(part).label), list(blocks)

    @property
    def minutes(self) -> int:
        return sum(block.planned_minutes for block in self.blocks)

    @property
    def is_short(self) -> bool:
        return self.least is not None and self.minutes < self.least


def agenda_of(user, session: Session, names_people: bool) -> Agenda:
    blocks = AgendaBlock.objects.for_user(user).filter(session=session)
    materials = (
        Prefetch("documents", Document.objects.for_user(user)),
        Prefetch("outlines", Outline.objects.for_user(user)),
    )
    subject = MINUTES_SUBJECTS.get(session.kind)
    held = rules_for(session.cell_id, session.day).of(subject) if subject else None
    return Agenda(
        list(blocks.prefetch_related(*materials)),
        names_people,
        held.number if held else None,
        held.source if held else "",
    )


@dataclass(frozen=True)
class VoteRow:
    vote: SessionVote

    @property
    def arithmetic(self) -> str:
        return VoteBase(**self.vote.arithmetic).text

    @property
    def has_majority(self) -> bool:
        return self.vote.in_favour * 2 > self.vote.base


@dataclass(frozen=True)
class TaskRow:
    """One task as it is today, or as a session found and left it."""

    task: SessionTask
    state: str
    result: str
    cell_name: str = ""

    @property
    def is_overdue(self) -> bool:
        return self.state == TaskState.OPEN and self.task.is_overdue

    @property
    def badge(self) -> str:
        return "badge-bad" if self.is_overdue else TASK_BADGES[TaskState(self.state)]

    @property
    def label(self) -> str:
        return _("Quá hạn") if self.is_overdue else str(capfirst(TaskState(self.state).label))


@dataclass(frozen=True)
class Came:
    """What a session came to."""

    record: SessionRecord | None
    votes: list[VoteRow]
    given: list[TaskRow]
    carried: list[TaskRow]
    has_notes: bool

    @property
    def is_empty(self) -> bool:
        return not (self.record or self.votes or self.given or self.has_notes)


def came_of(user, session: Session, agenda: Agenda) -> Came:
    """For those who may read it; the querysets see to it that others get nothing."""
    return Came(
        record=SessionRecord.objects.for_user(user).filter(session=session).first(),
        votes=votes_of(user, session),
        given=given_in(user, session),
        carried=carried_into(session),
        has_notes=any(block.note or block.minutes is not None for block in agenda.blocks),
    )


def votes_of(user, session: Session) -> list[VoteRow]:
    return [VoteRow(vote) for vote in SessionVote.objects.for_user(user).filter(session=session)]


def given_in(user, session: Session) -> list[TaskRow]:
    tasks = SessionTask.objects.for_user(user).filter(session=session).select_related("session")
    return [TaskRow(task, task.state, task.result) for task in tasks]


def carried_into(session: Session) -> list[TaskRow]:
    return [TaskRow(line.task, line.told.state, line.told.result) for line in tasking.tasks_at(session)]


@dataclass(frozen=True)
class RecordPage:
    """The fields of the recording screen, each with what is stored or, after an error, what was sent."""

    page: noting.Page
    form: object

    def value(self, name: str) -> str:
        return self.form.data.get(name, self.page.values[name]) if self.form.is_bound else self.page.values[name]

    def field(self, name: str) -> "Field":
        return Field(name, self.value(name), list(self.form.errors.get(name, [])))

    @property
    def head(self) -> list[tuple[str, "Field"]]:
        names = ("chair_name", "minute_taker_name", "guest_names", "dues")
        return [(self.page.label(name), self.field(name)) for name in names]

    @property
    def texts(self) -> list[tuple[str, "Field"]]:
        return [(self.page.label(name), self.field(name)) for name in ("summary", "conclusion")]

    @property
    def blocks(self) -> list[tuple[AgendaBlock, dict[str, "Field"]]]:
        return [
            (block, {part: self.field(noting.block_field(block, part)) for part in noting.block_fields(block)})
            for block in self.page.blocks
        ]

    @property
    def tasks(self) -> list[tuple]:
        return [
            (line, {part: self.field(noting.task_field(line.task, part)) for part in noting.TASK_FIELDS})
            for line in self.page.tasks
        ]


@dataclass(frozen=True)
class Field:
    name: str
    value: str
    problems: list[str]
