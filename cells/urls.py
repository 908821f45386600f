from django.urls import include, path

from cells.views import accounts as account_pages
from cells.views import functions as function_pages
from cells.views import imports as import_pages
from cells.views import invitations as invitation_pages
from cells.views import numbers, people, person_data, reorganising, rosters, trail
from cells.views import organisations as organisation_pages
from cells.views import posts as post_pages

app_name = "cells"

organisations = [
    path("", organisation_pages.organisation_list, name="organisations"),
    path("<uuid:public_id>/", organisation_pages.organisation, name="organisation"),
    path("<uuid:public_id>/phan-cong/", post_pages.post_list, name="posts"),
    path("<uuid:public_id>/phan-cong/giao/", post_pages.give_post, name="post_give"),
    path("<uuid:public_id>/ban-giao/", post_pages.hand_over, name="hand_over"),
]

posts = [
    path("<uuid:public_id>/ket-thuc/", post_pages.end_post, name="post_end"),
    path("<uuid:public_id>/moi-lai/", post_pages.invite_holder, name="post_invite"),
]

invitations = [
    path("da-lap/", invitation_pages.made, name="invitation_made"),
    path("", invitation_pages.invitation, name="invitation"),
    path("<str:token>/", invitation_pages.open_link, name="invitation_open"),
]

accounts = [
    path("", account_pages.account_list, name="accounts"),
    path("moi/", account_pages.new_account, name="new_account"),
    path("<uuid:public_id>/", account_pages.account, name="account"),
    path("<uuid:public_id>/vai-tro/", account_pages.give_post, name="account_post"),
    path("<uuid:public_id>/dang-vien/", account_pages.tie, name="account_tie"),
    path("<uuid:public_id>/moi/", account_pages.invite, name="account_invite"),
    path("<uuid:public_id>/thu-hoi/", account_pages.revoke, name="account_revoke"),
    path("<uuid:public_id>/khoa/", account_pages.deactivate, name="account_deactivate"),
    path("<uuid:public_id>/mo-lai/", account_pages.reactivate, name="account_reactivate"),
    path("<uuid:public_id>/quan-tri/", account_pages.make_administrator, name="make_administrator"),
    path("<uuid:public_id>/thoi-quan-tri/", account_pages.end_administrator, name="end_administrator"),
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

members = [
    path("chi-bo/<uuid:public_id>/", rosters.roster, name="roster"),
    path("chi-bo/<uuid:public_id>/in/", rosters.roster_print, name="roster_print"),
    path("chi-bo/<uuid:public_id>/danh-sach.xlsx", rosters.roster_table, name="roster_table"),
    path("chi-bo/<uuid:public_id>/them/", rosters.add, name="add_member"),
    path("<uuid:public_id>/", people.person, name="person"),
    path("<uuid:public_id>/thong-tin/", people.amend, name="amend_person"),
    path("<uuid:public_id>/chuyen/", people.transfer, name="transfer"),
    path("<uuid:public_id>/tam-thoi/", people.send_away, name="send_away"),
    path("<uuid:public_id>/tro-ve/", people.bring_back, name="bring_back"),
    path("<uuid:public_id>/tinh-trang/", people.turn_to, name="turn_to"),
    path("<uuid:public_id>/chinh-thuc/", people.make_official, name="make_official"),
    path("<uuid:public_id>/roi/", people.leave, name="leave"),
    path("<uuid:public_id>/xac-nhan/", people.confirm_arrival, name="confirm_arrival"),
    path("<uuid:public_id>/sua-giai-doan/", people.correct, name="correct_span"),
    path("<uuid:public_id>/gop/", people.merge, name="merge_person"),
    path("<uuid:public_id>/hoan-tac/", people.undo_last, name="undo_roster"),
]

reorganisations = [
    path("", reorganising.reorganisation_list, name="reorganisations"),
    path("moi/", reorganising.begin, name="reorganise"),
    path("<uuid:public_id>/", reorganising.reorganisation, name="reorganisation"),
    path("<uuid:public_id>/chon/", reorganising.choose, name="reorganisation_choose"),
    path("<uuid:public_id>/noi-dung/", reorganising.fill, name="reorganisation_fill"),
    path("<uuid:public_id>/xem-truoc/", reorganising.preview, name="reorganisation_preview"),
    path("<uuid:public_id>/bo/", reorganising.discard, name="reorganisation_discard"),
    path("<uuid:public_id>/hoan-tac/", reorganising.take_back, name="reorganisation_take_back"),
]

functions = [
    path("<uuid:public_id>/co-quan/", function_pages.give, name="functions"),
    path("co-quan/<uuid:public_id>/", function_pages.change, name="function"),
]

imports = [
    path("", import_pages.import_list, name="imports"),
    path("tai-len/", import_pages.upload, name="import_upload"),
    path("mau/so-trao-doi.xlsx", import_pages.workbook_template, name="workbook_template"),
    path("mau/danh-sach-dang-vien.xlsx", import_pages.roster_template, name="roster_template"),
    path("<uuid:public_id>/", import_pages.import_page, name="import"),
    path("<uuid:public_id>/trang-thai/", import_pages.import_state, name="import_state"),
    path("<uuid:public_id>/dong-sai.xlsx", import_pages.wrong_rows, name="import_wrong_rows"),
    path("<uuid:public_id>/xac-nhan/", import_pages.confirm, name="import_confirm"),
    path("<uuid:public_id>/bo/", import_pages.drop, name="import_drop"),
    path("<uuid:public_id>/hoan-tac/", import_pages.undo, name="import_undo"),
    path("<uuid:public_id>/thu-lai/", import_pages.retry, name="import_retry"),
]

own_data = [
    path("", person_data.my_data, name="my_data"),
    path("tep/", person_data.my_data_file, name="my_data_file"),
]

personal_data = [
    path("", person_data.look, name="personal_data"),
    path("<uuid:public_id>/", person_data.personal_data_of, name="personal_data_of"),
    path("<uuid:public_id>/tep/", person_data.personal_data_file, name="personal_data_file"),
    path("<uuid:public_id>/sua/", person_data.correct, name="correct_personal_data"),
    path("<uuid:public_id>/an-danh/", person_data.anonymise, name="anonymise"),
]

urlpatterns = [
    path("tai-khoan/du-lieu-cua-toi/", include(own_data)),
    path("quan-tri/du-lieu-ca-nhan/", include(personal_data)),
    path("so-van-ban/", include(register)),
    path("quan-tri/nhat-ky/", trail.audit, name="audit"),
    path("quan-tri/nhat-ky/xuat/", trail.audit_table, name="audit_table"),
    path("nhap-du-lieu/", include(imports)),
    path("to-chuc/", include(functions)),
    path("to-chuc/sap-xep/", include(reorganisations)),
    path("to-chuc/", include(organisations)),
    path("phan-cong/", include(posts)),
    path("loi-moi/", include(invitations)),
    path("quan-tri/tai-khoan/", include(accounts)),
    path("dang-vien/", include(members)),
]
