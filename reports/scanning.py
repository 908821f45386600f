"""Scans of reports that were signed by hand: stored, and taken away again."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.uploads.accepting import Accepted
from cells.uploads.keeping import uploads_folder
from cells.uploads.stored import FileState
from reports.models import Report, ReportScan
from reports.writing import locked


class NotSigned(Refused):
    def default(self):
        return _("Chỉ thêm bản ký cho báo cáo đã ký.")


@transaction.atomic
def add(report: Report, accepted: Accepted, *, actor: User, request=None) -> ReportScan:
    if not locked(report).is_signed:
        raise NotSigned
    scan = ReportScan.unscoped.create(report=report, uploaded_by=actor, **accepted.fields)
    detail = {"report": report.pk, "sha256": scan.sha256}
    record("report.scan_added", actor=actor, target=scan, detail=detail, request=request)
    return scan


@transaction.atomic
def remove(scan: ReportScan, *, actor: User, request=None) -> None:
    """The row stays, so that it is known that there was one; the file goes."""
    ReportScan.unscoped.filter(pk=scan.pk).update(state=FileState.REMOVED)
    record("report.scan_removed", actor=actor, target=scan, detail={"report": scan.report_id}, request=request)
    path = uploads_folder() / scan.stored_name
    transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)
