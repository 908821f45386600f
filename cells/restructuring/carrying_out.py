"""Carries a planned reorganisation out in one transaction, and takes it back while nothing builds on it."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells import changing, lineage, revising
from cells.dependants import Event, registered
from cells.models import Organisation, Reorganisation, ReorganisationPart
from cells.restructuring.orders import Kind, Order
from cells.restructuring.planning import Plan, make_plan
from cells.restructuring.tree import faults

State, Side = Reorganisation.State, ReorganisationPart.Side


class NotPossible(Refused):
    """For several reasons at once, each a text of its own."""

    def __init__(self, *texts: str):
        super().__init__(" ".join(texts))
        self.texts = texts or (self.text,)


class Stale(NotPossible):
    """What would be done now is not what was shown."""

    def default(self):
        return _("Dữ liệu vừa thay đổi từ khi đồng chí xem trước. Hãy xem lại bản xem trước mới rồi xác nhận.")


def checked_plan(row: Reorganisation, order: Order) -> Plan:
    """The plan with what the other apps have against it; what the preview shows."""
    plan = make_plan(order)
    if not plan.problems:
        event = event_of(row, plan)
        plan.problems += [text for dependant in registered() for text in dependant.problems(event)]
    return plan


def event_of(row: Reorganisation, plan: Plan, actor: User | None = None, request=None) -> Event:
    return Event(
        row=row,
        day=plan.day,
        ended=tuple(plan.ended),
        heirs=plan.heirs,
        rosters_changed=plan.rosters_changed,
        actor=actor,
        request=request,
    )


@transaction.atomic
def carry_out(row: Reorganisation, order: Order, digest: str, *, actor: User, request=None) -> Reorganisation:
    """`digest` is that of the plan that was shown: exactly this is done or nothing."""
    revising.advance()  # first: all who change organisations or rosters wait here for each other
    row = locked(row)
    if row.state != State.DRAFT:
        raise NotPossible(_("Việc sắp xếp này đã được thực hiện."))
    plan = checked_plan(row, order)
    if plan.digest != digest:
        raise Stale
    if plan.problems:
        raise NotPossible(*plan.problems)
    event = event_of(row, plan, actor, request)
    write(event, plan)
    lineage.rebuild()
    for dependant in registered():
        dependant.on_restructured(event)
    note_parts(row, plan)
    row.state, row.done_at, row.journal = State.DONE, timezone.now(), event.written
    row.version += 1
    row.save()
    record("reorganisation.done", actor=actor, target=row, detail=detail_of(row), request=request)
    return row


def write(event: Event, plan: Plan) -> None:
    try:
        event.write(plan.changes)
    except ProtectedError as error:
        text = _("Đã có dữ liệu ghi cho đơn vị sau ngày có hiệu lực. Hãy chọn ngày khác.")
        raise NotPossible(text) from error


def locked(row: Reorganisation) -> Reorganisation:
    return Reorganisation.unscoped.select_for_update().get(pk=row.pk)


def note_parts(row: Reorganisation, plan: Plan) -> None:
    order = plan.order
    before = {organisation.pk for organisation in order.organisations}
    after = {organisation.pk for organisation in plan.founded} | {heir.pk for heir in plan.heirs.values()}
    if order.kind == Kind.SPLIT and not order.ends:
        after |= before
    rehung = {organisation.pk for organisation in plan.rehung}
    sides = [(Side.PREDECESSOR, before), (Side.SUCCESSOR, after), (Side.REHUNG, rehung)]
    ReorganisationPart.unscoped.bulk_create(
        ReorganisationPart(reorganisation=row, organisation_id=pk, side=side)
        for side, organisations in sides
        for pk in sorted(organisations)
    )


def detail_of(row: Reorganisation) -> dict:
    parts = row.parts.order_by("pk").values_list("side", "organisation__code")
    return {
        "kind": row.kind,
        "decision": row.decision_number,
        "decision_day": row.decision_day,
        "day": row.day,
        "parts": [list(part) for part in parts],
        "rows": len(row.journal),
    }


@transaction.atomic
def take_back(row: Reorganisation, *, actor: User, request=None) -> Reorganisation:
    revising.advance()
    row = locked(row)
    if row.state != State.DONE:
        raise NotPossible(_("Việc sắp xếp này chưa được thực hiện hoặc đã được hoàn tác."))
    event = undoing(row, actor, request)
    if problems := [text for dependant in registered() for text in dependant.problems(event)]:
        raise NotPossible(_("Không hoàn tác được:"), *problems)
    detail, known = detail_of(row), faults(lineage.stored_periods())
    row.parts.filter(organisation__in=event.ended).delete()  # they would hold on to what was founded
    try:
        changing.take_back(row.journal)
    except changing.BuiltUpon as error:
        raise NotPossible(_("Không hoàn tác được: đã có thay đổi khác dựa trên kết quả sắp xếp này.")) from error
    if faults(lineage.stored_periods()) - known:
        raise NotPossible(_("Không hoàn tác được: cơ cấu tổ chức đã thay đổi sau lần sắp xếp này."))
    lineage.rebuild()
    for dependant in registered():
        dependant.on_taken_back(event)
    row.state, row.journal = State.TAKEN_BACK, []
    row.version += 1
    row.save()
    record("reorganisation.taken_back", actor=actor, target=row, detail=detail, request=request)
    return row


def undoing(row: Reorganisation, actor: User, request) -> Event:
    """The way back, as an event: what was founded goes, and the rosters change once more."""
    founded = [one["pk"] for one in row.journal if one["model"] == "cells.organisation" and one["before"] is None]
    spans = [one for one in row.journal if one["model"] == "cells.membership"]
    cells = {values.get("cell_id") for one in spans for values in (one["before"] or {}, one["after"] or {})}
    ended = tuple(Organisation.unscoped.filter(pk__in=founded))
    return Event(row=row, day=row.day, ended=ended, rosters_changed=cells - {None}, actor=actor, request=request)
