"""Removes files that belong to no report, a day after they were written. Never touches a row."""

import logging
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from reports.models import Artifact

logger = logging.getLogger(__name__)

ORPHAN_AFTER = 24 * 3600


def collect() -> int:
    """Remove orphans and drafts older than a day; raise an alarm for rows whose file is missing."""
    known = set(Artifact.unscoped.values_list("path", flat=True))
    files = [path for name in ("reports", "leases") for path in (settings.DATA_DIR / name).glob("*")]
    orphans = [path for path in files if str(path.relative_to(settings.DATA_DIR)) not in known and is_old(path)]
    for path in orphans:
        path.unlink(missing_ok=True)
    report_missing()
    return len(orphans)


def is_old(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return path.is_file() and path.stat().st_mtime < time.time() - ORPHAN_AFTER
    return False


def report_missing() -> list[int]:
    artifacts = Artifact.unscoped.values_list("report_id", "path")
    missing = [report_id for report_id, path in artifacts if not (settings.DATA_DIR / path).is_file()]
    for report_id in missing:
        logger.error("report %s: its file is missing", report_id)
    return missing
