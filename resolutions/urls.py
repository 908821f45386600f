from django.urls import path

from resolutions.views import conferences, documents, handovers, outlines, receipts

app_name = "resolutions"
urlpatterns = [
    path("", documents.document_list, name="list"),
    path("them/", documents.add, name="add"),
    path("<uuid:public_id>/", documents.document_page, name="document"),
    path("<uuid:public_id>/sua/", documents.amend, name="amend"),
    path("<uuid:public_id>/rut/", documents.withdraw, name="withdraw"),
    path("<uuid:public_id>/de-cuong-moi/", outlines.add_outline, name="add_outline"),
    path("cho-duyet/", outlines.waiting, name="waiting"),
    path("de-cuong/<uuid:public_id>/", outlines.download, name="download"),
    path("de-cuong/<uuid:public_id>/ban-moi/", outlines.new_edition, name="new_edition"),
    path("de-cuong/<uuid:public_id>/go/", outlines.withdraw, name="withdraw_outline"),
    path("de-cuong/<uuid:public_id>/duyet/", outlines.review, name="review"),
    path("de-cuong/<uuid:public_id>/duyet/tep/", outlines.review_file, name="review_file"),
    path("de-cuong/<uuid:public_id>/duyet/dong-y/", outlines.release, name="release"),
    path("de-cuong/<uuid:public_id>/duyet/bo/", outlines.refuse, name="refuse"),
    path("de-cuong/<uuid:public_id>/da-nhan/", receipts.receive, name="receive"),
    path("de-cuong/<uuid:public_id>/noi-nhan/", receipts.receipts, name="receipts"),
    path("de-cuong/<uuid:public_id>/noi-nhan/bang/", receipts.receipts_table, name="receipts_table"),
    path("so-giao-nhan/", handovers.handovers, name="handovers"),
    path("so-giao-nhan/ghi/", handovers.enter, name="handover_enter"),
    path("so-giao-nhan/in/", handovers.handovers_print, name="handovers_print"),
    path("so-giao-nhan/bang/", handovers.handovers_table, name="handovers_table"),
    path("so-giao-nhan/<uuid:public_id>/tra/", handovers.handover_returned, name="handover_returned"),
    path("so-giao-nhan/<uuid:public_id>/huy/", handovers.handover_cancel, name="handover_cancel"),
    path("hoi-nghi/", conferences.conference_list, name="conference_list"),
    path("hoi-nghi/<uuid:public_id>/", conferences.conference_page, name="conference"),
]
