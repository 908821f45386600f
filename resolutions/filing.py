"""Puts Party documents on file, finds those that are there already, amends and withdraws them."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.refusing import Refused
from cells.models import Organisation
from resolutions.citing import Citation
from resolutions.models import Document

FIELDS = ("symbol", "type", "issuer", "term", "issued_on", "subject", "valid_from", "valid_to")
MOST_OFFERED = 5


class ChangedMeanwhile(Refused):
    def default(self):
        return _("Người khác vừa sửa văn bản này.")


class AlreadyWithdrawn(Refused):
    def default(self):
        return _("Văn bản này đã được rút.")


def same_as(user, cited: Citation, but: Document | None = None) -> list[Document]:
    """Documents the user sees that may be the cited one; what is said of both agrees (domain.md 1.6)."""
    if not cited.is_identified:
        return []
    found = Document.objects.for_user(user).in_use().filter(Q(type=cited.type), number=cited.number)
    if but:
        found = found.exclude(pk=but.pk)
    return [one for one in found.order_by("-pk")[:200] if cited.may_be(one.citation)][:MOST_OFFERED]


@transaction.atomic
def file(owner: Organisation, fields: dict, *, actor, request=None) -> Document:
    document = Document(owner=owner, **{name: fields[name] for name in FIELDS})
    document.save()
    record("document.filed", actor=actor, target=document, after=told(document), request=request)
    return document


@transaction.atomic
def amend(document: Document, fields: dict, *, version: int, actor, request=None) -> None:
    rows = Document.unscoped.filter(pk=document.pk, version=version, withdrawn_at=None)
    if not rows.update(version=F("version") + 1):
        raise ChangedMeanwhile
    stored = Document.unscoped.get(pk=document.pk)
    before = told(stored)
    for name in FIELDS:
        setattr(stored, name, fields[name])
    stored.save()
    record("document.amended", actor=actor, target=stored, before=before, after=told(stored), request=request)


@transaction.atomic
def withdraw(document: Document, reason: str, *, actor, request=None) -> None:
    """It stays on file with the reason; its outlines are no longer handed out."""
    rows = Document.unscoped.filter(pk=document.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=timezone.now(), withdrawn_reason=reason, version=F("version") + 1):
        raise AlreadyWithdrawn
    record("document.withdrawn", actor=actor, target=document, after={"reason": reason}, request=request)


def told(document: Document) -> dict:
    return {name: getattr(document, name) for name in FIELDS}
