from django.apps import AppConfig


class CellsConfig(AppConfig):
    name = "cells"

    def ready(self):
        from accounts.idling import shorten_for
        from accounts.navigation import show_when
        from cells import checks  # noqa: F401 - registers itself
        from cells.exchange.planning import register
        from cells.reach import DOWN_THE_TREE
        from cells.workbook import MembersSheet, OrganisationsSheet

        register(OrganisationsSheet(), MembersSheet())
        show_when("cells:organisations", lambda user: bool(user.reach.places) or user.is_administrator)
        shorten_for(lambda user: user.reach.holds(DOWN_THE_TREE))
