"""Removes files that belong to no row, a day after they were written. Never touches a row."""

import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings

from cells.uploads.stored import StoredFile
from reports.models import Artifact, Bundle

logger = logging.getLogger(__name__)

FOLDERS = ("reports", "bundles", "leases", "uploads")
ORPHAN_AFTER = 24 * 3600


def collect() -> int:
    """Remove orphans and drafts older than a day; raise an alarm for rows whose file is missing."""
    known = set(Artifact.unscoped.values_list("path", flat=True)) | {f"uploads/{name}" for name in names_of_uploads()}
    known |= set(Bundle.unscoped.filter(removed_at=None).values_list("path", flat=True))
    files = [
        path for name in ("reports", "bundles", "leases", "uploads") for path in (settings.DATA_DIR / name).glob("*")
    ]
    orphans = [path for path in files if str(path.relative_to(settings.DATA_DIR)) not in known and is_old(path)]
    for path in orphans:
        path.unlink(missing_ok=True)
    report_missing()
    return len(orphans)


def names_of_uploads() -> Iterator[str]:
    for model in apps.get_models():
        if issubclass(model, StoredFile):
            yield from model.unscoped.values_list("stored_name", flat=True)


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
