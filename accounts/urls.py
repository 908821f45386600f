from django.urls import path

from accounts import administration, guide
from accounts.views import account, logging_in, passwords, resetting

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", logging_in.LogIn.as_view(), name="login"),
    path("dang-nhap/ma-mot-lan/", resetting.one_time_code, name="one_time_code"),
    path("dang-nhap/mat-khau-moi/", resetting.new_password, name="new_password"),
    path("dang-nhap/quen-mat-khau/", resetting.forgotten, name="forgotten"),
    path("dang-xuat/", logging_in.LogOut.as_view(), name="logout"),
    path("mat-khau/", passwords.ChangePassword.as_view(), name="password"),
    path("tai-khoan/", account.own, name="account"),
    path("tai-khoan/thu-dien-tu/", account.mail_address, name="mail_address"),
    path("tai-khoan/dang-nhap/ket-thuc/", account.end_log_in, name="end_log_in"),
    path("tai-khoan/dang-nhap/ket-thuc-khac/", account.end_other_log_ins, name="end_other_log_ins"),
    path("tai-khoan/con-lai/", account.log_in_ends, name="log_in_ends"),
    path("quan-tri/ma-mot-lan/", resetting.make_reset_code, name="make_reset_code"),
    path("quan-tri/lop-thu-hai/", resetting.second_factor_resets, name="second_factor_resets"),
    path("quan-tri/lop-thu-hai/xac-nhan/", resetting.confirm_second_factor_reset, name="confirm_second_factor_reset"),
    path("quan-tri/", administration.index, name="administration"),
    path("huong-dan/", guide.contents, name="guide"),
    path("huong-dan/<slug:task>/", guide.page, name="guide_page"),
]
