"""The audit trail: who did what to which object, written in the transaction that does it (reliability.md R8)."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder

from accounts.addresses import client_address
from accounts.models import AuditEntry, AuditValues


def record(
    action: str, *, actor=None, target=None, place=None, detail=None, before=None, after=None, request=None
) -> AuditEntry:
    """Add one entry. `detail` carries ids and codes; personal values go into `before` and `after`.

    The action needs a name in `accounts.actions`. `place` is the id of the organisation that it concerns, where the
    target does not say so itself.
    """
    changed = before is not None or after is not None
    values = {"before": plain(before or {}), "after": plain(after or {})}
    entry = AuditEntry.objects.create(
        action=action,
        actor=actor or actor_of(request),
        object_kind=target._meta.label_lower if target is not None else "",
        object_id=str(target.pk) if target is not None else "",
        detail=plain(detail or {}),
        values_digest=digest(values) if changed else "",
        address=client_address(request) if request else None,
        request_id=str(getattr(request, "id", ""))[:40],
        place=place or place_of(target),
    )
    if changed:
        AuditValues.objects.create(entry=entry, **values)
    return entry


def place_of(target) -> int | None:
    """Of what belongs to an organisation or a cell; models that say it otherwise have `audit_place`."""
    told = (getattr(target, name, None) for name in ("audit_place", "organisation_id", "cell_id"))
    return next((place for place in told if place is not None), None)


def actor_of(request):
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def plain(values: dict) -> dict:
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def digest(values: dict) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
