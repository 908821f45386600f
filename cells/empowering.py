"""Gives a committee a body for a time: its propaganda board, office or inspection, under the name it then bears."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells import revising
from cells.models import Lineage, Organisation, OrganisationFunction


class ChangedMeanwhile(Exception):
    """Somebody else saved first; `stored` is what they left."""

    def __init__(self, stored: OrganisationFunction):
        self.stored = stored


@transaction.atomic
def give(organisation: Organisation, told: dict, *, actor: User, request=None) -> OrganisationFunction:
    revising.advance()
    row = OrganisationFunction(organisation=organisation, **told)
    check(row)
    row.save()
    record("function.given", actor=actor, target=row, detail=detail_of(row), request=request)
    return row


@transaction.atomic
def change(row: OrganisationFunction, told: dict, *, version: int, actor: User, request=None) -> OrganisationFunction:
    revising.advance()
    row = OrganisationFunction.unscoped.select_for_update().get(pk=row.pk)
    if row.version != version:
        raise ChangedMeanwhile(row)
    before = detail_of(row)
    for name, value in told.items():
        setattr(row, name, value)
    row.version += 1
    check(row)
    row.save()
    detail = {"before": before, "after": detail_of(row)}
    record("function.changed", actor=actor, target=row, detail=detail, request=request)
    return row


def detail_of(row: OrganisationFunction) -> dict:
    names = ("function", "body_name", "first_day", "last_day")
    return {"organisation": row.organisation.code} | {name: getattr(row, name) for name in names}


def check(row: OrganisationFunction) -> None:
    if row.last_day and row.last_day < row.first_day:
        raise Refused(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."), "last_day")
    if not is_committee_on(row.organisation, row.first_day):
        raise Refused(_("Ngày này đơn vị không phải là một đảng bộ đang có hiệu lực."), "first_day")
    others = OrganisationFunction.unscoped.filter(organisation=row.organisation, function=row.function)
    clash = others.exclude(pk=row.pk).overlapping(row.first_day, row.last_day).first()
    if clash:
        text = _("Trùng thời gian với %s. Hãy kết thúc cơ quan cũ trước.")
        raise Refused(text % clash.body_name, "first_day")


def is_committee_on(organisation: Organisation, day: dt.date) -> bool:
    return Lineage.unscoped.on(day).filter(depth=0, descendant=organisation, is_cell=False).exists()
