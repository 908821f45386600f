"""Asks a virus scanner (clamd, by its stream protocol) about files that wait in quarantine."""

import logging
import socket
import struct
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings

from accounts.auditing import record
from cells.uploads.keeping import uploads_folder
from cells.uploads.stored import FileState, StoredFile

logger = logging.getLogger(__name__)

PATIENCE = 60  # seconds
BLOCK = 256 * 1024


class NoAnswer(Exception):
    """The scanner is away or says nothing clear: the file goes on waiting."""


def scan_waiting() -> int:
    """Release what is clean, remove what is not; returns how many were decided. Safe to run twice."""
    decided = 0
    for stored in in_quarantine():
        try:
            is_clean = ask(stored)
        except (NoAnswer, OSError) as error:
            logger.warning("%s %s: not scanned (%s)", stored._meta.label_lower, stored.pk, type(error).__name__)
            return decided  # the next ones would wait as long
        decide(stored, is_clean)
        decided += 1
    return decided


def in_quarantine() -> Iterator[StoredFile]:
    for model in apps.get_models():
        if issubclass(model, StoredFile):
            yield from model.unscoped.filter(state=FileState.QUARANTINE).order_by("pk")


def decide(stored: StoredFile, is_clean: bool) -> None:
    rows = type(stored).unscoped.filter(pk=stored.pk, state=FileState.QUARANTINE)
    if is_clean:
        rows.update(state=FileState.RELEASED, is_scanned=True)
    elif rows.update(state=FileState.REMOVED, is_scanned=True):
        stored.forget_content()
        (uploads_folder() / stored.stored_name).unlink(missing_ok=True)
    record("upload.scanned", target=stored, detail={"is_clean": is_clean})


def ask(stored: StoredFile) -> bool:
    """True if clean. Raises NoAnswer or OSError."""
    host, _colon, port = settings.SCANNER.rpartition(":")
    with (
        socket.create_connection((host, int(port)), timeout=PATIENCE) as connection,
        (uploads_folder() / stored.stored_name).open("rb") as file,
    ):
        connection.sendall(b"zINSTREAM\0")
        while block := file.read(BLOCK):
            connection.sendall(struct.pack("!I", len(block)) + block)
        connection.sendall(struct.pack("!I", 0))
        answer = connection.recv(4096)
    if answer.endswith(b"OK\0"):
        return True
    if b"FOUND" in answer:
        return False
    raise NoAnswer
