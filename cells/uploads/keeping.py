"""Where uploads lie: by random names outside the web root, written whole or not at all."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction


def store(content: bytes) -> str:
    """Write the bytes under a random name, whole or not at all; returns the name."""
    folder = uploads_folder()
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    draft = folder / f".tmp-{name}"
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / name)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(folder)
    return name


def drop_after_commit(name: str) -> None:
    """The file goes once its row says so, and not if the row is not written after all."""
    path = uploads_folder() / name
    transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


def uploads_folder() -> Path:
    return settings.DATA_DIR / "uploads"


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
