from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        from accounts import logging_in  # noqa: F401 - connects its receivers
        from accounts.navigation import show_when

        show_when("accounts:administration", lambda user: user.is_administrator)
