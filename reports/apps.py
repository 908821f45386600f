from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self):
        from accounts.navigation import show_when
        from reports.access import READS_FIGURES, SEES_REPORTS

        show_when("reports:dashboard", lambda user: user.reach.holds(READS_FIGURES))
        show_when("reports:list", lambda user: user.reach.holds(SEES_REPORTS))
