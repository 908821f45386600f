"""Makes and changes core teams."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from accounts.text import title_key
from cells.models import CELL_KINDS, Membership, Organisation, OrganisationPeriod, Person
from speakers.appointing import ChangedMeanwhile
from speakers.models import SpeakerAppointment, SpeakerTeam, TeamMember, TeamRules


@dataclass(frozen=True)
class Coverage:
    """Of the organisations directly below, how many have a team; none is told how large it has to be."""

    having: int
    missing: list[OrganisationPeriod]

    @property
    def all(self) -> int:
        return self.having + len(self.missing)


OF_TEAM = ("name", "decision_number", "decision_date", "first_day", "last_day")
OF_MEMBER = ("role", "is_committee", "first_day", "last_day")


@transaction.atomic
def make(organisation: Organisation, fields: dict, *, actor: User, request=None) -> SpeakerTeam:
    team = SpeakerTeam.unscoped.create(organisation=organisation, **{name: fields[name] for name in OF_TEAM})
    record("team.made", actor=actor, target=team, after=described(team, OF_TEAM), request=request)
    return team


@transaction.atomic
def change(team: SpeakerTeam, fields: dict, *, version: int, actor: User, request=None) -> None:
    team = locked(team, version)
    before = described(team, OF_TEAM)
    for name in OF_TEAM:
        setattr(team, name, fields[name])
    team.version += 1
    team.save()
    record("team.changed", actor=actor, target=team, before=before, after=described(team, OF_TEAM), request=request)


@transaction.atomic
def add_member(team: SpeakerTeam, person: Person, fields: dict, *, actor: User, request=None) -> TeamMember:
    SpeakerTeam.unscoped.select_for_update(no_key=True).get(pk=team.pk)
    member = TeamMember(team=team, person=person, fields=fields["fields_text"])
    for name in OF_MEMBER:
        setattr(member, name, fields[name])
    refuse_twice(member)
    member.save()
    record("team.member_added", actor=actor, target=member, after=told(member), request=request)
    return member


@transaction.atomic
def change_member(member: TeamMember, fields: dict, *, version: int, actor: User, request=None) -> None:
    member = locked(member, version)
    before = told(member)
    for name in OF_MEMBER:
        setattr(member, name, fields[name])
    member.fields = fields["fields_text"]
    refuse_twice(member)
    member.version += 1
    member.save()
    record("team.member_changed", actor=actor, target=member, before=before, after=told(member), request=request)


def coverage(here: Organisation, day: dt.date) -> Coverage:
    """Of the committees directly below, cells left out; where there are only cells, of them."""
    below = list(OrganisationPeriod.unscoped.on(day).filter(parent=here).select_related("organisation"))
    below = [period for period in below if period.kind not in CELL_KINDS] or below
    teams = SpeakerTeam.unscoped.on(day).filter(organisation__in=[period.organisation_id for period in below])
    having = set(teams.values_list("organisation", flat=True))
    missing = [period for period in below if period.organisation_id not in having]
    return Coverage(len(having), sorted(missing, key=lambda period: title_key(period.name)))


def offered(user, team: SpeakerTeam) -> QuerySet[Person]:
    """Speakers of the organisation; and the members of the cell, for those who may read its roster."""
    day = user.reach.day
    speakers = SpeakerAppointment.objects.for_user(user).on(day).filter(organisation=team.organisation)
    members = Membership.objects.for_user(user).on(day).filter(cell=team.organisation)
    found = Q(pk__in=speakers.values("person")) | Q(pk__in=members.values("person"))
    # Not by rosters alone: speakers from outside stand on none.
    return Person.unscoped.filter(found).order_by("sort_key", "pk")


@transaction.atomic
def keep_rules(team: SpeakerTeam, fields: dict, *, actor: User, request=None) -> TeamRules:
    rules = TeamRules.unscoped.create(team=team, uploaded_by=actor, **fields)
    record("team.rules_uploaded", actor=actor, target=rules, detail={"sha256": rules.sha256}, request=request)
    return rules


def refuse_twice(member: TeamMember) -> None:
    others = TeamMember.unscoped.filter(team=member.team, person=member.person).exclude(pk=member.pk)
    if others.overlapping(member.first_day, member.last_day).exists():
        raise Refused(_("Người này đã là thành viên của đội trong khoảng ngày đó."))


def locked(row, version: int):
    row = type(row).unscoped.select_for_update(of=("self",)).get(pk=row.pk)
    if row.version != version:
        raise ChangedMeanwhile
    return row


def described(row, names) -> dict:
    return {name: getattr(row, name) for name in names}


def told(member: TeamMember) -> dict:
    return described(member, OF_MEMBER) | {"fields": member.fields, "person": member.person.full_name}
