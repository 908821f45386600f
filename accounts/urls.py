from django.urls import path

from accounts import administration, views

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", views.LogIn.as_view(), name="login"),
    path("dang-xuat/", views.LogOut.as_view(), name="logout"),
    path("mat-khau/", views.ChangePassword.as_view(), name="password"),
    path("quan-tri/", administration.index, name="administration"),
]
