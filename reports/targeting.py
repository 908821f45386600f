"""Sets, changes and removes targets; the only place that writes them."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Organisation
from reports.models.targets import Target

FIELDS = ("year", "measure", "operator", "number", "source")


class AlreadySet(Refused):
    def default(self):
        return _("Đơn vị đã có chỉ tiêu này của năm ấy. Hãy sửa chỉ tiêu đã đặt.")


class ChangedMeanwhile(Refused):
    def default(self):
        return _("Người khác vừa sửa chỉ tiêu này. Hãy xem lại rồi gửi lần nữa.")


@transaction.atomic
def set_target(organisation: Organisation, fields: dict, *, actor: User, request=None) -> Target:
    lock(organisation.pk)
    refuse_second(Target.unscoped.filter(organisation=organisation), fields)
    target = Target.unscoped.create(organisation=organisation, **fields)
    record("target.set", actor=actor, target=target, detail=told(target), request=request)
    return target


@transaction.atomic
def change(target: Target, fields: dict, *, version: int, actor: User, request=None) -> Target:
    target = locked(target, version)
    others = Target.unscoped.filter(organisation=target.organisation_id).exclude(pk=target.pk)
    refuse_second(others, fields)
    before = told(target)
    for name, value in fields.items():
        setattr(target, name, value)
    target.version += 1
    target.save()
    record("target.changed", actor=actor, target=target, detail=told(target) | {"before": before}, request=request)
    return target


@transaction.atomic
def remove(target: Target, *, version: int, actor: User, request=None) -> None:
    target = locked(target, version)
    record("target.removed", actor=actor, target=target, detail=told(target), request=request)
    target.delete()


def locked(target: Target, version: int) -> Target:
    lock(target.organisation_id)
    target = Target.unscoped.filter(pk=target.pk).first()
    if target is None or target.version != version:
        raise ChangedMeanwhile
    return target


def lock(organisation: int) -> None:
    """So that two who set the same at once are told apart, and not one of them by the database."""
    Organisation.unscoped.select_for_update().get(pk=organisation)


def refuse_second(others, fields: dict) -> None:
    if others.filter(year=fields["year"], measure=fields["measure"]).exists():
        raise AlreadySet("", "measure")


def told(target: Target) -> dict:
    return {name: str(getattr(target, name)) for name in FIELDS}
