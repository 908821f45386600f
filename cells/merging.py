"""Makes one of a person who was entered twice; what hangs on the second goes to the first."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells import dependants, revising
from cells.changing import Changes
from cells.dated import FOREVER
from cells.models import Membership, Person, Post
from cells.rewriting import advanced, as_span, check, locked, spans_of
from cells.spans import ONE_DAY, is_host, last_of


@dataclass(frozen=True)
class Merger:
    """What would happen: the duplicate's spans, or the parts of them, that the person did not have yet."""

    kept: Person
    duplicate: Person
    gained: list[Membership]
    dropped: list[Membership]
    sessions: int

    @property
    def both_log_in(self) -> bool:
        return self.kept.user_id is not None and self.duplicate.user_id is not None


def preview(kept: Person, duplicate: Person) -> Merger:
    if kept.pk == duplicate.pk:
        raise Refused(_("Hãy chọn hai hồ sơ khác nhau."))
    own, extra = spans_of(kept), spans_of(duplicate)
    gained = [part for span in extra for part in beside(span, own, kept)]
    dropped = [span for span in extra if not any(part.first_day == span.first_day for part in beside(span, own, kept))]
    return Merger(kept, duplicate, gained, dropped, duplicate.attendances.count())


def beside(span: Membership, own: Iterable[Membership], kept: Person) -> list[Membership]:
    """The parts of the span on days when the person has none of that kind."""
    taken = sorted((one.first_day, last_of(one)) for one in own if is_host(one) == is_host(span))
    parts, first, last = [], span.first_day, last_of(span)
    for begun, ended in taken:
        if ended < first or begun > last:
            continue
        if begun > first:
            parts.append(part_of(span, kept, first, begun - ONE_DAY))
        if ended == FOREVER:
            return parts
        first = max(first, ended + ONE_DAY)
    if first <= last:
        parts.append(part_of(span, kept, first, last))
    return parts


def part_of(span: Membership, kept: Person, first: dt.date, last: dt.date) -> Membership:
    return Membership(
        person=kept,
        cell_id=span.cell_id,
        standing=span.standing,
        status=span.status,
        first_day=first,
        last_day=None if last == FOREVER else last,
        leaving=span.leaving if last == last_of(span) else "",
    )


@transaction.atomic
def merge(kept: Person, duplicate: Person, *, version: int, actor: User, request=None) -> Person:
    """In one transaction: spans, then what apps to the right keep, then log-in and posts; the duplicate is gone."""
    revising.advance()
    locked(min(kept, duplicate, key=lambda one: one.pk), None)  # always in one order, so that two never wait in a ring
    kept, duplicate = locked(kept, version), locked(duplicate, None)
    plan = preview(kept, duplicate)
    before = {"kept": described(kept), "duplicate": described(duplicate)}
    changes = move_spans(plan)
    for one in dependants.registered():
        one.merge_people(kept, duplicate, actor=actor, request=request)
    recount(changes, actor, request)
    merge_accounts(plan)
    gone, code = duplicate.pk, duplicate.code
    duplicate.delete()
    kept = advanced(kept)
    record(
        "roster.merged",
        actor=actor,
        target=kept,
        detail={"duplicate": gone, "code": code},
        before=before,
        after={"kept": described(kept)},
        request=request,
    )
    return kept


def move_spans(plan: Merger) -> list[dependants.SpanChange]:
    changes = Changes()
    for span in spans_of(plan.duplicate):
        changes.delete(span)
    for part in plan.gained:
        changes.create(part)
    check(plan.kept, [*Changes().after(Membership, spans_of(plan.kept)), *changes.after(Membership, [])])
    lost = [dependants.SpanChange(plan.duplicate, as_span(span), None) for span in spans_of(plan.duplicate)]
    changes.write()
    return lost + [dependants.SpanChange(plan.kept, None, as_span(part)) for part in plan.gained]


def recount(changes, actor: User, request) -> None:
    try:
        for one in dependants.registered():
            one.on_spans_changed(changes, actor=actor, reason=_("gộp hồ sơ nhập trùng"), request=request)
    except dependants.MarksMissing as missing:
        names = "; ".join(dict.fromkeys(name for _id, name, _person in missing.missing))
        text = _("Chưa gộp được: có buổi đã kết thúc sẽ thiếu điểm danh (%s). Hãy sửa các giai đoạn cho khớp trước.")
        raise Refused(text % names) from missing


def merge_accounts(plan: Merger) -> None:
    """One person logs in by one account: posts of the second go to the first, unless it holds the same."""
    user, extra = plan.kept.user, plan.duplicate.user
    if extra is None:
        return
    Person.unscoped.filter(pk=plan.duplicate.pk).update(user=None)
    if user is None:
        Person.unscoped.filter(pk=plan.kept.pk).update(user=extra)
        return
    held = set(Post.unscoped.filter(user=user).values_list("organisation", "role", "first_day"))
    for post in Post.unscoped.filter(user=extra):
        if (post.organisation_id, post.role, post.first_day) not in held:
            Post.unscoped.filter(pk=post.pk).update(user=user)
    User.objects.filter(pk=extra.pk).update(is_active=False)


def described(person: Person) -> dict:
    return {
        "code": person.code,
        "full_name": person.full_name,
        "birth": person.birth_date or person.birth_year,
        "spans": [
            [span.cell_id, span.standing, span.status, span.first_day, span.last_day] for span in spans_of(person)
        ],
    }
