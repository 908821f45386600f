"""Keeps the book in which paper documents change hands: numbers run on, lines are never taken out."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.refusing import Refused
from cells.models import Organisation
from resolutions.models import PaperHandover


class NoLongerOut(Refused):
    def default(self):
        return _("Dòng này đã ghi trả lại hoặc đã hủy.")


@transaction.atomic
def enter(organisation: Organisation, fields: dict, *, actor, request=None) -> PaperHandover:
    # Locked, so that two who enter at once get two numbers.
    Organisation.unscoped.select_for_update().get(pk=organisation.pk)
    lines = PaperHandover.unscoped.filter(organisation=organisation)
    line = PaperHandover(organisation=organisation, entered_by=actor, **fields)
    line.number = (lines.aggregate(highest=Max("number"))["highest"] or 0) + 1
    line.save()
    detail = {"number": line.number, "copies": line.copies}
    record("handover.entered", actor=actor, target=line, detail=detail, request=request)
    return line


@transaction.atomic
def give_back(line: PaperHandover, day, *, actor, request=None) -> None:
    if not still_out(line).update(returned_on=day):
        raise NoLongerOut
    record("handover.returned", actor=actor, target=line, detail={"number": line.number}, request=request)


@transaction.atomic
def cancel(line: PaperHandover, reason: str, *, actor, request=None) -> None:
    """The number stays in the book and is not given again."""
    if not still_out(line).update(cancelled=reason):
        raise NoLongerOut
    detail = {"number": line.number, "reason": reason}
    record("handover.cancelled", actor=actor, target=line, detail=detail, request=request)


def still_out(line: PaperHandover):
    return PaperHandover.unscoped.filter(pk=line.pk, returned_on=None, cancelled="")
