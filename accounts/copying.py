"""Copies the sealed trail out of the database as JSON lines, one file a month, for the machine that keeps it.

Ids and codes only: personal values stay where they can be erased.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from django.conf import settings

from accounts.models import AuditEntry, AuditSeal
from accounts.sealing import BATCH, SEALED, ExactEncoder

TAIL = 64_000  # bytes; no line is as long: `detail` holds ids and codes


def folder() -> Path:
    return settings.DATA_DIR / "audit"


def copy_out() -> int:
    """Append what was sealed since the last time; the number of lines. One process at a time, the others have done."""
    folder().mkdir(mode=0o750, parents=True, exist_ok=True)
    with (folder() / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        return append_after(last_copied()["position"])


def append_after(position: int) -> int:
    count = 0
    while seals := list(AuditSeal.objects.filter(position__gt=position).order_by("position")[:BATCH]):
        entries = AuditEntry.objects.in_bulk([seal.entry for seal in seals])
        for month, of_month in groupby(seals, key=lambda seal: f"{seal.at:%Y-%m}"):
            append(folder() / f"audit-{month}.jsonl", [line(seal, entries.get(seal.entry)) for seal in of_month])
        position, count = seals[-1].position, count + len(seals)
    return count


def line(seal: AuditSeal, entry: AuditEntry | None) -> str:
    """An entry that somebody deleted since it was sealed leaves the line of its seal."""
    values = {name: getattr(entry, name) for name in SEALED} if entry else {"id": seal.entry}
    return json.dumps({"position": seal.position, "chain": seal.chain} | values, cls=ExactEncoder) + "\n"


def append(path: Path, lines: list[str]) -> None:
    # The machine may have stopped within a line; what follows begins a new one.
    is_cut = path.exists() and not last_bytes(path).endswith(b"\n")
    with open(path, "a", opener=private) as file:
        file.write(("\n" if is_cut else "") + "".join(lines))


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o640)


def last_copied() -> dict:
    """Position and chain of the newest line; a line that was cut off when the machine stopped does not count."""
    for path in sorted(folder().glob("audit-*.jsonl"), reverse=True):
        for line in reversed_lines(path):
            try:
                return json.loads(line)
            except ValueError:
                continue
    return {"position": 0, "chain": ""}


def reversed_lines(path: Path) -> Iterator[bytes]:
    yield from reversed(last_bytes(path).splitlines())


def last_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        return file.read()


def cut_off() -> int | None:
    """The first position that was copied and is no longer in the database as it was; None if all is there."""
    last = last_copied()
    if not last["position"]:
        return None
    known = AuditSeal.objects.filter(position=last["position"]).values_list("chain", flat=True).first()
    if known == last["chain"]:
        return None
    newest = AuditSeal.objects.order_by("-position").values_list("position", flat=True).first() or 0
    return min(newest + 1, last["position"])
