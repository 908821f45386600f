from django.urls import path

from sessions.views import agendas, closings, plans, records, roll_calls, showing, tasks, votes

app_name = "sessions"
urlpatterns = [
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
