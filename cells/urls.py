from django.urls import include, path

from cells.views import numbers, trail
from cells.views import organisations as organisation_pages

app_name = "cells"

organisations = [
    path("", organisation_pages.organisation_list, name="organisations"),
    path("<uuid:public_id>/", organisation_pages.organisation, name="organisation"),
]

register = [
    path("", numbers.numbers, name="numbers"),
    path("xuat/", numbers.numbers_table, name="numbers_table"),
    path("lay-so/", numbers.take_number, name="take_number"),
    path("<uuid:public_id>/huy/", numbers.cancel_number, name="cancel_number"),
    path("nhiem-ky/", numbers.terms, name="terms"),
    path("nhiem-ky/them/", numbers.make_term, name="make_term"),
    path("nhiem-ky/<uuid:public_id>/", numbers.change_term, name="change_term"),
    path("nhiem-ky/<uuid:public_id>/so-giay/", numbers.continue_register, name="continue_register"),
]

urlpatterns = [
    path("so-van-ban/", include(register)),
    path("quan-tri/nhat-ky/", trail.audit, name="audit"),
    path("quan-tri/nhat-ky/xuat/", trail.audit_table, name="audit_table"),
    path("to-chuc/", include(organisations)),
]
