from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResolutionsConfig(AppConfig):
    name = "resolutions"

    def ready(self):
        from cells import dependants
        from cells.exchange.planning import register
        from cells.exchange.removing import call
        from resolutions.models import Document, FollowUp, ReceivingSite, StudyConference
        from resolutions.restructured import Conferences
        from resolutions.workbook import ConferencesSheet, SitesSheet

        dependants.register(Conferences())
        register(ConferencesSheet(), SitesSheet())
        call(Document, _("văn bản"))
        call(StudyConference, _("hội nghị"))
        call(ReceivingSite, _("điểm cầu"))
        call(FollowUp, _("việc sau hội nghị"))
