"""Makes one PDF of the reports of a bundle, in a child process, and publishes file and row in one fenced step."""

import json
import logging
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from cells.jobs.claiming import held
from cells.jobs.working import work_on
from cells.papers.confining import ChildError, ChildTooSlow
from cells.reach import with_reach
from reports.bundling import unreadable
from reports.making import CannotMake, at_step, attempt, drafted, folder_called, publish, run_child
from reports.models import Artifact, Bundle, Report
from reports.statistics import organisation_name

logger = logging.getLogger(__name__)

SECONDS_AT_LEAST, SECONDS_A_PAPER = 60, 0.25
SECONDS_AT_MOST = 500  # below the limits of the task, and below the deadline of a claim


def join(bundle_id: int) -> bool:
    """Work on the bundle if it is due; False if it was not (done, another's, gone)."""
    return work_on(Bundle, bundle_id, partial(attempt, make))


def make(bundle: Bundle, lost) -> None:
    if not still_allowed(bundle):
        raise CannotMake(_("Người yêu cầu không còn quyền xem các báo cáo này."), is_final=True)
    at_step(bundle, Bundle.Step.JOINING)
    with drafted(bundle, folder_called("bundles")) as draft:
        run_child(
            bundle,
            settings.JOIN_COMMAND,
            json.dumps({"title": title_of(bundle), "papers": papers_of(bundle)}, ensure_ascii=False).encode(),
            draft,
            lost,
            seconds=min(SECONDS_AT_LEAST + bundle.count * SECONDS_A_PAPER, SECONDS_AT_MOST),
            memory=settings.JOIN_MEMORY,
            why=child_reason,
        )
        at_step(bundle, Bundle.Step.PUBLISHING)
        publish(bundle, draft, partial(finish, bundle))


def still_allowed(bundle: Bundle) -> bool:
    user = User.objects.filter(pk=bundle.asked_by_id, is_active=True).first()
    return user is not None and can_fetch(with_reach(user), bundle)


def can_fetch(user: User, bundle: Bundle) -> bool:
    """Whether all that is in it is (still) the user's to read."""
    reports = set(bundle.report_ids)
    return Bundle.objects.for_user(user).filter(pk=bundle.pk).exists() and Report.objects.for_user(user).filter(
        pk__in=reports
    ).count() == len(reports)


def title_of(bundle: Bundle) -> str:
    told = {
        "period": bundle.covered.label,
        "name": organisation_name(bundle.top, bundle.covered.last_day),
        "at": f"{timezone.localtime(bundle.listed_at):%H:%M %d/%m/%Y}",
    }
    return _("Tập báo cáo %(period)s, %(name)s, theo danh sách lúc %(at)s") % told


def papers_of(bundle: Bundle) -> list[dict]:
    files = {one.report_id: one for one in Artifact.unscoped.filter(report__in=bundle.report_ids)}
    if missing := [title for pk, title in bundle.papers if pk not in files]:
        raise CannotMake(unreadable(missing[0]), is_final=True)
    return [
        {"title": title, "path": str(settings.DATA_DIR / files[pk].path), "sha256": files[pk].sha256}
        for pk, title in bundle.papers
    ]


def child_reason(bundle: Bundle, error: ChildError | ChildTooSlow) -> str:
    if isinstance(error, ChildTooSlow):
        return _("Gộp quá lâu nên đã dừng. Hãy thử lại, hoặc chọn cấp ủy nhỏ hơn.")
    logger.error("bundle %s: joining ended with %s", bundle.pk, error)
    word, _space, number = error.cause.partition(" ")
    if word == "unreadable" and number.isdecimal():
        return unreadable(bundle.papers[int(number)][1])
    if word == "MemoryError":
        return _("Tập báo cáo quá lớn: không đủ bộ nhớ để gộp.")
    return bundle.unexpected()


@transaction.atomic
def finish(bundle: Bundle, path: str, size: int, sha256: str) -> bool:
    """Done, with its file; False if the row was lost meanwhile and the file is nobody's."""
    file = {"path": path, "size": size, "sha256": sha256}
    over = {"state": Bundle.State.DONE, "step": "", "lease_until": None, "deadline": None, "error": ""}
    if not held(bundle).update(**over, **file, finished=Now()):
        return False
    record("report.bundle_made", actor=bundle.asked_by, target=bundle, detail={"sha256": sha256})
    return True
