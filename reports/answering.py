"""The committee above, or its board, takes a report in or sends it back with the reason."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusing import Refused
from reports.issuing import moved, versions_of
from reports.models import Report, ReportMove, Stage
from reports.writing import locked


class NotSent(Refused):
    def default(self):
        return _("Báo cáo này không còn chờ tiếp nhận: đã tiếp nhận, đã trả lại hoặc đã có bản thay thế.")


class NoReason(Refused):
    def default(self):
        return _("Hãy ghi lý do trả lại, để nơi báo cáo biết phải sửa gì.")


def why_it_came_back(report: Report) -> str:
    """The reason for which the version before this one was sent back, for those who mend it in this one."""
    before = ReportMove.unscoped.filter(
        report__in=versions_of(report).filter(revision=report.revision - 1), stage=Stage.RETURNED
    )
    return before.order_by("pk").values_list("reason", flat=True).last() or ""


@transaction.atomic
def receive(report: Report, *, actor: User, request=None) -> Report:
    report = locked(report)
    if report.stage != Stage.SENT:
        raise NotSent
    moved(report, Stage.RECEIVED, actor, request)
    return report


@transaction.atomic
def send_back(report: Report, reason: str, *, actor: User, request=None) -> Report:
    """The version stays as it is; its issuer makes another one."""
    report = locked(report)
    if report.stage not in {Stage.SENT, Stage.RECEIVED}:
        raise NotSent
    if not reason.strip():
        raise NoReason
    moved(report, Stage.RETURNED, actor, request, reason=reason)
    return report
