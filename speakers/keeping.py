"""Whose speakers, and what may this user do with them? The first line of every view."""

from django.shortcuts import get_object_or_404

from cells.access import is_below, require
from cells.models import Organisation, Role
from cells.reach import AT_THE_CELL, DOWN_THE_TREE, LEADING, Reach

APPOINTING = (Role.BOARD, Role.COMMITTEE)
READERS = (*AT_THE_CELL, *DOWN_THE_TREE)
KEEPERS = (*LEADING, *APPOINTING)


def appoints(reach: Reach, organisation: int) -> bool:
    """Boards and committees recognise speakers, and end that (domain.md, R11)."""
    return is_below(organisation, reach.at(APPOINTING), reach.day)


def keeps(reach: Reach, organisation: int) -> bool:
    """A cell sets up its own team and plans its turns (R15); so do those above it."""
    return reach.acts_at(LEADING, organisation) or appoints(reach, organisation)


def sees(reach: Reach, organisation: int) -> bool:
    return reach.acts_at(AT_THE_CELL, organisation) or is_below(organisation, reach.tops, reach.day)


def place(user, public_id, is_allowed) -> Organisation:
    """`is_allowed` is one of the three above."""
    here = get_object_or_404(Organisation.objects.for_user(user), public_id=public_id)
    require(is_allowed(user.reach, here.pk))
    return here


def seen(model, user, public_id, *related: str):
    return get_object_or_404(model.objects.for_user(user).select_related(*related), public_id=public_id)


def kept(model, user, public_id, *related: str, by=keeps):
    row = seen(model, user, public_id, *related)
    require(by(user.reach, place_of(row)))
    return row


def place_of(row) -> int:
    found = getattr(row, "organisation_id", None)
    return found if found is not None else row.audit_place
