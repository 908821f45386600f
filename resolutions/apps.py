from django.apps import AppConfig


class ResolutionsConfig(AppConfig):
    name = "resolutions"

    def ready(self):
        from cells.exchange.planning import register
        from resolutions.workbook import ConferencesSheet, SitesSheet

        register(ConferencesSheet(), SitesSheet())
