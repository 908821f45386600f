"""Writes rows of the books; who changed what stays in the audit trail."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from speakers.appointing import ChangedMeanwhile
from speakers.models.rosters import OfPlace


@transaction.atomic
def add(row: OfPlace, *, actor: User, request=None) -> None:
    refuse_twice(row)
    row.save()
    record("speaker_record.added", actor=actor, target=row, after=described(row), request=request)


@transaction.atomic
def change(row: OfPlace, values: dict, *, version: int, actor: User, request=None) -> None:
    row = locked(row, version)
    before = described(row)
    for name, value in values.items():
        setattr(row, name, value)
    refuse_twice(row)
    row.version += 1
    row.save()
    record("speaker_record.changed", actor=actor, target=row, before=before, after=described(row), request=request)


@transaction.atomic
def remove(row: OfPlace, *, version: int, actor: User, request=None) -> None:
    row = locked(row, version)
    before, target = described(row), type(row)(pk=row.pk, organisation_id=row.organisation_id)
    row.delete()
    record("speaker_record.removed", actor=actor, target=target, before=before, request=request)


def locked(row: OfPlace, version: int):
    row = type(row).unscoped.select_for_update().filter(pk=row.pk).first()
    if row is None or row.version != version:
        raise ChangedMeanwhile
    return row


def refuse_twice(row: OfPlace) -> None:
    """The forms look after the rest; that a row stands there already, only the table knows."""
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise Refused(_("Dòng này đã có trong sổ. Hãy sửa dòng đã có.")) from error


def described(row: OfPlace) -> dict:
    left_out = {"id", "public_id", "organisation", "version", "search"}
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in left_out}
