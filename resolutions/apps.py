from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ResolutionsConfig(AppConfig):
    name = "resolutions"

    def ready(self):
        from accounts.administration import link
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
        link(
            "resolutions:conference_rules",
            _("Quy định về hội nghị"),
            "megaphone",
            _("Giới hạn số lượng, thời lượng, hình thức hội nghị theo Kết luận 226-KL/TW."),
        )
        post_migrate.connect(seed_after_migrating, sender=self)


def seed_after_migrating(apps=current_apps, **_details):
    """After each migration, and after the flush of a test: the limits begin the same everywhere."""
    from resolutions import limit_seeds

    if "conferencerule" in apps.all_models["resolutions"]:
        limit_seeds.seed(apps)
