"""Makes, corrects and ends rules about what is owed; the only place that writes them."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Organisation
from reports.obligations.models import ObligationRule
from sessions.states import ChangedMeanwhile

ONE_DAY = dt.timedelta(days=1)
RULED = (
    *("organisation_id", "subject", "kinds", "months", "due_month", "due_day", "cut_off_day", "days_ahead"),
    *("is_owed", "source_note", "sureness", "first_day", "last_day"),
)


class AlreadyRuled(Refused):
    """Another rule of the same place and length of period speaks of the same thing on some of these days."""

    def __init__(self, other: ObligationRule):
        text = _("Đã có quy định về %(subject)s từ ngày %(day)s. Hãy sửa hoặc kết thúc quy định đó trước.")
        told = {"subject": other.get_subject_display(), "day": f"{other.first_day:%d/%m/%Y}"}
        super().__init__(text % told, "first_day")


@transaction.atomic
def rule(subject: str, fields: dict, *, actor: User, request=None) -> ObligationRule:
    """A new rule; one that was in force and has no end gives way on the day before."""
    made = ObligationRule(subject=subject, **fields)
    lock(made.organisation)
    same = same_as(made)
    earlier = same.filter(last_day=None, first_day__lt=made.first_day).first()
    if earlier:
        earlier.last_day = made.first_day - ONE_DAY
        save(earlier, "obligation_rule.ended", actor, request)
    refuse_overlap(same, made)
    made.save(force_insert=True)
    record("obligation_rule.made", actor=actor, target=made, detail=described(made), request=request)
    return made


@transaction.atomic
def correct(row: ObligationRule, fields: dict, *, version: int, actor: User, request=None) -> None:
    row = locked(row)
    if row.version != version:
        raise ChangedMeanwhile
    before = described(row)
    for name, value in fields.items():
        setattr(row, name, value)
    refuse_overlap(same_as(row).exclude(pk=row.pk), row)
    save(row, "obligation_rule.changed", actor, request, before=before)


@transaction.atomic
def end(row: ObligationRule, last_day: dt.date, *, version: int, actor: User, request=None) -> None:
    """From the next day on what stands above holds again. A rule that never came into force is removed."""
    row = locked(row)
    if row.version != version:
        raise ChangedMeanwhile
    if last_day < row.first_day:
        record("obligation_rule.removed", actor=actor, target=row, detail=described(row), request=request)
        row.delete()
        return
    row.last_day = last_day
    save(row, "obligation_rule.ended", actor, request)


def same_as(row: ObligationRule):
    return ObligationRule.unscoped.filter(organisation=row.organisation_id, subject=row.subject, months=row.months)


def refuse_overlap(same, row: ObligationRule) -> None:
    other = same.overlapping(row.first_day, row.last_day).first()
    if other:
        raise AlreadyRuled(other)


def save(row: ObligationRule, action: str, actor: User, request, before: dict | None = None) -> None:
    row.version += 1
    row.save()
    detail = described(row) | ({"before": before} if before else {})
    record(action, actor=actor, target=row, detail=detail, request=request)


def lock(organisation: Organisation | None) -> None:
    """Two at once would each see the other's rule too late."""
    if organisation:
        Organisation.unscoped.select_for_update().get(pk=organisation.pk)
    else:
        list(ObligationRule.unscoped.select_for_update().filter(organisation=None).values_list("pk"))


def locked(row: ObligationRule) -> ObligationRule:
    return ObligationRule.unscoped.select_for_update(of=("self",)).get(pk=row.pk)


def described(row: ObligationRule) -> dict:
    return {name: getattr(row, name) for name in RULED}
