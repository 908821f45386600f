from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self):
        from accounts.navigation import show_when
        from cells.jobs.kinds import register
        from reports import building
        from reports.access import READS_FIGURES, SEES_REPORTS
        from reports.models import Report

        show_when("reports:dashboard", lambda user: user.reach.holds(READS_FIGURES))
        show_when("reports:list", lambda user: user.reach.holds(SEES_REPORTS))
        register(Report, building.build)
