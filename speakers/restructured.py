"""Speakers of an organisation that ends are speakers of its heir from then on, by the same appointment.

Teams go over to the heir with their members and coming turns; duties end with the organisation. Books and reviews
stay where they were kept: they tell what that organisation did.
"""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.changing import Changes
from cells.dependants import Dependants, Hanging
from cells.models import Organisation
from cells.restructuring.tree import ONE_DAY
from speakers.models import (
    RecurringDuty,
    ReviewItem,
    SpeakerAbsence,
    SpeakerAppointment,
    SpeakerTeam,
    TeamMember,
    Turn,
    TurnSwap,
)

KEPT = ("person", "kind", "level", "decision_number", "decision_date", "last_day", "end_reason", "degree", "theory")


class SpeakersOfOrganisations(Dependants):
    label = gettext_lazy("Báo cáo viên, tuyên truyền viên")

    def hanging_on(self, organisations, day):
        rows = SpeakerAppointment.unscoped.overlapping(day, None).filter(organisation__in=organisations)
        speakers = Hanging(_("báo cáo viên, tuyên truyền viên, cộng tác viên đang được giao"), rows.count())
        teams = SpeakerTeam.unscoped.overlapping(day, None).filter(organisation__in=organisations)
        turns = Turn.unscoped.filter(team__in=teams, month__gte=day, state=Turn.State.PLANNED)
        rest = [Hanging(_("đội tuyên truyền"), teams.count()), Hanging(_("lượt trình bày sắp tới"), turns.count())]
        return [speakers, *(one for one in rest if one.count)]

    def on_restructured(self, event):
        changes = Changes()
        rows = SpeakerAppointment.unscoped.overlapping(event.day, None)
        held = {key_of(row, row.organisation) for row in rows.filter(organisation__in=event.heirs.values())}
        for row in rows.filter(organisation__in=event.ended).order_by("pk"):
            heir = event.heirs.get(row.organisation_id)
            if heir and key_of(row, heir) not in held:
                held.add(key_of(row, heir))
                changes.create(continued(row, heir, event.day))
            end(changes, row, event)
        move_teams(changes, event)
        end_duties(changes, event)
        event.write(changes)

    def merge_people(self, kept, duplicate, *, actor, request=None):
        for model, others in WITH_PERSON.items():
            for row in model._base_manager.filter(person=duplicate).order_by("pk"):
                same = {name: getattr(row, name) for name in others} | {"person": kept}
                if others and model._base_manager.filter(**same).exists():
                    row.delete()  # the kept record says the same already
                else:
                    model._base_manager.filter(pk=row.pk).update(person=kept)
        ReviewItem.unscoped.filter(replacement=duplicate).update(replacement=kept)
        TurnSwap.unscoped.filter(asker=duplicate).update(asker=kept)


# What names a person here, and what else must differ for the person to stand there twice.
WITH_PERSON = {
    SpeakerAppointment: ("kind", "level", "organisation", "first_day"),
    ReviewItem: (),
    TeamMember: ("team", "first_day"),
    Turn: ("team", "month", "state"),
    SpeakerAbsence: (),
}


def move_teams(changes: Changes, event) -> None:
    for team in SpeakerTeam.unscoped.overlapping(event.day, None).filter(organisation__in=event.ended).order_by("pk"):
        heir = event.heirs.get(team.organisation_id)
        if heir:
            changes.change(team, organisation=heir, version=team.version + 1)
        elif team.first_day < event.day:
            changes.change(team, last_day=event.day - ONE_DAY, version=team.version + 1)


def end_duties(changes: Changes, event) -> None:
    duties = RecurringDuty.unscoped.filter(organisation__in=event.ended, first_day__lt=event.day)
    for duty in duties.filter(Q(last_day__isnull=True) | Q(last_day__gte=event.day)).order_by("pk"):
        changes.change(duty, last_day=event.day - ONE_DAY, version=duty.version + 1)


def key_of(row: SpeakerAppointment, organisation: Organisation) -> tuple:
    return row.person_id, row.kind, row.level, organisation.pk


def continued(row: SpeakerAppointment, heir: Organisation, day) -> SpeakerAppointment:
    kept = {name: getattr(row, name) for name in KEPT}
    return SpeakerAppointment(organisation=heir, first_day=max(row.first_day, day), **kept)


def end(changes: Changes, row: SpeakerAppointment, event) -> None:
    if row.first_day >= event.day:
        changes.delete(row)
        return
    changes.change(row, last_day=event.day - ONE_DAY, end_reason=_("sắp xếp tổ chức"), version=row.version + 1)
