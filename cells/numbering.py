"""Gives numbers to documents: one series for each type and term, continuous, never the same twice (domain.md 2.4)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.dated import covering
from cells.models import (
    CELL_KINDS,
    NOT_FOR_CELLS,
    DocumentType,
    Kind,
    NumberSeries,
    Organisation,
    OrganisationFunction,
    OrganisationPeriod,
    RegisteredNumber,
    Term,
)

Function = OrganisationFunction.Function
SYMBOLS_OF_BODIES = {Function.PROPAGANDA: "BTG", Function.OFFICE: "VP", Function.INSPECTION: "UBKT"}
SYMBOLS = {Kind.PROVINCE: "TU", Kind.BLOC: "ĐUK", Kind.DISTRICT: "HU", **dict.fromkeys(CELL_KINDS, "CB")}
USUAL_SYMBOL = "ĐU"


class NoTerm(Refused):
    def __init__(self, day: dt.date):
        text = _("Sổ văn bản chưa có nhiệm kỳ nào gồm ngày %s. Hãy mở “Sổ văn bản”, “Nhiệm kỳ” và khai nhiệm kỳ trước.")
        super().__init__(text % f"{day:%d/%m/%Y}")


class NotForCells(Refused):
    def __init__(self, document_type: DocumentType):
        super().__init__(_("Chi bộ không ban hành %s. Hãy chọn loại văn bản khác.") % document_type.label)


class AlreadyCancelled(Refused):
    def __init__(self):
        super().__init__(_("Số này đã hủy trước đó."))


class AlreadyStarted(Refused):
    def __init__(self):
        text = _("Sổ đã cấp số cho loại văn bản này, nên không đổi được số cuối cùng trên sổ giấy.")
        super().__init__(text)


@transaction.atomic
def take_number(
    organisation: Organisation,
    document_type: str,
    day: dt.date,
    *,
    subject: str,
    actor: User,
    function: str = "",
    request=None,
) -> RegisteredNumber:
    """The next number of the term in force on that day. Part of the caller's transaction: rolled back, no gap."""
    document_type = DocumentType(document_type)
    refuse_type(organisation, document_type, day, function)
    term = locked_term(organisation, day, function)
    series, _is_new = NumberSeries.unscoped.get_or_create(term=term, document_type=document_type)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    entry = RegisteredNumber.unscoped.create(
        organisation=organisation,
        term=term,
        document_type=document_type,
        number=series.last_number,
        symbol=written(series.last_number, document_type, term.symbol or usual_symbol(organisation, day, function)),
        subject=subject,
        day=day,
        taken_by=actor,
    )
    detail = {"symbol": entry.symbol, "term": term.pk, "day": day}
    record("number.taken", actor=actor, target=entry, detail=detail, request=request)
    return entry


def locked_term(organisation: Organisation, day: dt.date, function: str = "") -> Term:
    """Two who sign at once wait for each other here; SQLite has one writer at a time anyway."""
    terms = Term.unscoped.select_for_update(no_key=True).filter(covering(day))
    term = terms.filter(organisation=organisation, function=function).first()
    if term is None:
        raise NoTerm(day)
    return term


def has_term(organisation: Organisation, day: dt.date, function: str = "") -> bool:
    """Whether a number could be taken that day."""
    return Term.unscoped.filter(covering(day), organisation=organisation, function=function).exists()


def refuse_type(organisation: Organisation, document_type: DocumentType, day: dt.date, function: str) -> None:
    if document_type in NOT_FOR_CELLS and not function and kind_on(organisation, day) in CELL_KINDS:
        raise NotForCells(document_type)


def written(number: int, document_type: DocumentType, symbol: str) -> str:
    """`05-BC/CB`, two digits below ten."""
    return f"{number:02}-{document_type.printed}/{symbol}"


def usual_symbol(organisation: Organisation, day: dt.date, function: str = "") -> str:
    """Where the term says no other: lists differ from place to place (domain.md 2.4)."""
    if function:
        return SYMBOLS_OF_BODIES[Function(function)]
    return SYMBOLS.get(kind_on(organisation, day), USUAL_SYMBOL)


def kind_on(organisation: Organisation, day: dt.date) -> str | None:
    periods = OrganisationPeriod.unscoped.on(day).filter(organisation=organisation)
    return periods.values_list("kind", flat=True).first()


@transaction.atomic
def cancel(entry: RegisteredNumber, reason: str, *, actor: User, request=None) -> RegisteredNumber:
    """The number stays in the register as cancelled and is not given again."""
    entry = RegisteredNumber.unscoped.select_for_update().get(pk=entry.pk)
    if entry.state == RegisteredNumber.State.CANCELLED:
        raise AlreadyCancelled
    entry.state, entry.reason = RegisteredNumber.State.CANCELLED, reason
    entry.cancelled_by, entry.cancelled_at = actor, timezone.now()
    entry.save(update_fields=["state", "reason", "cancelled_by", "cancelled_at"])
    after = {"reason": reason}
    record("number.cancelled", actor=actor, target=entry, detail={"symbol": entry.symbol}, after=after, request=request)
    return entry


@transaction.atomic
def continue_after(term: Term, document_type: str, last_number: int, *, actor: User, request=None) -> NumberSeries:
    """An office that kept its register on paper goes on from its last number."""
    term = Term.unscoped.select_for_update(no_key=True).get(pk=term.pk)
    series, _is_new = NumberSeries.unscoped.get_or_create(term=term, document_type=document_type)
    if series.last_number != series.on_paper:
        raise AlreadyStarted
    series.last_number = series.on_paper = last_number
    series.save(update_fields=["last_number", "on_paper"])
    detail = {"document_type": document_type, "last_number": last_number}
    record("number.continued", actor=actor, target=term, detail=detail, request=request)
    return series
