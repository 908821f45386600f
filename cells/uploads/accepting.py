"""The one way in for a file: name, size, content, secrecy, then the disk. A refusal leaves nothing behind."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.conf import settings
from django.utils import timezone

from accounts.auditing import record
from accounts.file_names import legible
from cells.models import UploadStatement
from cells.uploads.inspecting import Findings, Refused, look_into
from cells.uploads.keeping import store
from cells.uploads.kinds import MB, FileKind, extensions_of, kind_named
from cells.uploads.secrecy import bears_mark, name_bears_mark
from cells.uploads.stored import FileState

LONGEST_NAME = 200
A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Accepted:
    """The fields of a `StoredFile`, ready for its row: `Outline(**accepted.fields)`."""

    file_name: str
    stored_name: str
    content_type: str
    size: int
    sha256: str
    state: str
    text: str = ""  # all its words; not a field of the row

    @property
    def fields(self) -> dict:
        return {name: value for name, value in asdict(self).items() if name != "text"}


def accept(
    upload, allowed: Iterable[FileKind], *, is_attested: bool, actor, request=None, may_wait: bool = True
) -> Accepted:
    """Look into an uploaded file and store it. Raises Refused with a text for the form's field.

    The uploader's statement is kept either way, in a transaction of its own. With `may_wait` what no program can read
    (pictures, scans) waits for a second person; without, its place is such that only the uploader's cell sees it.
    """
    try:
        kind, found = checked(upload, tuple(allowed), is_attested, actor)
    except Refused as refusal:
        keep_statement(actor, request, outcome=refusal.reason, is_attested=is_attested)
        raise
    keep_statement(actor, request, outcome="", is_attested=is_attested)
    waits = may_wait and not found.is_legible
    # What waits for a second person is scanned all the same, before that person opens it.
    state = FileState.WAITING if waits else FileState.QUARANTINE if settings.SCANNER else FileState.RELEASED
    return Accepted(
        file_name=legible(upload.name)[-LONGEST_NAME:],
        stored_name=store(found.content),
        content_type=kind.content_type,
        size=len(found.content),
        sha256=hashlib.sha256(found.content).hexdigest(),
        state=state,
        text=found.text,
    )


def checked(upload, allowed: tuple[FileKind, ...], is_attested: bool, actor) -> tuple[FileKind, Findings]:
    if not is_attested:
        raise Refused("not_attested")
    if UploadStatement.unscoped.filter(user=actor, at__gt=timezone.now() - A_DAY).count() >= settings.UPLOADS_A_DAY:
        raise Refused("quota")
    if name_bears_mark(upload.name):
        raise Refused("classified")
    kind = kind_named(upload.name, allowed)
    if kind is None:
        raise Refused("extension", ", ".join(extensions_of(allowed)))
    if not upload.size:
        raise Refused("empty")
    if upload.size > kind.most_bytes:
        raise Refused("too_large")
    found = look_into(upload.read(), kind.content_type)
    if bears_mark(found.text):
        raise Refused("classified")
    return kind, found


def keep_statement(actor, request, *, outcome: str, is_attested: bool) -> None:
    """Who said what about a file, and how it ended: never its name, its text or a digest of them."""
    UploadStatement.unscoped.create(user=actor, outcome=outcome, is_attested=is_attested)
    if outcome:
        record("upload.refused", actor=actor, detail={"reason": outcome}, request=request)


def largest(allowed: Iterable[FileKind]) -> int:
    """In MB, for the help beside a field."""
    return max(kind.most_bytes for kind in allowed) // MB
