"""Makes, corrects and ends rules about sessions, and changes holidays; the only place that does."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Organisation
from sessions.models import Holiday, RuleSubject, SessionRule
from sessions.rules import Rulebook
from sessions.states import ChangedMeanwhile

ONE_DAY = dt.timedelta(days=1)
RULED_FIELDS = (
    *("number", "shift", "cells_may_differ", "source", "allowed_by", "reason", "sureness"),
    *("first_day", "last_day"),
)


class AlreadyRuled(Refused):
    """Another rule of the same place speaks of the same thing on some of these days."""

    def __init__(self, other: SessionRule):
        text = _("Đã có quy định về %(subject)s từ ngày %(day)s. Hãy sửa hoặc kết thúc quy định đó trước.")
        super().__init__(text % {"subject": other.get_subject_display(), "day": f"{other.first_day:%d/%m/%Y}"})


class NotYours(Refused):
    """Only what the rule above leaves to the cells may a cell rule for itself (Chỉ thị 50: a reasoned other day)."""

    def default(self):
        return _("Nội dung này chỉ cấp ủy cấp trên được quy định khác.")


@transaction.atomic
def rule(organisation: Organisation | None, subject: str, fields: dict, *, actor: User, request=None) -> SessionRule:
    """A new rule; one that was in force and has no end gives way on the day before."""
    lock(organisation)
    same = SessionRule.unscoped.filter(organisation=organisation, subject=subject)
    earlier = same.filter(last_day=None, first_day__lt=fields["first_day"]).first()
    if earlier:
        earlier.last_day = fields["first_day"] - ONE_DAY
        save(earlier, "session_rule.ended", actor, request)
    refuse_overlap(same, fields)
    made = SessionRule(organisation=organisation, subject=subject, **fields)
    made.save(force_insert=True)
    record("session_rule.made", actor=actor, target=made, detail=described(made), request=request)
    return made


@transaction.atomic
def correct(rule: SessionRule, fields: dict, *, version: int, actor: User, request=None) -> SessionRule:
    rule = locked(rule)
    if rule.version != version:
        raise ChangedMeanwhile
    same = SessionRule.unscoped.filter(organisation=rule.organisation_id, subject=rule.subject).exclude(pk=rule.pk)
    refuse_overlap(same, fields)
    before = described(rule)
    for name, value in fields.items():
        setattr(rule, name, value)
    save(rule, "session_rule.corrected", actor, request, before=before)
    return rule


@transaction.atomic
def end(rule: SessionRule, last_day: dt.date, *, version: int, actor: User, request=None) -> None:
    """From the next day on it is inherited again. A rule that never came into force is removed."""
    rule = locked(rule)
    if rule.version != version:
        raise ChangedMeanwhile
    if last_day < rule.first_day:
        record("session_rule.removed", actor=actor, target=rule, detail=described(rule), request=request)
        rule.delete()
        return
    rule.last_day = last_day
    save(rule, "session_rule.ended", actor, request)


def save(rule: SessionRule, action: str, actor: User, request, before: dict | None = None) -> None:
    rule.version += 1
    rule.save()
    detail = described(rule) | ({"before": before} if before else {})
    record(action, actor=actor, target=rule, detail=detail, request=request)


def lock(organisation: Organisation | None) -> None:
    """Two at once would each see the other's rule too late; the nation has no row of its own but its rules."""
    if organisation:
        Organisation.unscoped.select_for_update().get(pk=organisation.pk)
    else:
        list(SessionRule.unscoped.select_for_update().filter(organisation=None).values_list("pk"))


def locked(rule: SessionRule) -> SessionRule:
    return SessionRule.unscoped.select_for_update(of=("self",)).get(pk=rule.pk)


def refuse_overlap(same, fields: dict) -> None:
    other = same.overlapping(fields["first_day"], fields["last_day"]).first()
    if other:
        raise AlreadyRuled(other)


@transaction.atomic
def move_holiday(holiday: Holiday, fields: dict, *, version: int, actor: User, request=None) -> None:
    holiday = locked_holiday(holiday, version)
    before = {name: getattr(holiday, name) for name in fields}
    for name, value in fields.items():
        setattr(holiday, name, value)
    holiday.version += 1
    holiday.save()
    detail = {"before": before, "after": fields}
    record("holiday.changed", actor=actor, target=holiday, detail=detail, request=request)


@transaction.atomic
def remove_holiday(holiday: Holiday, *, version: int, actor: User, request=None) -> None:
    holiday = locked_holiday(holiday, version)
    detail = {"day": holiday.day, "name": holiday.name}
    record("holiday.removed", actor=actor, target=holiday, detail=detail, request=request)
    holiday.delete()


def locked_holiday(holiday: Holiday, version: int) -> Holiday:
    row = Holiday.unscoped.select_for_update().filter(pk=holiday.pk, version=version).first()
    if row is None:
        raise ChangedMeanwhile
    return row


def described(rule: SessionRule) -> dict:
    return {name: getattr(rule, name) for name in ("organisation_id", "subject", *RULED_FIELDS)}


def left_to_the_cell(cell: int, day: dt.date) -> frozenset[str]:
    """What the rules above this cell, not its own, let it rule for itself."""
    book = Rulebook([cell], day, day)
    book.rules.pop(cell, None)
    above = book.rules_for(cell, day)
    return frozenset(
        subject
        for subject in RuleSubject.values
        if above.of(subject) is None or above.of(subject).rule.cells_may_differ
    )
