"""Plans conferences, changes, postpones and cancels them, and notes how they were held."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells import revising
from cells.models import Organisation, OrganisationPeriod, Person
from resolutions.models import ConferenceNotice, Mode, ReceivingSite, StudyConference
from speakers.levels import outside
from speakers.models import SpeakerAppointment, SpeakerKind

State = StudyConference.State
PLANNED = (
    *("subject", "level", "audience", "mode", "start", "end", "venue"),
    *("document_symbols", "presenter", "presenter_name", "expected"),
)
SPEAKERS_OFFERED = 300
HELD = ("start", "end", "expected", "present", "estimate")


class ChangedMeanwhile(Refused):
    def default(self):
        return _("Người khác vừa sửa mục này. Hãy xem lại nội dung hiện tại rồi làm lại.")


class NotPlanned(Refused):
    def default(self):
        return _("Chỉ hoãn hoặc hủy được hội nghị còn dự kiến.")


class Cancelled(Refused):
    def default(self):
        return _("Hội nghị này đã hủy.")


class NotYet(Refused):
    def default(self):
        return _("Chưa đến ngày tổ chức. Hãy ghi kết quả từ ngày đó trở đi.")


@transaction.atomic
def plan(organisation: Organisation, fields: dict, *, actor: User, request=None) -> StudyConference:
    revising.advance()
    refuse_day(organisation.pk, fields["day"])
    refuse_level(fields["level"], fields["day"])
    conference = StudyConference(organisation=organisation, day=fields["day"], state=State.PLANNED, present=0)
    for name in PLANNED:
        setattr(conference, name, fields[name])
    conference.code = f"HN-{conference.public_id.hex[-12:].upper()}"
    conference.save(force_insert=True)
    conference.documents.set(fields["documents"])
    record("conference.planned", actor=actor, target=conference, after=told(conference), request=request)
    return conference


@transaction.atomic
def change(conference: StudyConference, fields: dict, *, version: int, actor: User, request=None) -> None:
    """All but its day, which is moved by putting it off, and how many came."""
    conference = locked(conference, version)
    if conference.state == State.CANCELLED:
        raise Cancelled
    refuse_level(fields["level"], conference.day)
    if fields["mode"] == Mode.IN_PERSON and conference.sites.exists():
        raise Refused(_("Hội nghị trực tiếp không có điểm cầu. Hãy bỏ các điểm cầu trước."), "mode")
    before = told(conference)
    for name in PLANNED:
        setattr(conference, name, fields[name])
    saved(conference)
    conference.documents.set(fields["documents"])
    after = told(conference)
    record("conference.changed", actor=actor, target=conference, before=before, after=after, request=request)


@transaction.atomic
def postpone(
    conference: StudyConference, day: dt.date, reason: str, *, version: int, actor: User, request=None
) -> None:
    conference = locked(conference, version)
    if conference.state != State.PLANNED:
        raise NotPlanned
    if day == conference.day:
        raise Refused(_("Ngày mới phải khác ngày cũ."), "day")
    refuse_day(conference.organisation_id, day)
    refuse_level(conference.level, day)
    refuse_sites(conference, day)
    notice = give(conference, ConferenceNotice.Kind.POSTPONED, day, reason, actor)
    conference.day = day
    saved(conference)
    detail = {"old_day": notice.old_day, "new_day": day}
    after = {"reason": reason}
    record("conference.postponed", actor=actor, target=conference, detail=detail, after=after, request=request)


@transaction.atomic
def cancel(conference: StudyConference, reason: str, *, version: int, actor: User, request=None) -> None:
    conference = locked(conference, version)
    if conference.state != State.PLANNED:
        raise NotPlanned
    give(conference, ConferenceNotice.Kind.CANCELLED, None, reason, actor)
    conference.state = State.CANCELLED
    saved(conference)
    record("conference.cancelled", actor=actor, target=conference, after={"reason": reason}, request=request)


@transaction.atomic
def hold(conference: StudyConference, fields: dict, *, version: int, today: dt.date, actor: User, request=None) -> None:
    """What is said once it took place; said again, it corrects the numbers of the host's own site."""
    conference = locked(conference, version)
    if conference.state == State.CANCELLED:
        raise Cancelled
    if conference.day > today:
        raise NotYet
    before = heads(conference)
    action = "conference.held" if conference.is_planned else "conference.counted"
    for name in HELD:
        setattr(conference, name, fields[name])
    conference.state = State.HELD
    saved(conference)
    record(action, actor=actor, target=conference, before=before, after=heads(conference), request=request)


def locked(row, version: int):
    """Also counts the change, so that an import that was planned before is looked at again."""
    revising.advance()
    row = type(row).unscoped.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if row is None or row.version != version:
        raise ChangedMeanwhile
    return row


def saved(row) -> None:
    row.version += 1
    row.save()


def give(conference: StudyConference, kind: str, day: dt.date | None, reason: str, actor: User) -> ConferenceNotice:
    return ConferenceNotice.unscoped.create(
        conference=conference, kind=kind, old_day=conference.day, new_day=day, reason=reason, given_by=actor
    )


def refuse_day(organisation: int, day: dt.date) -> None:
    if not OrganisationPeriod.unscoped.on(day).filter(organisation=organisation).exists():
        raise Refused(_("Đơn vị tổ chức không hoạt động vào ngày %s.") % f"{day:%d/%m/%Y}", "day")


def refuse_level(level: str, day: dt.date) -> None:
    found = outside(level, day, day) if level else {}
    if found:
        raise Refused(_("Cấp này không còn, hoặc chưa có, vào ngày %s.") % f"{day:%d/%m/%Y}", "level")


def refuse_sites(conference: StudyConference, day: dt.date) -> None:
    there = OrganisationPeriod.unscoped.on(day).values("organisation")
    site = ReceivingSite.unscoped.filter(conference=conference, organisation__isnull=False)
    gone = site.exclude(organisation__in=there).first()
    if gone:
        text = _("Đơn vị của điểm cầu “%(site)s” không hoạt động vào ngày %(day)s.")
        raise Refused(text % {"site": gone.name, "day": f"{day:%d/%m/%Y}"}, "day")


def speakers_for(user) -> list[Person]:
    """Who may be asked to present, of all rosters of speakers that the user sees."""
    kinds = (SpeakerKind.SPEAKER, SpeakerKind.PROPAGANDIST)
    appointed = SpeakerAppointment.objects.for_user(user).on(user.reach.day).filter(kind__in=kinds).values("person")
    # Not by rosters of members: speakers from outside stand on none.
    return list(Person.unscoped.filter(pk__in=appointed).order_by("sort_key", "pk")[:SPEAKERS_OFFERED])


def told(conference: StudyConference) -> dict:
    values = {name: getattr(conference, name) for name in PLANNED if name != "presenter"}
    return values | {"day": conference.day, "presenter": conference.presenter_id}


def heads(row) -> dict:
    return {name: getattr(row, name) for name in ("expected", "present", "estimate")}
