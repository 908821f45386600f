from django.urls import path

from accounts import administration
from accounts.views import logging_in, passwords

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", logging_in.LogIn.as_view(), name="login"),
    path("dang-xuat/", logging_in.LogOut.as_view(), name="logout"),
    path("mat-khau/", passwords.ChangePassword.as_view(), name="password"),
    path("quan-tri/", administration.index, name="administration"),
]
