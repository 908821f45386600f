"""The sites of one conference from a file: that conference's and nothing else (cells/importing)."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cells.dated import covering
from cells.exchange.planning import Plan
from cells.models import Lineage
from resolutions.models import KEEPERS, StudyConference


class SitesOfOne:
    """What `SitesSheet` is imported for alone, by whoever keeps the conference."""

    def keys(self, reach):
        kept = reach.at(KEEPERS) | reach.own(KEEPERS)
        return StudyConference.unscoped.filter(organisation__in=kept).order_by().values("code")

    def scope(self, key: str) -> "OneConference":
        return OneConference(StudyConference.unscoped.get(code=key))

    def page(self, key: str) -> tuple[str, str]:
        conference = StudyConference.unscoped.get(code=key)
        title = _("Hội nghị ngày %s") % f"{conference.day:%d/%m/%Y}"
        return title, reverse("resolutions:conference", args=[conference.public_id])

    def upload_page(self, key: str) -> str:
        return reverse("resolutions:import_sites", args=[StudyConference.unscoped.get(code=key).public_id])


@dataclass(frozen=True)
class OneConference:
    conference: StudyConference

    @cached_property
    def places(self) -> set[str]:
        """The host and what hung or hangs below it, however deep."""
        today = timezone.localdate()
        lines = Lineage.unscoped.filter(ancestor=self.conference.organisation_id)
        below = lines.filter(Q(covering(self.conference.day)) | covering(today))
        return set(below.values_list("descendant__code", flat=True))

    def strange(self, title: str, values: dict, before: dict | None, plan: Plan) -> tuple[str, str] | None:
        if values["conference"] != self.conference.code:
            return "conference", _("ở đây chỉ nhập điểm cầu của hội nghị %s") % self.conference.code
        if self.conference.state == StudyConference.State.CANCELLED:
            return "conference", _("hội nghị này đã hủy")
        if values.get("present") and self.conference.day > timezone.localdate():
            return "present", _("hội nghị chưa diễn ra nên chưa có số người dự; hãy ghi 0")
        organisation = values.get("organisation")
        was = before and before["organisation"]
        if organisation and organisation != was and organisation not in self.places:
            return "organisation", _("chỉ ghi đơn vị trực thuộc nơi tổ chức hội nghị, hoặc để trống")
        return None
