"""One attempt at a file that people wait for: who works on it, how the attempt may end, and the file that is whole."""

import hashlib
import logging
import os
import re
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from cells.jobs.claiming import held
from cells.jobs.ending import count_crash, count_error, give_back
from cells.jobs.models import Job
from cells.papers.confining import ChildError, ChildKilled, ChildTooSlow, Unwanted, run_confined
from cells.uploads.keeping import sync_folder
from reports.models import Artifact, Bundle

logger = logging.getLogger(__name__)

PROGRESS = re.compile(r"(\d{1,9}) (\d{1,9})")
PROGRESS_EVERY = 0.5  # seconds
READ_AT_END = 1024


class CannotMake(Exception):
    """With a reason for the requester. Final: trying again cannot help."""

    def __init__(self, reason: str, *, is_final: bool = False):
        super().__init__(reason)
        self.is_final = is_final


def attempt(make: Callable, job: Job, lost) -> None:
    try:
        make(job, lost)
    except Unwanted:
        logger.info("%s: taken over by another worker, or not wanted any more", named(job))
    except ChildKilled:
        logger.warning("%s: its child was killed", named(job))
        count_crash(held(job), job)
    except CannotMake as error:
        logger.warning("%s: %s", named(job), error)
        count_error(job, str(error), is_final=error.is_final)
    except Exception as error:  # noqa: BLE001 - whatever it is, the requester gets a reason and the log a place
        logger.error("%s: %s in %s", named(job), type(error).__name__, place_of(error))
        count_error(job, job.unexpected())
    except BaseException:
        give_back(job)
        raise


def named(job: Job) -> str:
    return f"{job._meta.model_name} {job.pk}"


def at_step(job: Job, step: str) -> None:
    if not held(job).update(step=step):
        raise Unwanted


def run_child(
    job: Job,
    command: list[str],
    source: bytes,
    draft: Path,
    lost,
    *,
    seconds: float,
    memory: int,
    why: Callable[[Job, ChildError | ChildTooSlow], str],
) -> None:
    """The child reads `source` and writes the draft; `why` puts into words that it did not."""
    try:
        with draft.open("wb") as output:
            run_confined(
                command,
                source,
                output,
                seconds=seconds,
                memory=memory,
                on_line=Progress(job),
                is_unwanted=lost.is_set,
            )
    except (ChildTooSlow, ChildError) as error:
        raise CannotMake(why(job, error)) from error


class Progress:
    """Writes a child's "n total" lines to the row, not more often than a person can read; stops if the row is lost."""

    def __init__(self, job: Job):
        self.job = job
        self.next_at = 0.0

    def __call__(self, line: str) -> None:
        found = PROGRESS.fullmatch(line)
        if not found or time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + PROGRESS_EVERY
        if not held(self.job).update(progress=int(found[1]), total=int(found[2])):
            raise Unwanted


@contextmanager
def drafted(job: Job, folder: Path) -> Iterator[Path]:
    """Where the file is made; gone afterwards unless it was published."""
    draft = folder / f".tmp-{job.token.hex}"
    try:
        draft.touch(mode=0o640)
        yield draft
    except OSError as error:
        logger.error("%s: errno %s", named(job), error.errno)
        raise CannotMake(_("Không lưu được tệp báo cáo: ổ đĩa đầy hoặc không ghi được.")) from error
    finally:
        draft.unlink(missing_ok=True)


def publish(job: Job, draft: Path, finish: Callable[[str, int, str], bool]) -> None:
    """The file stands whole under its own name before `finish(path, size, sha256)` has the row say so."""
    size, sha256 = sealed(draft)
    final = draft.with_name(f"{job.public_id.hex}-{job.token.hex}.pdf")
    draft.rename(final)
    sync_folder(final.parent)
    # If this raises, nobody knows whether the row was written: the file stays, and the collector decides in a day.
    if not finish(str(final.relative_to(settings.DATA_DIR)), size, sha256):
        final.unlink(missing_ok=True)
        raise Unwanted


def sealed(draft: Path) -> tuple[int, str]:
    with draft.open("rb") as file:
        os.fsync(file.fileno())
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - READ_AT_END))
        ending = file.read()
        file.seek(0)
        beginning = file.read(5)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if beginning != b"%PDF-" or b"%%EOF" not in ending:
        raise CannotMake(_("Tệp báo cáo lập ra không đầy đủ."))
    return size, sha256


def folder_called(name: str) -> Path:
    path = settings.DATA_DIR / name
    path.mkdir(mode=0o750, exist_ok=True)
    return path


def place_of(error: BaseException) -> str:
    """File and line only: the text of an error may hold names."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"


def whole_file(artifact: Artifact | Bundle) -> BinaryIO | None:
    """The file, if it is byte for byte what was built: figures that people sign are not to come from a damaged disk."""
    try:
        file = (settings.DATA_DIR / artifact.path).open("rb")
    except OSError:
        return None
    if hashlib.file_digest(file, "sha256").hexdigest() != artifact.sha256:
        file.close()
        return None
    file.seek(0)
    return file
