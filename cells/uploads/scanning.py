"""Asks a virus scanner (clamd, by its stream protocol) about files that nobody may have before it did."""

import logging
import socket
import struct
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import transaction

from accounts.auditing import record
from cells.uploads.keeping import drop_after_commit, uploads_folder
from cells.uploads.stored import FileState, StoredFile

logger = logging.getLogger(__name__)

PATIENCE = 60  # seconds
BLOCK = 256 * 1024


class NoAnswer(Exception):
    """The scanner says nothing clear about this file: it goes on waiting, the next one has its turn."""


class Away(Exception):
    """Nobody answers there, or not in time: the next file would wait as long."""


def scan_waiting() -> int:
    """Release what is clean, remove what is not; returns how many were decided. Safe to run twice."""
    decided = 0
    for stored in unscanned():
        try:
            is_clean = ask(stored)
        except (NoAnswer, Away) as error:
            logger.warning("%s %s: not scanned (%s)", stored._meta.label_lower, stored.pk, type(error).__name__)
            if isinstance(error, Away):
                return decided
        else:
            decide(stored, is_clean)
            decided += 1
    return decided


def unscanned() -> Iterator[StoredFile]:
    """Also of those that a second person is to look at: that person opens them."""
    states = [FileState.QUARANTINE, FileState.WAITING]
    for model in apps.get_models():
        if issubclass(model, StoredFile):
            yield from model.unscoped.filter(state__in=states, is_scanned=False).order_by("pk")


@transaction.atomic
def decide(stored: StoredFile, is_clean: bool) -> None:
    rows = type(stored).unscoped.filter(pk=stored.pk, is_scanned=False)
    if is_clean:
        rows.filter(state=FileState.WAITING).update(is_scanned=True)
        rows.filter(state=FileState.QUARANTINE).update(state=FileState.RELEASED, is_scanned=True)
    elif rows.update(state=FileState.REMOVED, is_scanned=True):
        stored.forget_content()
        drop_after_commit(stored.stored_name)
    record("upload.scanned", target=stored, detail={"is_clean": is_clean})


def ask(stored: StoredFile) -> bool:
    """True if clean. Raises NoAnswer or Away."""
    try:
        content = (uploads_folder() / stored.stored_name).read_bytes()
    except OSError as error:
        raise NoAnswer from error  # the file is gone; whoever opens it is told
    answer = answer_about(content)
    if answer.endswith(b"OK\0"):
        return True
    if answer.endswith(b"FOUND\0"):
        return False
    raise NoAnswer


def answer_about(content: bytes) -> bytes:
    host, _colon, port = settings.SCANNER.rpartition(":")
    try:
        connection = socket.create_connection((host, int(port)), timeout=PATIENCE)
    except OSError as error:
        raise Away from error
    with connection:
        try:
            send(connection, content)
            return all_of(connection)
        except TimeoutError as error:
            raise Away from error
        except OSError as error:
            raise NoAnswer from error  # it hangs up on what is too large for it


def send(connection: socket.socket, content: bytes) -> None:
    connection.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), BLOCK):
        block = content[start : start + BLOCK]
        connection.sendall(struct.pack("!I", len(block)) + block)
    connection.sendall(struct.pack("!I", 0))


def all_of(connection: socket.socket) -> bytes:
    """The answer may arrive in pieces; it ends with a zero, or when the scanner hangs up."""
    answer = b""
    while not answer.endswith(b"\0") and (piece := connection.recv(4096)):
        answer += piece
    return answer
