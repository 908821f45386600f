"""Puts up outlines and their later editions, and takes them down with reason; earlier editions stay readable."""

import secrets

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.refusing import Refused
from accounts.text import folded
from cells.models import Organisation
from cells.uploads.accepting import Accepted
from resolutions.models import Document, Outline, OutlineWords

MOST_WORDS = 8000  # characters; the different syllables of a long paper come to about 4,000
FIELDS = ("changes", "valid_from", "valid_to", "link")


class AlreadyWithdrawn(Refused):
    def default(self):
        return _("Bản này đã được gỡ.")


class DocumentWithdrawn(Refused):
    def default(self):
        return _("Văn bản này đã được rút nên không đưa thêm đề cương.")


@transaction.atomic
def publish(
    document: Document,
    owner: Organisation,
    fields: dict,
    accepted: Accepted | None,
    *,
    actor,
    request=None,
) -> Outline:
    """A file that was taken in, or a link; with the title and audience of an earlier one it is its next edition."""
    # Locked, so that two who publish at once make two editions.
    if not Document.unscoped.select_for_update().filter(pk=document.pk, withdrawn_at=None).first():
        raise DocumentWithdrawn
    owner_id = None if owner.pk == document.owner_id else owner.pk
    outline = Outline(document=document, owner_id=owner_id, title=fields["title"], audience=fields["audience"])
    outline.edition = next_edition(outline)
    outline.published_by = actor
    for name in FIELDS:
        setattr(outline, name, fields[name])
    stored = accepted.fields if accepted else nothing_stored()
    for name, value in stored.items():
        setattr(outline, name, value)
    outline.save()
    keep_words(outline, " ".join([outline.title, outline.changes, accepted.text if accepted else ""]))
    detail = {"edition": outline.edition, "audience": outline.audience, "state": outline.state}
    record("outline.published", actor=actor, target=outline, detail=detail, request=request)
    return outline


def next_edition(outline: Outline) -> int:
    document, owner, audience, title = outline.series
    editions = Outline.unscoped.filter(document_id=document, owner_id=owner, audience=audience, title=title)
    return (editions.aggregate(highest=Max("edition"))["highest"] or 0) + 1


def nothing_stored() -> dict:
    """Of a link; the name is only there to be unlike all others."""
    empty = {"file_name": "", "content_type": "", "size": 0, "sha256": ""}
    return empty | {"stored_name": f"link-{secrets.token_hex(16)}"}


def keep_words(outline: Outline, text: str) -> None:
    words = " ".join(dict.fromkeys(folded(text).split()))[:MOST_WORDS]
    if words:
        OutlineWords.unscoped.create(outline=outline, words=words)


@transaction.atomic
def withdraw(outline: Outline, reason: str, *, actor, request=None) -> None:
    rows = Outline.unscoped.filter(pk=outline.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=timezone.now(), withdrawn_reason=reason):
        raise AlreadyWithdrawn
    record("outline.withdrawn", actor=actor, target=outline, after={"reason": reason}, request=request)
