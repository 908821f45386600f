from django.apps import AppConfig


class SpeakersConfig(AppConfig):
    name = "speakers"

    def ready(self):
        from cells.exchange.planning import register
        from speakers.workbook import AppointmentsSheet

        register(AppointmentsSheet())
