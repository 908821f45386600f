from django.urls import include, path

from reports import health, views, views_dashboard, views_first_start, views_handing_over, views_reports

app_name = "reports"

figures = [
    path("", views_dashboard.dashboard, name="dashboard"),
    path("<uuid:public_id>/", views_dashboard.dashboard_of, name="dashboard_of"),
    path("<uuid:public_id>/bang.xlsx", views_dashboard.children_table, name="children_table"),
    path("<uuid:public_id>/buoi-sinh-hoat/", views_dashboard.sessions_page, name="sessions_behind"),
    path("<uuid:public_id>/buoi-sinh-hoat.xlsx", views_dashboard.sessions_table, name="sessions_table"),
    path("<uuid:public_id>/phai-sinh-hoat/", views_dashboard.duties_page, name="duties_behind"),
    path("<uuid:public_id>/phai-sinh-hoat.xlsx", views_dashboard.duties_table, name="duties_table"),
    path("<uuid:public_id>/dang-vien/", views_dashboard.members_page, name="members_behind"),
    path("<uuid:public_id>/tuyen-truyen/", views_dashboard.speakers_page, name="speakers_behind"),
    path("<uuid:public_id>/tuyen-truyen.xlsx", views_dashboard.speakers_table, name="speakers_table"),
    path("<uuid:public_id>/to-chuc/", views_dashboard.organisations_page, name="organisations_behind"),
    path("<uuid:public_id>/to-chuc.xlsx", views_dashboard.organisations_table, name="organisations_table"),
]

reports = [
    path("", views_reports.report_list, name="list"),
    path("lap/", views_reports.request_page, name="request"),
    path("<uuid:public_id>/", views_reports.report_page, name="detail"),
    path("<uuid:public_id>/trang-thai/", views_reports.report_state, name="state"),
    path("<uuid:public_id>/tai-ve/", views_reports.download, name="download"),
    path("<uuid:public_id>/thu-lai/", views_reports.try_again, name="retry"),
    path("<uuid:public_id>/lap-ban-moi/", views_reports.make_anew, name="make_anew"),
]

hand_over = [
    path("<uuid:public_id>/so-ban-giao.xlsx", views_handing_over.workbook, name="hand_over_workbook"),
    path("<uuid:public_id>/so-ban-giao.pdf", views_handing_over.pdf, name="hand_over_pdf"),
]

first_start = [
    path("", views_first_start.guide, name="first_start"),
    path("to-chuc/", views_first_start.own_organisation, name="first_organisation"),
    path("chi-bo/", views_first_start.cells, name="first_cells"),
    path("chi-bo/bo/", views_first_start.take_back_cells, name="take_back_first_cells"),
    path("xoa-mau/", views_first_start.remove_sample, name="remove_sample"),
]

urlpatterns = [
    path("bat-dau/", include(first_start)),
    path("to-chuc/", include(hand_over)),
    path("", views.home, name="home"),
    path("theo-doi/", include(figures)),
    path("bao-cao/", include(reports)),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
