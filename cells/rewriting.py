"""Writes the spans of a person: alone in this for pages. Checks, recounting, audit and undo come with every change."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells import changing, dependants, revising
from cells.changing import Changes
from cells.models import CELL_KINDS, Membership, OrganisationPeriod, Person, RosterChange
from cells.spans import Problem, clashes, covers, last_of

UNDO_WITHIN = dt.timedelta(hours=24)
EDIT = Callable[[list[Membership], Changes], None]
KEPT = ("cell_id", "standing", "status", "first_day", "last_day", "planned_last_day", "leaving", "arrival_confirmed")


class ChangedMeanwhile(Refused):
    """Somebody else saved this person in between."""

    def default(self):
        return _("Người khác vừa sửa hồ sơ này. Hãy xem lại nội dung hiện tại rồi làm lại.")


PROBLEMS = {
    Problem.OVERLAP: gettext_lazy("Có ngày người này thuộc hai giai đoạn cùng lúc (từ %(one)s và từ %(other)s)."),
    Problem.NOT_AWAY: gettext_lazy(
        "Từ %(one)s sinh hoạt tạm thời ở chi bộ khác, nên ở chi bộ nhà phải ghi “tạm thời đi”."
    ),
    Problem.SAME_CELL: gettext_lazy("Nơi sinh hoạt tạm thời (từ %(one)s) phải khác chi bộ nhà."),
}


@transaction.atomic
def rewrite(
    person: Person,
    edit: EDIT,
    *,
    action: str,
    actor: User,
    version: int | None = None,
    reason: str = "",
    marks: Mapping[tuple[Any, int], tuple[str, str]] | None = None,
    request=None,
) -> Person:
    """`edit(spans, changes)` says what changes, given the spans in order; the rest is the same for all.

    Raises Refused, ChangedMeanwhile, or `dependants.MarksMissing` where a closed session would lack a mark; then
    nothing is written.
    """
    revising.advance()
    person = locked(person, version)
    spans = spans_of(person)
    changes = Changes()
    edit(spans, changes)
    before = {span.pk: as_span(span) for span in spans}
    check(person, changes.after(Membership, spans))
    written = changes.write()
    pass_on(changed_spans(person, written, before), actor=actor, reason=reason, marks=marks, request=request)
    person = advanced(person)
    RosterChange.unscoped.create(person=person, action=action, actor=actor, version=person.version, written=written)
    note(action, person, written, reason, actor, request)
    return person


def locked(person: Person, version: int | None) -> Person:
    person = Person.unscoped.select_for_update(of=("self",)).get(pk=person.pk)
    if version is not None and version != person.version:
        raise ChangedMeanwhile
    return person


def spans_of(person: Person) -> list[Membership]:
    return list(Membership.unscoped.filter(person=person).order_by("first_day", "pk"))


def as_span(row: Membership) -> dependants.Span:
    return dependants.Span(row.cell_id, row.standing, row.status, row.first_day, row.last_day)


def check(person: Person, after: list[dict]) -> None:
    """As they would be: no day backwards, no two at once, each at a cell that is one on all its days."""
    spans = sorted((Membership(**values) for values in after), key=lambda span: (span.first_day, last_of(span)))
    for span in spans:
        if last_of(span) < span.first_day:
            text = _("Ngày kết thúc %(last)s trước ngày bắt đầu %(first)s.")
            raise Refused(text % {"last": f"{span.last_day:%d/%m/%Y}", "first": f"{span.first_day:%d/%m/%Y}"})
    for problem, one, other in clashes(spans):
        days = {"one": f"{one.first_day:%d/%m/%Y}", "other": f"{other.first_day:%d/%m/%Y}"}
        raise Refused(PROBLEMS[problem] % days)
    refuse_out_of_force(spans)


def refuse_out_of_force(spans: list[Membership]) -> None:
    periods = defaultdict(list)
    cells = OrganisationPeriod.unscoped.filter(organisation__in={s.cell_id for s in spans}, kind__in=CELL_KINDS)
    for period in cells:
        periods[period.organisation_id].append(period)
    for span in spans:
        if not covers(periods[span.cell_id], span.first_day, last_of(span)):
            text = _("Chi bộ không hoạt động trong mọi ngày của giai đoạn từ %s.")
            raise Refused(text % f"{span.first_day:%d/%m/%Y}")


def changed_spans(person: Person, written: list[dict], before: Mapping[int, dependants.Span]):
    now = {span.pk: as_span(span) for span in spans_of(person)}
    touched = dict.fromkeys(one["pk"] for one in written)
    return [dependants.SpanChange(person, before.get(pk), now.get(pk)) for pk in touched]


def pass_on(changes, **told) -> None:
    for one in dependants.registered():
        one.on_spans_changed(changes, **told)


def advanced(person: Person) -> Person:
    Person.unscoped.filter(pk=person.pk).update(version=F("version") + 1)
    person.refresh_from_db()
    return person


def note(action: str, person: Person, written: list[dict], reason: str, actor: User, request) -> None:
    before = {str(one["pk"]): kept(one["before"]) for one in written if one["before"]}
    after = {str(one["pk"]): kept(one["after"]) for one in written if one["after"]}
    record(
        action,
        actor=actor,
        target=person,
        detail={"version": person.version},
        before=before,
        after=after | ({"reason": reason} if reason else {}),
        request=request,
    )


def kept(values: dict) -> dict:
    return {name: value for name, value in values.items() if name in KEPT}


def last_change(person: Person) -> RosterChange | None:
    """What can still be taken back: the newest change, if nothing came after it and it is of today or yesterday."""
    change = person.roster_changes.order_by("pk").last()
    if change is None or change.version != person.version or timezone.now() - change.at > UNDO_WITHIN:
        return None
    return change


@transaction.atomic
def undo(person: Person, *, actor: User, request=None) -> Person:
    revising.advance()
    person = locked(person, None)
    change = last_change(person)
    if change is None:
        raise Refused(_("Không còn hoàn tác được: đã quá 24 giờ, hoặc hồ sơ đã có thay đổi khác sau đó."))
    before = {span.pk: as_span(span) for span in spans_of(person)}
    try:
        changing.take_back(change.written)
    except changing.BuiltUpon as error:
        raise Refused(_("Không hoàn tác được: giai đoạn này đã có thay đổi khác.")) from error
    check(person, Changes().after(Membership, spans_of(person)))
    changes = changed_spans(person, change.written, before)
    try:
        pass_on(changes, actor=actor, reason=_("hoàn tác"), marks=None, request=request)
    except dependants.MarksMissing as missing:
        raise Refused(_("Không hoàn tác được: buổi sinh hoạt đã kết thúc sẽ thiếu điểm danh.")) from missing
    change.delete()
    record("roster.undone", actor=actor, target=person, detail={"action": change.action}, request=request)
    return advanced(person)
