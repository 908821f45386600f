from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SpeakersConfig(AppConfig):
    name = "speakers"

    def ready(self):
        from accounts.actions import KINDS
        from accounts.administration import link
        from cells import dependants
        from cells.exchange.planning import register
        from cells.exchange.removing import call
        from speakers.models import SpeakerAppointment
        from speakers.restructured import SpeakersOfOrganisations
        from speakers.workbook import AppointmentsSheet

        dependants.register(SpeakersOfOrganisations())
        register(AppointmentsSheet())
        for model in self.get_models():
            call(model, KINDS[model._meta.label_lower])
        call(SpeakerAppointment, _("phân công báo cáo viên"))
        link(
            "speakers:levels",
            _("Các cấp báo cáo viên"),
            "diagram-3",
            _("Mỗi cấp có từ ngày nào, đến ngày nào: huyện đến 30/6/2025, xã từ 01/7/2025."),
        )
        post_migrate.connect(seed_after_migrating, sender=self)


def seed_after_migrating(apps=current_apps, **_details):
    """After each migration, and after the flush of a test: the levels begin the same everywhere."""
    from speakers import level_seeds

    if "levelspan" in apps.all_models["speakers"]:
        level_seeds.seed(apps)
