from django.apps import AppConfig


class CellsConfig(AppConfig):
    name = "cells"

    def ready(self):
        from cells.exchange.planning import register
        from cells.workbook import OrganisationsSheet, MembersSheet

        register(OrganisationsSheet(), MembersSheet())
