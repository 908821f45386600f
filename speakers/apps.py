from django.apps import AppConfig


class SpeakersConfig(AppConfig):
    name = "speakers"

    def ready(self):
        from cells import dependants
        from cells.exchange.planning import register
        from speakers.restructured import SpeakersOfOrganisations
        from speakers.workbook import AppointmentsSheet

        dependants.register(SpeakersOfOrganisations())
        register(AppointmentsSheet())
