"""Recognises speakers by decision, corrects what was typed, and ends an appointment with its reason."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells import revising
from cells.models import Organisation, OrganisationPeriod, Person
from speakers.levels import outside
from speakers.models import SpeakerAppointment

DECIDED = ("kind", "level", "decision_number", "decision_date", "first_day", "last_day", "degree", "theory")
ALERT_DAYS = 60


class ChangedMeanwhile(Refused):
    def __init__(self):
        super().__init__(_("Người khác vừa sửa mục này. Hãy xem lại nội dung hiện tại rồi làm lại."))


@transaction.atomic
def appoint(organisation: Organisation, person: Person, fields: dict, *, actor: User, request=None):
    revising.advance()
    Person.unscoped.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    row = SpeakerAppointment(organisation=organisation, person=person, **{name: fields[name] for name in DECIDED})
    check(row)
    row.save()
    record("speaker.appointed", actor=actor, target=row, after=described(row), request=request)
    return row


@transaction.atomic
def correct(row: SpeakerAppointment, fields: dict, *, version: int, actor: User, request=None) -> None:
    row = locked(row, version)
    before = described(row)
    for name in DECIDED:
        setattr(row, name, fields[name])
    check(row)
    save(row)
    record("speaker.corrected", actor=actor, target=row, before=before, after=described(row), request=request)


@transaction.atomic
def end(row: SpeakerAppointment, last_day: dt.date, reason: str, *, version: int, actor: User, request=None) -> None:
    row = locked(row, version)
    if last_day < row.first_day:
        raise Refused(_("Ngày thôi không được trước ngày được công nhận (%s).") % f"{row.first_day:%d/%m/%Y}")
    before = described(row)
    row.last_day, row.end_reason = last_day, reason
    check(row)
    save(row)
    record("speaker.ended", actor=actor, target=row, before=before, after=described(row), request=request)


def locked(row: SpeakerAppointment, version: int) -> SpeakerAppointment:
    revising.advance()
    row = SpeakerAppointment.unscoped.select_for_update(of=("self",)).select_related("person").get(pk=row.pk)
    if row.version != version:
        raise ChangedMeanwhile
    return row


def save(row: SpeakerAppointment) -> None:
    row.version += 1
    row.save()


def check(row: SpeakerAppointment) -> None:
    """Raises Refused: days outside the level's, an organisation not in force, or the same appointment twice."""
    for text in outside(row.level, row.first_day, row.last_day).values():
        raise Refused(text[0].upper() + text[1:] + ".")
    if not OrganisationPeriod.unscoped.on(row.first_day).filter(organisation=row.organisation).exists():
        raise Refused(_("Tổ chức chưa hoặc không còn hoạt động vào “Từ ngày”."))
    same = SpeakerAppointment.unscoped.filter(
        person=row.person, kind=row.kind, level=row.level, organisation=row.organisation
    )
    if same.exclude(pk=row.pk).overlapping(row.first_day, row.last_day).exists():
        raise Refused(_("Người này đã được công nhận cùng loại, cùng cấp tại đây trong khoảng ngày đó."))


def described(row: SpeakerAppointment) -> dict:
    values = {name: getattr(row, name) for name in (*DECIDED, "end_reason")}
    return values | {"person": row.person.full_name}


def expiring(rows: QuerySet, day: dt.date) -> QuerySet:
    """Those in force that run out within 60 days, that nobody has ended and no later decision renews."""
    ends = rows.on(day).filter(last_day__lte=day + dt.timedelta(days=ALERT_DAYS), end_reason="")
    same = {name: OuterRef(name) for name in ("person", "kind", "organisation")}
    renewed = SpeakerAppointment.unscoped.filter(**same, first_day__gt=OuterRef("first_day"))
    return ends.exclude(Exists(renewed)).order_by("last_day", "person__sort_key", "pk")
