"""Takes the content of a document out of all that is at hand: for what should never have come in."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.auditing import record
from accounts.models import AuditValues
from cells.uploads.keeping import uploads_folder
from cells.uploads.stored import FileState
from resolutions.models import Document, FollowUp, Option, Outline, OutlineWords, Question, StudyConference

GONE = "Đã xóa"


@dataclass(frozen=True)
class Purged:
    files: int
    outlines: int
    held: list[str]  # what else has something of it, by number and never by content


@transaction.atomic
def purge(document: Document) -> Purged:
    """The rows stay, so that receipts and agendas keep their footing; nothing of what they said does."""
    held = list(held_elsewhere(document))
    outlines = list(Outline.unscoped.filter(document=document))
    names = [one.stored_name for one in outlines if not one.link and one.state != FileState.REMOVED]
    for outline in outlines:
        outline.forget_content()
    Outline.unscoped.filter(document=document).update(
        title=GONE,
        file_name="",
        link="",
        changes="",
        sha256="",
        size=0,
        state=FileState.REMOVED,
        withdrawn_at=timezone.now(),
        withdrawn_reason=GONE,
    )
    Document.unscoped.filter(pk=document.pk).update(
        symbol=GONE,
        subject=GONE,
        issuer=GONE,
        term="",
        number=None,
        issued_on=None,
        valid_from=None,
        valid_to=None,
        search="",
        withdrawn_at=timezone.now(),
        withdrawn_reason=GONE,
        version=F("version") + 1,
    )
    questions = list(Question.unscoped.filter(document=document))
    Option.unscoped.filter(question__in=questions).update(text=GONE)
    Question.unscoped.filter(document=document).update(
        text=GONE, explanation="", withdrawn_at=timezone.now(), version=F("version") + 1
    )
    forget_audited(document, outlines + questions)
    record("document.purged", target=document, detail={"outlines": len(outlines), "files": len(names)})
    transaction.on_commit(lambda: unlink(names))
    return Purged(len(names), len(outlines), held)


def forget_audited(document: Document, parts: list[Outline | Question]) -> None:
    """What the trail kept of titles; that something was done, and by whom, stays."""
    for target in (document, *parts):
        kind, key = target._meta.label_lower, str(target.pk)
        AuditValues.objects.filter(entry__object_kind=kind, entry__object_id=key).delete()


def rewrite_tables() -> None:
    """Deleted words lie on in the files of the database until these are written anew. Call outside a transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for model in (Document, Outline, OutlineWords, Question, Option, AuditValues):
            cursor.execute(f"VACUUM FULL {connection.ops.quote_name(model._meta.db_table)}")


def unlink(names: list[str]) -> None:
    for name in names:
        (uploads_folder() / name).unlink(missing_ok=True)


def held_elsewhere(document: Document) -> Iterator[str]:
    blocks = Document.unscoped.filter(pk=document.pk, agenda_blocks__isnull=False)
    for public_id, day in blocks.values_list("agenda_blocks__session__public_id", "agenda_blocks__session__day"):
        yield f"chương trình buổi sinh hoạt {public_id} ngày {day:%d/%m/%Y} (xem lại tên mục, biên bản, nghị quyết)"
    named = Q(document_symbols__contains=document.symbol) | Q(documents=document)
    conferences = StudyConference.unscoped.filter(named).distinct().order_by("pk")
    for public_id in conferences.values_list("public_id", flat=True):
        yield f"hội nghị {public_id} (xem lại nội dung và văn bản)"
    owed = FollowUp.unscoped.filter(Q(document=document) | Q(proof=document) | Q(conference__documents=document))
    for public_id in owed.distinct().order_by("pk").values_list("public_id", flat=True):
        yield f"việc sau hội nghị {public_id} (xem lại nội dung và tệp minh chứng)"
    folder = settings.DATA_DIR / "backups"
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        yield f"bản sao lưu {path.name} (hủy hoặc giữ theo quy định)"
    yield "các tệp đã tải về máy khác và các bản sao lưu để nơi khác: chương trình không biết, hãy tự kiểm tra"
