"""Builds one report: claim, count, typeset in a child process, publish file and row in one fenced step."""

import hashlib
import json
import logging
import os
import re
import time
import traceback
import uuid
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.auditing import record
from cells.jobs.claiming import claim, held, kept_alive, sign_of_life
from cells.jobs.ending import count_crash, count_error, give_back
from cells.papers import signing
from cells.papers.confining import ChildError, ChildKilled, ChildTooSlow, Unwanted, run_confined
from cells.reading import one_state
from cells.uploads.keeping import sync_folder
from reports.access import still_allowed
from reports.composing import as_draft, compose
from reports.finishing import finish
from reports.models import Report
from reports.periods import PeriodError

logger = logging.getLogger(__name__)

PROGRESS = re.compile(r"(\d{1,9}) (\d{1,9})")
PROGRESS_EVERY = 0.5  # seconds
SECONDS_AT_MOST = 220  # below Celery's own limits
BYTES_PER_SECOND = 5_000  # of content above what fits into the ordinary time


class CannotBuild(Exception):
    """With a reason for the requester. Final: trying again cannot help."""

    def __init__(self, reason: str, *, is_final: bool = False):
        super().__init__(reason)
        self.is_final = is_final


def build(report_id: int) -> bool:
    """Work on the report if it is due; False if it was not (done, another's, gone)."""
    token = uuid.uuid4()
    with sign_of_life(token):
        report = claim(Report, report_id, token)
        if report is None:
            return False
        with kept_alive(report) as lost:
            attempt(report, lost)
    return True


def attempt(report: Report, lost) -> None:
    try:
        make(report, lost)
    except Unwanted:
        logger.info("report %s: taken over by another worker", report.pk)
    except ChildKilled:
        logger.warning("report %s: the typesetting was killed", report.pk)
        count_crash(held(report), report)
    except CannotBuild as error:
        logger.warning("report %s: %s", report.pk, error)
        count_error(report, str(error), is_final=error.is_final)
    except Exception as error:  # noqa: BLE001 - whatever it is, the requester gets a reason and the log a place
        logger.error("report %s: %s in %s", report.pk, type(error).__name__, place_of(error))
        count_error(report, unexpected_reason(report))
    except BaseException:
        give_back(report)
        raise


def make(report: Report, lost) -> None:
    if not still_allowed(report):
        raise CannotBuild(_("Người yêu cầu không còn quyền lấy báo cáo này."), is_final=True)
    at_step(report, Report.Step.COUNTING)
    content = counted(report)
    at_step(report, Report.Step.TYPESETTING)
    draft = folder() / f".tmp-{report.token.hex}"
    try:
        typeset(report, content, draft, lost)
        if report.is_signed and signing.is_configured():
            seal(draft)
        at_step(report, Report.Step.PUBLISHING)
        publish(report, draft, content.get("figures"))
    except OSError as error:
        logger.error("report %s: errno %s", report.pk, error.errno)
        raise CannotBuild(_("Không lưu được tệp báo cáo: ổ đĩa đầy hoặc không ghi được.")) from error
    finally:
        draft.unlink(missing_ok=True)


def counted(report: Report) -> dict:
    """A signed paper as it was signed; of a draft, what it would say now."""
    if report.content is not None:
        return report.content | {"figures": report.figures}
    try:
        with one_state():
            return as_draft(compose(report))
    except PeriodError as error:
        raise CannotBuild(str(error), is_final=True) from error


def typeset(report: Report, content: dict, draft: Path, lost) -> None:
    source = json.dumps(content, ensure_ascii=False).encode()
    draft.touch(mode=0o640)
    with draft.open("wb") as output:
        try:
            run_confined(
                settings.RENDER_COMMAND,
                source,
                output,
                seconds=seconds_for(source),
                memory=settings.RENDER_MEMORY,
                on_line=Progress(report),
                is_unwanted=lost.is_set,
            )
        except ChildTooSlow as error:
            raise CannotBuild(_("Dàn trang quá lâu nên đã dừng. Hãy thử lại, hoặc chọn kỳ ngắn hơn.")) from error
        except ChildError as error:
            raise CannotBuild(child_reason(report, error)) from error


def seal(draft: Path) -> None:
    """Puts the office's digital signature behind the paper that somebody has signed by a click."""
    try:
        draft.write_bytes(signing.signed(draft.read_bytes(), reason=_("Ban hành báo cáo")))
    except signing.CannotSign as error:
        raise CannotBuild(str(error)) from error


def seconds_for(source: bytes) -> float:
    return min(settings.RENDER_SECONDS + len(source) / BYTES_PER_SECOND, SECONDS_AT_MOST)


def child_reason(report: Report, error: ChildError) -> str:
    logger.error("report %s: typesetting ended with %s", report.pk, error)
    if error.cause in {"too-large", "MemoryError"}:
        return _("Báo cáo quá lớn: không đủ bộ nhớ để dàn trang.")
    if error.cause == "blocked":
        record("pdf_fetch_blocked", actor=report.requested_by, target=report)
        return _("Nội dung báo cáo có liên kết không được phép nên không dàn trang.")
    return unexpected_reason(report)


class Progress:
    """Writes the child's "n total" lines to the row, not more often than a person can read."""

    def __init__(self, report: Report):
        self.report = report
        self.next_at = 0.0

    def __call__(self, line: str) -> None:
        found = PROGRESS.fullmatch(line)
        if not found or time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + PROGRESS_EVERY
        held(self.report).update(progress=int(found[1]), total=int(found[2]))


def publish(report: Report, draft: Path, figures) -> None:
    """The file stands whole under its own name before the row says so."""
    size, sha256 = sealed(draft)
    final = folder() / f"{report.public_id.hex}-{report.token.hex}.pdf"
    draft.rename(final)
    sync_folder(final.parent)
    # If this raises, nobody knows whether the row was written: the file stays, and the collector decides in a day.
    if not finish(report, str(final.relative_to(settings.DATA_DIR)), size, sha256, figures):
        final.unlink(missing_ok=True)
        raise Unwanted


def sealed(draft: Path) -> tuple[int, str]:
    with draft.open("rb") as file:
        os.fsync(file.fileno())
        content = file.read()
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
        raise CannotBuild(_("Tệp báo cáo lập ra không đầy đủ."))
    return len(content), hashlib.sha256(content).hexdigest()


def folder() -> Path:
    path = settings.DATA_DIR / "reports"
    path.mkdir(mode=0o750, exist_ok=True)
    return path


def at_step(report: Report, step: str) -> None:
    if not held(report).update(step=step):
        raise Unwanted


def unexpected_reason(report: Report) -> str:
    return _("Có lỗi khi lập báo cáo. Nếu thử lại vẫn lỗi, hãy báo người quản trị số %(number)s.") % {
        "number": report.pk
    }


def place_of(error: BaseException) -> str:
    """File and line only: the text of an error may hold names."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
