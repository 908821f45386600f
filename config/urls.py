from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("accounts.second_factor_urls")),
    path("", include("cells.urls")),
    path("", include("sessions.urls")),
    path("bao-cao-vien/", include("speakers.urls")),
    path("van-ban/", include("resolutions.urls")),
    path("", include("reports.urls")),
]

handler400 = "accounts.errors.bad_request"
handler403 = "accounts.errors.forbidden"
handler404 = "accounts.errors.not_found"
handler500 = "accounts.errors.server_error"
