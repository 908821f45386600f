from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        from accounts import logging_in  # noqa: F401 - connects its receivers
        from accounts.administration import link
        from accounts.navigation import show_when

        show_when("accounts:administration", lambda user: user.is_administrator)
        link(
            "accounts:make_reset_code",
            _("Quên mật khẩu"),
            "key",
            _("Lập tờ giấy có mã một lần để một người tự đặt mật khẩu mới."),
        )
        link(
            "accounts:second_factor_resets",
            _("Mất điện thoại"),
            "unlock",
            _("Gỡ xác thực hai lớp của một người; hai người cùng làm."),
        )
