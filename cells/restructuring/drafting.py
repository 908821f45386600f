"""The draft of a reorganisation: what was chosen and typed so far, right or wrong."""

from django.db import transaction
from django.db.models import F

from accounts.auditing import record
from accounts.models import User
from cells.models import Reorganisation


@transaction.atomic
def begin(kind: str, order: dict, *, author: User, request=None) -> Reorganisation:
    row = Reorganisation.unscoped.create(kind=kind, author=author, order=order)
    record("reorganisation.drafted", actor=author, target=row, detail={"kind": kind}, request=request)
    return row


def save(row: Reorganisation, **order) -> None:
    drafts = Reorganisation.unscoped.filter(pk=row.pk, state=Reorganisation.State.DRAFT)
    drafts.update(order=row.order | order, version=F("version") + 1)


@transaction.atomic
def discard(row: Reorganisation, *, request=None) -> None:
    record("reorganisation.discarded", target=row, detail={"kind": row.kind}, request=request)
    row.delete()
