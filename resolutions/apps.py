from django.apps import AppConfig


class ResolutionsConfig(AppConfig):
    name = "resolutions"

    def ready(self):
        from cells import dependants
        from cells.exchange.planning import register
        from resolutions.restructured import Conferences
        from resolutions.workbook import ConferencesSheet, SitesSheet

        dependants.register(Conferences())
        register(ConferencesSheet(), SitesSheet())
