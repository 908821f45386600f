from django.apps import AppConfig


class SessionsConfig(AppConfig):
    # Django's own log-in sessions hold the label "sessions".
    name = "sessions"
    label = "cell_sessions"

    def ready(self):
        from accounts.navigation import show_when
        from cells.exchange.planning import register
        from sessions.workbook import RollCallSheet, SessionsSheet

        register(SessionsSheet(), RollCallSheet())
        show_when("sessions:list", lambda user: bool(user.reach.places))
