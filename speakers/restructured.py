"""Speakers of an organisation that ends are speakers of its heir from then on, by the same appointment."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.changing import Changes
from cells.dependants import Dependants, Hanging
from cells.models import Organisation
from cells.restructuring.tree import ONE_DAY
from speakers.models import SpeakerAppointment

KEPT = ("person", "kind", "level", "decision_number", "decision_date", "last_day", "end_reason")


class SpeakersOfOrganisations(Dependants):
    label = gettext_lazy("Báo cáo viên, tuyên truyền viên")

    def hanging_on(self, organisations, day):
        rows = SpeakerAppointment.unscoped.overlapping(day, None).filter(organisation__in=organisations)
        return [Hanging(_("báo cáo viên, tuyên truyền viên, cộng tác viên đang được giao"), rows.count())]

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
        event.write(changes)


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
