"""Copies of reports that somebody signed, by hand or digitally: stored, and taken away again."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.papers.verifying import Signature, signatures_of_copy
from cells.uploads.accepting import Accepted
from cells.uploads.keeping import drop_after_commit, uploads_folder
from cells.uploads.stored import FileState
from reports.models import Report, ReportScan
from reports.writing import locked

SIGNATURE = b"/ByteRange"  # stands in the open in every signed PDF


class NotSigned(Refused):
    def default(self):
        return _("Chỉ thêm bản ký cho báo cáo đã ký.")


class NoFileYet(Refused):
    def default(self):
        return _("Tệp PDF của báo cáo chưa lập xong nên chưa đối chiếu được. Hãy chờ lập xong rồi gửi lại.")


def signatures_on(report: Report, accepted: Accepted) -> list[Signature]:
    """The digital signatures behind an uploaded copy; none if it is a picture or a plain scan.

    Raises `verifying.NotSigned` where it was changed, or is the copy of another paper; the file is gone then.
    """
    path = uploads_folder() / accepted.stored_name
    copy = path.read_bytes()
    if SIGNATURE not in copy:
        return []
    try:
        if not hasattr(report, "artifact"):
            raise NoFileYet
        return signatures_of_copy(copy, (settings.DATA_DIR / report.artifact.path).read_bytes())
    except Exception:
        path.unlink(missing_ok=True)
        raise


@transaction.atomic
def add(
    report: Report, accepted: Accepted, *, signatures: list[Signature] = (), actor: User, request=None
) -> ReportScan:
    if not locked(report).is_signed:
        raise NotSigned
    told = [told_of(signature) for signature in signatures]
    scan = ReportScan.unscoped.create(report=report, uploaded_by=actor, signatures=told, **accepted.fields)
    detail = {"report": report.pk, "sha256": scan.sha256}
    record("report.scan_added", actor=actor, target=scan, detail=detail, request=request)
    return scan


def told_of(signature: Signature) -> dict:
    at = signature.signed_at
    return {
        "signer": signature.signer,
        "signed_at": timezone.localtime(at).strftime("%H:%M %d/%m/%Y") if at else "",
        "is_trusted": signature.is_trusted,
    }


@transaction.atomic
def remove(scan: ReportScan, *, actor: User, request=None) -> None:
    """The row stays, so that it is known that there was one; the file goes."""
    ReportScan.unscoped.filter(pk=scan.pk).update(state=FileState.REMOVED)
    record("report.scan_removed", actor=actor, target=scan, detail={"report": scan.report_id}, request=request)
    drop_after_commit(scan.stored_name)
