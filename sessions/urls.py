from django.urls import path

from sessions.views import closings, plans, roll_calls, showing

app_name = "sessions"
urlpatterns = [
    path("", showing.session_list, name="list"),
    path("len-ke-hoach/", plans.plan, name="plan"),
    path("<uuid:public_id>/", showing.detail, name="detail"),
    path("<uuid:public_id>/sua/", plans.change, name="change_plan"),
    path("<uuid:public_id>/mo/", roll_calls.open_session, name="open"),
    path("<uuid:public_id>/diem-danh/", roll_calls.roll_call, name="roll_call"),
    path("<uuid:public_id>/diem-danh/luu/", roll_calls.save_draft, name="save_draft"),
    path("<uuid:public_id>/diem-danh/da-luu/", roll_calls.saved_marks, name="saved_marks"),
    path("<uuid:public_id>/ket-thuc/", closings.close, name="close"),
    path("<uuid:public_id>/hoan-tac/", closings.undo, name="undo"),
    path("<uuid:public_id>/mo-lai/", closings.reopen, name="reopen"),
]
