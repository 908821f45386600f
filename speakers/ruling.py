"""Keeps the days of the levels, as administrators are told by new regulations."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from speakers.appointing import ChangedMeanwhile
from speakers.models import LevelSpan

FIELDS = ("first_day", "last_day", "source")


@transaction.atomic
def change(span: LevelSpan, fields: dict, *, version: int, actor: User, request=None) -> None:
    """What was appointed before stays; the new days hold for what is written from now on."""
    span = LevelSpan.unscoped.select_for_update().get(pk=span.pk)
    if span.version != version:
        raise ChangedMeanwhile
    before = told(span)
    for name in FIELDS:
        setattr(span, name, fields[name])
    span.version += 1
    others = LevelSpan.unscoped.filter(level=span.level).exclude(pk=span.pk)
    if others.overlapping(span.first_day, span.last_day).exists():
        raise Refused(_("Cấp này đã có một khoảng ngày khác trùng với khoảng này."), "first_day")
    span.save()
    record("level_span.changed", actor=actor, target=span, before=before, after=told(span), request=request)


def told(span: LevelSpan) -> dict:
    return {"level": span.level} | {name: getattr(span, name) for name in FIELDS}
