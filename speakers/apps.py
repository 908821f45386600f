from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpeakersConfig(AppConfig):
    name = "speakers"

    def ready(self):
        from accounts.actions import KINDS
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
