"""Declares and changes terms, in which numbers of documents begin again at 01."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Organisation, Term
from cells.registers import numbers_outside, overlapping

DECLARED = ("ordinal", "first_day", "last_day", "symbol")


class Overlapping(Refused):
    def __init__(self):
        super().__init__(_("Trùng ngày với một nhiệm kỳ khác vừa được khai. Hãy xem lại danh sách nhiệm kỳ."))


class ChangedMeanwhile(Refused):
    def __init__(self):
        super().__init__(_("Người khác vừa sửa nhiệm kỳ này. Hãy so hai bản rồi gửi lần nữa."))


class NumbersOutside(Refused):
    def __init__(self):
        super().__init__(_("Vừa có số được cấp cho văn bản ngoài khoảng ngày đó. Hãy chọn ngày khác."))


@transaction.atomic
def declare(organisation: Organisation, function: str, fields: dict, *, actor: User, request=None) -> Term:
    # Under the lock of the organisation, so that two terms declared at once do not overlap.
    Organisation.unscoped.select_for_update(no_key=True).get(pk=organisation.pk)
    if overlapping(organisation, function, fields["first_day"], fields["last_day"]):
        raise Overlapping
    term = Term.unscoped.create(
        organisation=organisation, function=function, **{name: fields[name] for name in DECLARED}
    )
    record("term.made", actor=actor, target=term, after=described(term), request=request)
    return term


@transaction.atomic
def change(term: Term, fields: dict, *, version: int, actor: User, request=None) -> Term:
    Organisation.unscoped.select_for_update(no_key=True).get(pk=term.organisation_id)
    term = Term.unscoped.select_for_update(no_key=True).select_related("organisation").get(pk=term.pk)
    if term.version != version:
        raise ChangedMeanwhile
    if numbers_outside(term, fields["first_day"], fields["last_day"]):
        raise NumbersOutside
    if overlapping(term.organisation, term.function, fields["first_day"], fields["last_day"], but=term):
        raise Overlapping
    before = described(term)
    for name in DECLARED:
        setattr(term, name, fields[name])
    term.version += 1
    term.save(update_fields=[*DECLARED, "version"])
    record("term.changed", actor=actor, target=term, before=before, after=described(term), request=request)
    return term


def described(term: Term) -> dict:
    return {name: getattr(term, name) for name in DECLARED}
