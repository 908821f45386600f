"""Scans of signed papers: stored, and taken away again."""

from django.db import transaction

from accounts.auditing import record
from accounts.models import User
from cells.uploads.accepting import Accepted
from cells.uploads.keeping import drop_after_commit
from cells.uploads.stored import FileState
from sessions.models import AdoptedPaper, PaperFile


@transaction.atomic
def add(paper: AdoptedPaper, accepted: Accepted, *, actor: User, request=None) -> PaperFile:
    kind = PaperFile.Kind.SCAN
    scan = PaperFile.unscoped.create(paper=paper, kind=kind, uploaded_by=actor, **accepted.fields)
    detail = {"paper": paper.pk, "sha256": scan.sha256}
    record("paper.scan_added", actor=actor, target=scan, detail=detail, request=request)
    return scan


@transaction.atomic
def remove(scan: PaperFile, *, actor: User, request=None) -> None:
    """The row stays, so that it is known that there was one; the file goes."""
    PaperFile.unscoped.filter(pk=scan.pk).update(state=FileState.REMOVED)
    record("paper.scan_removed", actor=actor, target=scan, detail={"paper": scan.paper_id}, request=request)
    drop_after_commit(scan.stored_name)
