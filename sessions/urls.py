from django.urls import include, path

from sessions.views import agendas, closings, plans, records, roll_calls, rulings, showing, tasks, votes, yearly

app_name = "sessions"
session_pages = [
    path("", showing.session_list, name="list"),
    path("len-ke-hoach/", plans.plan, name="plan"),
    path("nhiem-vu/", tasks.task_list, name="tasks"),
    path("nhiem-vu/bang/", tasks.task_table, name="task_table"),
    path("nhiem-vu/<uuid:public_id>/", tasks.task, name="task"),
    path("nhiem-vu/<uuid:public_id>/sua/", tasks.change, name="change_task"),
    path("nhiem-vu/<uuid:public_id>/ket-qua/", tasks.tell, name="tell_task"),
    path("nhiem-vu/<uuid:public_id>/xoa/", tasks.remove, name="remove_task"),
    path("muc/<uuid:public_id>/", agendas.change_block, name="change_block"),
    path("muc/<uuid:public_id>/chuyen/", agendas.move_block, name="move_block"),
    path("muc/<uuid:public_id>/xoa/", agendas.remove_block, name="remove_block"),
    path("bieu-quyet/<uuid:public_id>/", votes.change, name="change_vote"),
    path("bieu-quyet/<uuid:public_id>/xoa/", votes.remove, name="remove_vote"),
    path("<uuid:public_id>/", showing.detail, name="detail"),
    path("<uuid:public_id>/sua/", plans.change, name="change_plan"),
    path("<uuid:public_id>/mo/", roll_calls.open_session, name="open"),
    path("<uuid:public_id>/diem-danh/", roll_calls.roll_call, name="roll_call"),
    path("<uuid:public_id>/diem-danh/luu/", roll_calls.save_draft, name="save_draft"),
    path("<uuid:public_id>/diem-danh/da-luu/", roll_calls.saved_marks, name="saved_marks"),
    path("<uuid:public_id>/ket-thuc/", closings.close, name="close"),
    path("<uuid:public_id>/hoan-tac/", closings.undo, name="undo"),
    path("<uuid:public_id>/mo-lai/", closings.reopen, name="reopen"),
    path("<uuid:public_id>/chuong-trinh/", agendas.agenda, name="agenda"),
    path("<uuid:public_id>/chuong-trinh/them/", agendas.add_block, name="add_block"),
    path("<uuid:public_id>/chuong-trinh/theo-mau/", agendas.lay_out_again, name="lay_out_again"),
    path("<uuid:public_id>/chuong-trinh/chep/", agendas.copy_last, name="copy_agenda"),
    path("<uuid:public_id>/chuong-trinh/lam-mau/", agendas.keep_as_template, name="keep_agenda"),
    path("<uuid:public_id>/ghi/", records.record, name="record"),
    path("<uuid:public_id>/ghi/luu/", records.save_draft, name="save_record"),
    path("<uuid:public_id>/ghi/da-luu/", records.saved, name="saved_record"),
    path("<uuid:public_id>/bieu-quyet/", votes.add, name="add_vote"),
    path("<uuid:public_id>/nhiem-vu/", tasks.give, name="give_task"),
]
rule_pages = [
    path("quan-tri/quy-dinh/", rulings.national_rules, name="national_rules"),
    path("quan-tri/quy-dinh/them/", rulings.new_national_rule, name="new_national_rule"),
    path("quan-tri/quy-dinh/ngay-nghi/", rulings.holidays, name="holidays"),
    path("quan-tri/quy-dinh/ngay-nghi/<uuid:public_id>/", rulings.change_holiday, name="change_holiday"),
    path("quan-tri/quy-dinh/ngay-nghi/<uuid:public_id>/bo/", rulings.remove_holiday, name="remove_holiday"),
    path("to-chuc/<uuid:public_id>/quy-dinh/", rulings.rules, name="rules"),
    path("to-chuc/<uuid:public_id>/quy-dinh/dat/", rulings.new_rule, name="new_rule"),
    path("quy-dinh/<uuid:public_id>/sua/", rulings.change_rule, name="change_rule"),
    path("quy-dinh/<uuid:public_id>/ket-thuc/", rulings.end_rule, name="end_rule"),
]
year_plan_pages = [
    path("", yearly.plans, name="year_plans"),
    path("chuyen-de/<uuid:public_id>/chuyen/", yearly.move_theme, name="move_theme"),
    path("<uuid:public_id>/<int:year>/", yearly.year_plan, name="year_plan"),
    path("<uuid:public_id>/<int:year>/sua/", yearly.edit, name="edit_year_plan"),
    path("<uuid:public_id>/<int:year>/chep/", yearly.copy, name="copy_year_plan"),
    path("<uuid:public_id>/<int:year>/dang-ky/", yearly.register, name="register_year_plan"),
    path("<uuid:public_id>/<int:year>/rut-lai/", yearly.withdraw, name="withdraw_year_plan"),
    path("<uuid:public_id>/<int:year>/chap-nhan/", yearly.accept, name="accept_year_plan"),
    path("<uuid:public_id>/<int:year>/tra-lai/", yearly.return_plan, name="return_year_plan"),
    path("<uuid:public_id>/<int:year>/in/", yearly.printed, name="print_year_plan"),
]
urlpatterns = [
    path("buoi-sinh-hoat/", include(session_pages)),
    path("ke-hoach/", include(year_plan_pages)),
    path("", include(rule_pages)),
]
