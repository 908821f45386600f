from django.urls import include, path

from cells.views import organisations as organisation_pages

app_name = "cells"

organisations = [
    path("", organisation_pages.organisation_list, name="organisations"),
    path("<uuid:public_id>/", organisation_pages.organisation, name="organisation"),
]

urlpatterns = [
    path("to-chuc/", include(organisations)),
]
