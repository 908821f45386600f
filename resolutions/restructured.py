"""What a reorganisation means for conferences: planned ones are called off, held ones keep their host in force."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.changing import Changes
from cells.dependants import Dependants, Hanging
from resolutions.models import Document, FollowUp, StudyAttendance, StudyConference

State = StudyConference.State


class Conferences(Dependants):
    label = gettext_lazy("Văn bản, hội nghị")

    def hanging_on(self, organisations, day):
        conferences = StudyConference.unscoped.filter(organisation__in=organisations)
        planned = conferences.filter(state=State.PLANNED, day__gte=day).count()
        owed = FollowUp.unscoped.open().filter(organisation__in=organisations)
        documents = Document.unscoped.filter(owner__in=organisations).count()
        return [
            Hanging(_("hội nghị dự kiến từ ngày có hiệu lực, sẽ hủy"), planned),
            Hanging(_("văn bản đã đưa lên"), documents),
            Hanging(_("việc sau hội nghị chưa xong, giao lại cho nơi kế tục"), owed.count()),
        ]

    def problems(self, event):
        held = StudyConference.unscoped.filter(organisation__in=event.ended, state=State.HELD, day__gte=event.day)
        text = _("Có %d hội nghị đã tổ chức từ ngày có hiệu lực trở đi, khi đơn vị chủ trì không còn.")
        return [text % held.count()] if held else []

    def on_restructured(self, event):
        changes = Changes()
        planned = StudyConference.unscoped.filter(organisation__in=event.ended, state=State.PLANNED)
        for conference in planned.filter(day__gte=event.day):
            changes.change(conference, state=State.CANCELLED, version=conference.version + 1)
        for owed in FollowUp.unscoped.open().filter(organisation__in=event.ended).order_by("pk"):
            heir = event.heirs.get(owed.organisation_id)
            if heir:
                changes.change(owed, organisation=heir, version=owed.version + 1)
        event.write(changes)

    def merge_people(self, kept, duplicate, *, actor, request=None):
        StudyConference.unscoped.filter(presenter=duplicate).update(presenter=kept)
        noted = StudyAttendance.unscoped.filter(person=duplicate)
        for row in StudyAttendance.unscoped.filter(person=kept, conference__in=noted.values("conference")):
            twin = noted.get(conference=row.conference_id)
            if twin.is_present and not row.is_present:  # of two marks, having come wins
                StudyAttendance.unscoped.filter(pk=row.pk).update(is_present=True)
            twin.delete()
        noted.update(person=kept)
