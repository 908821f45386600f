"""Counts changes to what imports check, so that a plan made on older data is never written."""

from django.db.models import F

from cells.models import Revision

THE_ONE = 1


class Outdated(Exception):
    """Something changed since the plan was made."""


def current() -> int:
    return Revision.objects.filter(pk=THE_ONE).values_list("number", flat=True).first() or 0


def advance(expected: int | None = None) -> None:
    """Called inside each transaction that changes organisations, rosters or finished sessions."""
    Revision.objects.get_or_create(pk=THE_ONE)
    rows = Revision.objects.filter(pk=THE_ONE)
    if expected is not None:
        rows = rows.filter(number=expected)
    if not rows.update(number=F("number") + 1):
        raise Outdated
