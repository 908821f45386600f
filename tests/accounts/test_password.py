import pytest

from accounts.models import AuditEntry
from tests.accounts.conftest import PASSWORD

NEW = "hoa phượng nở tháng năm"


def change(client, old=PASSWORD, new=NEW, again=NEW):
    return client.post("/mat-khau/", {"old_password": old, "new_password1": new, "new_password2": again})


def test_the_new_password_counts_and_other_places_are_logged_out(lan, client):
    elsewhere = type(client)()
    for place in (client, elsewhere):
        place.force_login(lan)

    response = change(client)

    lan.refresh_from_db()
    assert (response.status_code, response["Location"], lan.check_password(NEW)) == (302, "/mat-khau/", True)
    assert (client.get("/").status_code, elsewhere.get("/").status_code) == (200, 302)
    assert AuditEntry.objects.filter(action="password.changed", actor=lan).count() == 1


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"old": "sai"}, {"old_password": ["Mật khẩu hiện tại không đúng."]}),
        ({"again": "khác"}, {"new_password2": ["Hai lần nhập mật khẩu mới không giống nhau."]}),
        ({"new": "ngắn", "again": "ngắn"}, {"new_password1": ["Mật khẩu quá ngắn. Cần ít nhất 15 ký tự."]}),
        ({"new": "", "again": ""}, {"new_password1": ["Hãy điền mục này."], "new_password2": ["Hãy điền mục này."]}),
    ],
)
def test_mistakes_are_explained_in_vietnamese(lan, client, fields, errors):
    client.force_login(lan)

    assert change(client, **fields).context["form"].errors == errors


def test_a_summary_leads_to_the_field_and_the_field_names_its_error(lan, client):
    client.force_login(lan)

    text = change(client, old="sai").content.decode()

    assert '<a href="#id_old_password">Mật khẩu hiện tại: Mật khẩu hiện tại không đúng.</a>' in text
    assert 'aria-describedby="id_old_password_error"' in text
    assert '<div id="id_old_password_error" class="invalid-feedback">' in text
    assert text.count('aria-invalid="true"') == 1
