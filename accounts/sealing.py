"""Seals the audit trail with a chain of hashes, after the commit and in the order of ids (reliability.md R8).

A chain inside each transaction would make all writers wait for each other. Personal values stand apart and only their
digest is sealed, so that they can be erased.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.db.models import Max, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.auditing import digest
from accounts.models import AuditEntry, AuditSeal, AuditValues

BATCH = 1000
PATIENCE = 5.0  # seconds; what a longer transaction wrote is sealed the next time
START = "0" * 64
SEALED = (
    *("id", "at", "actor_id", "action", "object_kind", "object_id"),
    *("detail", "values_digest", "address", "request_id", "place"),
)


def seal(patience: float = PATIENCE) -> int:
    """Seal what is committed; the number of entries sealed now. Harmless when several do it at once."""
    highest = settled(patience)
    count = sealed = 0
    while highest and (sealed := seal_batch(highest)):
        count += sealed
    return count


def settled(patience: float) -> int | None:
    """An id up to which no entry is missing that a running transaction could still bring."""
    highest = AuditEntry.objects.aggregate(highest=Max("pk"))["highest"]
    if connection.vendor != "postgresql":
        return highest  # one writer at a time: ids are committed in order
    # Whoever was given a smaller id holds this lock since before, and until the end of its transaction.
    writing = writers()
    until = time.monotonic() + patience
    while writing & writers():
        if time.monotonic() > until:
            return None
        time.sleep(0.1)
    return highest


def writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND relation = %s::regclass AND pid <> pg_backend_pid()",
            [AuditEntry._meta.db_table],
        )
        return {name for (name,) in cursor.fetchall()}


def seal_batch(highest: int) -> int:
    try:
        with transaction.atomic():
            last = AuditSeal.objects.order_by("position").last()
            position, after, previous = (last.position, last.entry, last.chain) if last else (0, 0, START)
            seals = []
            for entry in AuditEntry.objects.filter(pk__gt=after, pk__lte=highest).order_by("pk")[:BATCH]:
                position, content = position + 1, content_of(entry)
                previous = link(previous, content)
                seals.append(AuditSeal(position=position, entry=entry.pk, content=content, chain=previous))
            return len(AuditSeal.objects.bulk_create(seals))
    except IntegrityError:
        return 0  # another sealer was quicker with the same position


def content_of(entry: AuditEntry) -> str:
    values = [getattr(entry, name) for name in SEALED]
    return hashlib.sha256(json.dumps(values, cls=ExactEncoder, sort_keys=True).encode()).hexdigest()


class ExactEncoder(DjangoJSONEncoder):
    """Times to the microsecond; the usual encoder drops what is below a thousandth."""

    def default(self, value):
        return value.isoformat() if hasattr(value, "isoformat") else super().default(value)


def link(previous: str, content: str) -> str:
    return hashlib.sha256(f"{previous}{content}".encode()).hexdigest()


class Kind(TextChoices):
    ALTERED = "altered", _("dòng %d đã bị sửa sau khi niêm phong")
    DELETED = "deleted", _("dòng %d đã bị xóa")
    INSERTED = "inserted", _("dòng %d bị chèn vào sau khi niêm phong")
    VALUES = "values", _("giá trị trước/sau của dòng %d đã bị sửa")
    SEAL_ALTERED = "seal_altered", _("dấu niêm phong thứ %d đã bị sửa")
    SEAL_MISSING = "seal_missing", _("dấu niêm phong thứ %d đã bị xóa")


@dataclass(frozen=True)
class Fault:
    """What is wrong with an entry, by its id, or with a seal, by its position."""

    kind: Kind
    number: int

    def __str__(self):
        return self.kind.label % self.number


def faults() -> Iterator[Fault]:
    """Everything that does not fit the chain. Values that were erased are none."""
    last = AuditSeal.objects.order_by("position").last()
    if last:
        seals = AuditSeal.objects.filter(position__lte=last.position)
        yield from broken_links(seals)
        yield from changed_entries(seals, last.entry)
    yield from changed_values()


def broken_links(seals) -> Iterator[Fault]:
    start = AuditSeal(position=0, entry=0, chain=START)
    for before, after in pairwise(chain([start], seals.order_by("position").iterator(BATCH))):
        if after.position != before.position + 1:
            yield Fault(Kind.SEAL_MISSING, before.position + 1)
        elif after.chain != link(before.chain, after.content) or after.entry <= before.entry:
            yield Fault(Kind.SEAL_ALTERED, after.position)


def changed_entries(seals, last: int) -> Iterator[Fault]:
    entries = AuditEntry.objects.filter(pk__lte=last).order_by("pk").iterator(BATCH)
    entry = next(entries, None)
    for one in seals.order_by("entry").iterator(BATCH):
        while entry and entry.pk < one.entry:
            yield Fault(Kind.INSERTED, entry.pk)
            entry = next(entries, None)
        if entry is None or entry.pk > one.entry:
            yield Fault(Kind.DELETED, one.entry)
            continue
        if content_of(entry) != one.content:
            yield Fault(Kind.ALTERED, entry.pk)
        entry = next(entries, None)


def changed_values() -> Iterator[Fault]:
    for values in AuditValues.objects.select_related("entry").order_by("entry").iterator(BATCH):
        if digest({"before": values.before, "after": values.after}) != values.entry.values_digest:
            yield Fault(Kind.VALUES, values.entry_id)
