from django.urls import path

from resolutions import views

app_name = "resolutions"
urlpatterns = [
    path("", views.document_list, name="list"),
    path("<uuid:public_id>/", views.document_page, name="document"),
    path("de-cuong/<uuid:public_id>/", views.download, name="download"),
    path("hoi-nghi/", views.conference_list, name="conference_list"),
    path("hoi-nghi/<uuid:public_id>/", views.conference_page, name="conference"),
]
