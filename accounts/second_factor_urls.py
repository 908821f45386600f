"""The pages of allauth that we use, under the names by which allauth leads to them; the others are not routed."""

from django.urls import path

from accounts.views import logging_in, second_factor

urlpatterns = [
    path("dang-nhap/", logging_in.LogIn.as_view(), name="account_login"),
    path("dang-nhap/lop-thu-hai/", logging_in.SecondFactor.as_view(), name="mfa_authenticate"),
    path("tai-khoan/xac-nhan/", second_factor.Confirm.as_view(), name="account_reauthenticate"),
    path("tai-khoan/xac-thuc/", second_factor.overview, name="mfa_index"),
    path("tai-khoan/xac-thuc/ung-dung/", second_factor.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("tai-khoan/xac-thuc/ung-dung/tat/", second_factor.TurnOffApp.as_view(), name="mfa_deactivate_totp"),
    path("tai-khoan/xac-thuc/khoa/", second_factor.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("tai-khoan/xac-thuc/khoa/bo/", second_factor.remove_passkey, name="mfa_remove_webauthn"),
    path("tai-khoan/xac-thuc/du-phong/", second_factor.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "tai-khoan/xac-thuc/du-phong/moi/", second_factor.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"
    ),
]
