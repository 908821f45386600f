"""Background work acts with the requester's rights: asked when it starts and again when its result is fetched."""

from accounts.models import User
from reports.models import Report


def still_allowed(report: Report) -> bool:
    """Whether the requester may (still) have this report; nobody as requester is the command line."""
    if report.requested_by_id is None:
        return True
    return User.objects.filter(pk=report.requested_by_id, is_active=True).exists()
