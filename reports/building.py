"""Builds one report: claim, count, typeset in a child process, publish file and row in one fenced step."""

import json
import logging
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.auditing import record
from cells.jobs.working import work_on
from cells.papers import signing
from cells.papers.confining import ChildError, ChildTooSlow
from cells.reading import one_state
from reports import making
from reports.access import still_allowed
from reports.composing import as_draft, compose
from reports.finishing import finish
from reports.making import CannotMake, at_step, attempt, drafted, run_child
from reports.models import Report
from reports.periods import PeriodError

logger = logging.getLogger(__name__)

SECONDS_AT_MOST = 220  # below Celery's own limits
BYTES_PER_SECOND = 5_000  # of content above what fits into the ordinary time


def build(report_id: int) -> bool:
    """Work on the report if it is due; False if it was not (done, another's, gone)."""
    return work_on(Report, report_id, partial(attempt, make))


def make(report: Report, lost) -> None:
    if not still_allowed(report):
        raise CannotMake(_("Người yêu cầu không còn quyền lấy báo cáo này."), is_final=True)
    at_step(report, Report.Step.COUNTING)
    content = counted(report)
    at_step(report, Report.Step.TYPESETTING)
    with drafted(report, folder()) as draft:
        typeset(report, content, draft, lost)
        if report.is_signed and signing.is_configured():
            seal(draft)
        at_step(report, Report.Step.PUBLISHING)
        publish(report, draft, content.get("figures"))


def counted(report: Report) -> dict:
    """A signed paper as it was signed; of a draft, what it would say now."""
    if report.content is not None:
        return report.content | {"figures": report.figures}
    try:
        with one_state():
            return as_draft(compose(report))
    except PeriodError as error:
        raise CannotMake(str(error), is_final=True) from error


def typeset(report: Report, content: dict, draft: Path, lost) -> None:
    source = json.dumps(content, ensure_ascii=False).encode()
    run_child(
        report,
        settings.RENDER_COMMAND,
        source,
        draft,
        lost,
        seconds=seconds_for(source),
        memory=settings.RENDER_MEMORY,
        why=child_reason,
    )


def seal(draft: Path) -> None:
    """Puts the office's digital signature behind the paper that somebody has signed by a click."""
    try:
        draft.write_bytes(signing.signed(draft.read_bytes(), reason=_("Ban hành báo cáo")))
    except signing.CannotSign as error:
        raise CannotMake(str(error)) from error


def seconds_for(source: bytes) -> float:
    return min(settings.RENDER_SECONDS + len(source) / BYTES_PER_SECOND, SECONDS_AT_MOST)


def child_reason(report: Report, error: ChildError | ChildTooSlow) -> str:
    if isinstance(error, ChildTooSlow):
        return _("Dàn trang quá lâu nên đã dừng. Hãy thử lại, hoặc chọn kỳ ngắn hơn.")
    logger.error("report %s: typesetting ended with %s", report.pk, error)
    if error.cause in {"too-large", "MemoryError"}:
        return _("Báo cáo quá lớn: không đủ bộ nhớ để dàn trang.")
    if error.cause == "blocked":
        record("pdf_fetch_blocked", actor=report.requested_by, target=report)
        return _("Nội dung báo cáo có liên kết không được phép nên không dàn trang.")
    return report.unexpected()


def publish(report: Report, draft: Path, figures) -> None:
    making.publish(report, draft, partial(finish, report, figures))


def folder() -> Path:
    return making.folder_called("reports")
