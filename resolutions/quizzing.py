"""Keeps the bank of questions, draws a few of them, says what was right, and counts who took part."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from accounts.text import title_key
from cells.models import Membership, Organisation
from cells.reach import AT_THE_CELL, DOWN_THE_TREE, MEMBER
from resolutions.convening import ChangedMeanwhile
from resolutions.models import Document, Option, Question, QuizParticipation
from resolutions.receiving import cells_below

MOST_DRAWN = 5
MOST_OPTIONS = 6
SALT = "resolutions.quiz"


class Gone(Refused):
    def default(self):
        return _("Câu hỏi này đã được gỡ.")


@transaction.atomic
def add(document: Document, owner: Organisation, fields: dict, *, actor: User, request=None) -> Question:
    question = Question(document=document, owner=owner)
    fill(question, fields)
    record("question.added", actor=actor, target=question, after=told(question), request=request)
    return question


@transaction.atomic
def change(question: Question, fields: dict, *, version: int, actor: User, request=None) -> None:
    question = locked(question, version)
    before = told(question)
    question.version += 1
    question.options.all().delete()
    fill(question, fields)
    record("question.changed", actor=actor, target=question, before=before, after=told(question), request=request)


@transaction.atomic
def withdraw(question: Question, *, version: int, actor: User, request=None) -> None:
    question = locked(question, version)
    question.withdrawn_at = timezone.now()
    question.version += 1
    question.save(update_fields=["withdrawn_at", "version"])
    record("question.withdrawn", actor=actor, target=question, request=request)


def locked(question: Question, version: int) -> Question:
    question = Question.unscoped.select_for_update(of=("self",)).get(pk=question.pk)
    if question.withdrawn_at:
        raise Gone
    if question.version != version:
        raise ChangedMeanwhile
    return question


def fill(question: Question, fields: dict) -> None:
    """`options`: [(text, whether it is right)]."""
    question.text, question.kind, question.explanation = fields["text"], fields["kind"], fields["explanation"]
    question.save()
    Option.unscoped.bulk_create(
        Option(question=question, position=position, text=text, is_right=is_right)
        for position, (text, is_right) in enumerate(fields["options"], start=1)
    )


def told(question: Question) -> dict:
    options = [[one.text, one.is_right] for one in question.options.all()]
    return {"text": question.text, "kind": question.kind, "options": options}


# ---- one go through a few questions


def draw(questions: Iterable[Question], chance=random.SystemRandom()) -> list[Question]:  # noqa: B008 - has no state
    """A few, in the order in which they stand in the bank."""
    bank = list(questions)
    drawn = chance.sample(bank, min(MOST_DRAWN, len(bank)))
    return sorted(drawn, key=lambda question: question.pk)


def seal(questions: Iterable[Question]) -> str:
    return signing.dumps([question.pk for question in questions], salt=SALT)


def unseal(text: str) -> list[int]:
    """Which questions were drawn; none if the page was not ours or is a day old."""
    try:
        return signing.loads(text, salt=SALT, max_age=24 * 3600)
    except signing.BadSignature:
        return []


@dataclass(frozen=True)
class Answered:
    question: Question
    chosen: frozenset[int]  # positions

    @property
    def options(self) -> list[tuple[Option, bool]]:
        return [(one, one.position in self.chosen) for one in self.question.options.all()]

    @property
    def is_right(self) -> bool:
        return self.chosen == {one.position for one in self.question.options.all() if one.is_right}


def answered(questions: Iterable[Question], chosen: Mapping[str, list[int]]) -> list[Answered]:
    return [Answered(one, frozenset(chosen.get(str(one.public_id), ()))) for one in questions]


@transaction.atomic
def took_part(document: Document, user: User) -> None:
    """Neither the answers nor how many were right are kept, nor how often somebody tried."""
    cell = min(user.reach.at([MEMBER]), default=None)
    told = {"cell_id": cell, "last_at": timezone.now()}
    QuizParticipation.unscoped.update_or_create(document=document, user=user, defaults=told)


# ---- how many took part


@dataclass(frozen=True)
class CellCount:
    name: str
    took_part: int
    members: int


def counts_for(user, document: Document) -> list[CellCount]:
    """Of the user's own cells, and of those below both the document's owner and the user."""
    day, reach = user.reach.day, user.reach
    own, below = reach.at(AT_THE_CELL), reach.at(DOWN_THE_TREE)
    periods = list(cells_below(document.owner_id, own | below, day))
    cells = [period.organisation_id for period in periods]
    took = counted(QuizParticipation.unscoped.filter(document=document, cell__in=cells))
    members = counted(Membership.unscoped.on(day).home().filter(cell__in=cells))
    ids = {one: one.organisation_id for one in periods}
    rows = [CellCount(one.name, took.get(key, 0), members.get(key, 0)) for one, key in ids.items()]
    return sorted(rows, key=lambda row: title_key(row.name))


def counted(rows) -> dict[int, int]:
    return dict(rows.order_by().values_list("cell").annotate(number=Count("pk")))
