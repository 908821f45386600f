from django.urls import include, path

from reports import (
    health,
    views,
    views_comparing,
    views_dashboard,
    views_files,
    views_first_start,
    views_handing_over,
    views_laying,
    views_papers,
    views_propaganda,
    views_reports,
    views_rules,
    views_runs,
    views_standing,
    views_targets,
)
from reports.obligations import rule_views as obligation_rules
from reports.obligations import views as obligations_views

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
    path("<uuid:public_id>/dang-vien.xlsx", views_dashboard.members_table, name="members_table"),
    path("<uuid:public_id>/tuyen-truyen/", views_dashboard.speakers_page, name="speakers_behind"),
    path("<uuid:public_id>/tuyen-truyen.xlsx", views_dashboard.speakers_table, name="speakers_table"),
    path("<uuid:public_id>/hoi-nghi/", views_dashboard.conferences_page, name="conferences_behind"),
    path("<uuid:public_id>/hoi-nghi.xlsx", views_dashboard.conferences_table, name="conferences_table"),
    path("<uuid:public_id>/den-bao-han/", views_standing.lights, name="lights"),
    path("<uuid:public_id>/den-bao-han.xlsx", views_standing.lights_table, name="lights_table"),
    path("<uuid:public_id>/thay-doi/", views_standing.changes, name="changes"),
    path("<uuid:public_id>/thay-doi.xlsx", views_standing.changes_table, name="changes_table"),
    path("<uuid:public_id>/tung-chi-bo/", views_comparing.heat_map, name="heat_map"),
    path("<uuid:public_id>/tung-chi-bo.xlsx", views_comparing.heat_map_table, name="heat_map_table"),
    path("<uuid:public_id>/so-sanh/", views_comparing.comparison, name="comparison"),
    path("<uuid:public_id>/so-sanh.xlsx", views_comparing.comparison_table, name="comparison_table"),
    path("<uuid:public_id>/nam-truoc/", views_comparing.year_before, name="year_before"),
    path("<uuid:public_id>/nam-truoc.xlsx", views_comparing.year_before_table, name="year_before_table"),
    path("<uuid:public_id>/tuyen-giao/", views_propaganda.propaganda, name="propaganda"),
    path("<uuid:public_id>/de-cuong/", views_propaganda.outlines_page, name="outlines_behind"),
    path("<uuid:public_id>/de-cuong.xlsx", views_propaganda.outlines_table, name="outlines_table"),
    path("<uuid:public_id>/chi-tieu/", views_targets.targets, name="targets"),
    path("<uuid:public_id>/chi-tieu.xlsx", views_targets.targets_table, name="targets_table"),
    path("<uuid:public_id>/chi-tieu/dat/", views_targets.new_target, name="new_target"),
    path("chi-tieu/<uuid:public_id>/sua/", views_targets.change_target, name="change_target"),
    path("chi-tieu/<uuid:public_id>/bo/", views_targets.remove_target, name="remove_target"),
    path("<uuid:public_id>/to-chuc/", views_dashboard.organisations_page, name="organisations_behind"),
    path("<uuid:public_id>/to-chuc.xlsx", views_dashboard.organisations_table, name="organisations_table"),
]

reports = [
    path("", views_reports.report_list, name="list"),
    path("lap/", views_reports.request_page, name="request"),
    path("lap/hoi-nghi/", views_reports.request_about_conference, name="request_about_conference"),
    path("dot/", views_runs.run_list, name="runs"),
    path("dot/chuan-bi/", views_runs.begin_run, name="begin_run"),
    path("dot/<uuid:public_id>/", views_runs.run_page, name="run"),
    path("dot/<uuid:public_id>/tien-do/", views_runs.run_state, name="run_state"),
    path("dot/<uuid:public_id>/thu-lai/", views_runs.retry_run, name="retry_run"),
    path("tap/", views_runs.bundle_page, name="bundle"),
    path("tap/bao-cao.pdf", views_runs.bundle_pdf, name="bundle_pdf"),
    path("tap/bao-cao.zip", views_runs.bundle_zip, name="bundle_zip"),
    path("<uuid:public_id>/", views_reports.report_page, name="detail"),
    path("<uuid:public_id>/trang-thai/", views_reports.report_state, name="state"),
    path("<uuid:public_id>/tai-ve/", views_reports.download, name="download"),
    path("<uuid:public_id>/thu-lai/", views_reports.try_again, name="retry"),
    path("<uuid:public_id>/lap-ban-moi/", views_reports.make_anew, name="make_anew"),
    path("<uuid:public_id>/noi-dung/", views_papers.preview, name="preview"),
    path("<uuid:public_id>/so-lieu/<slug:name>/", views_papers.figure_page, name="figure"),
    path("<uuid:public_id>/ghi/", views_papers.write, name="write"),
    path("<uuid:public_id>/ghi/luu/", views_papers.save_draft, name="save_texts"),
    path("<uuid:public_id>/ghi/da-luu/", views_papers.saved_texts, name="saved_texts"),
    path("<uuid:public_id>/ghi/cac-lan/", views_papers.wordings, name="wordings"),
    path("lan-ghi/<uuid:public_id>/dung-lai/", views_papers.take_wording, name="take_wording"),
    path("<uuid:public_id>/trinh/", views_papers.submit, name="submit"),
    path("<uuid:public_id>/lay-lai/", views_papers.take_back, name="take_back"),
    path("<uuid:public_id>/ky/", views_papers.sign, name="sign"),
    path("<uuid:public_id>/gui/", views_papers.send, name="send"),
    path("<uuid:public_id>/tiep-nhan/", views_papers.receive, name="receive"),
    path("<uuid:public_id>/tra-lai/", views_papers.send_back, name="send_back"),
    path("<uuid:public_id>/ban-chap-hanh/", views_laying.lay, name="lay"),
    path("<uuid:public_id>/ban-chap-hanh/bo/", views_laying.take_back, name="take_back_laying"),
    path("<uuid:public_id>/bao-cao.docx", views_files.word_file, name="word"),
    path("<uuid:public_id>/bao-cao.xlsx", views_files.spreadsheet, name="spreadsheet"),
    path("<uuid:public_id>/ban-ky/", views_files.add_scan, name="add_scan"),
    path("ban-ky/<uuid:public_id>/", views_files.download_scan, name="scan"),
    path("ban-ky/<uuid:public_id>/duyet/", views_files.release_scan, name="release_scan"),
    path("ban-ky/<uuid:public_id>/go/", views_files.remove_scan, name="remove_scan"),
]

hand_over = [
    path("<uuid:public_id>/so-ban-giao.xlsx", views_handing_over.workbook, name="hand_over_workbook"),
    path("<uuid:public_id>/so-ban-giao.pdf", views_handing_over.pdf, name="hand_over_pdf"),
]

first_start = [
    path("", views_first_start.guide, name="first_start"),
    path("nguoi-quan-tri/", views_first_start.own_administrator, name="first_administrator"),
    path("to-chuc/", views_first_start.own_organisation, name="first_organisation"),
    path("chi-bo/", views_first_start.cells, name="first_cells"),
    path("chi-bo/bo/", views_first_start.take_back_cells, name="take_back_first_cells"),
    path("xoa-mau/", views_first_start.remove_sample, name="remove_sample"),
]

obligations = [
    path("", obligations_views.due, name="due"),
    path("quy-dinh/", obligation_rules.rules, name="obligation_rules"),
    path("quy-dinh/moi/", obligation_rules.new_rule, name="new_obligation_rule"),
    path("quy-dinh/<uuid:public_id>/", obligation_rules.change_rule, name="change_obligation_rule"),
    path("quy-dinh/<uuid:public_id>/ket-thuc/", obligation_rules.end_rule, name="end_obligation_rule"),
    path("nhac-viec/", obligations_views.reminders, name="reminders"),
    path("<uuid:public_id>/", obligations_views.due_of, name="due_of"),
    path("<uuid:public_id>/viec.xlsx", obligations_views.due_table, name="due_table"),
    path("<uuid:public_id>/mien/<slug:owed>/", obligations_views.waive, name="waive"),
    path("lan-mien/<uuid:public_id>/thoi/", obligations_views.take_back_waiver, name="take_back_waiver"),
]

rules = [
    path("", views_rules.report_rules, name="rules"),
    path("the-thuc/", views_rules.new_layout, name="new_layout"),
    path("noi-nhan/", views_rules.new_route, name="new_route"),
]

urlpatterns = [
    path("quan-tri/bao-cao/", include(rules)),
    path("bat-dau/", include(first_start)),
    path("to-chuc/", include(hand_over)),
    path("", views.home, name="home"),
    path("viec-den-han/", include(obligations)),
    path("theo-doi/", include(figures)),
    path("bao-cao/", include(reports)),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
