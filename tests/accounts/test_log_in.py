import unicodedata

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.contrib.auth.models import AnonymousUser

from accounts.models import AuditEntry, LoginAttempt, User
from tests.accounts.conftest import PASSWORD

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng. Mật khẩu phân biệt chữ hoa và chữ thường."


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", "actor", "object_id"))


def errors(response):
    return response.context["form"].non_field_errors()


def test_the_owner_comes_in_and_lands_on_the_home_page(lan, log_in):
    response = log_in()

    assert (response.status_code, response["Location"]) == (302, "/")
    assert actions() == [("login.ok", lan.pk, str(lan.pk))]
    assert LoginAttempt.objects.count() == 0


def test_the_way_back_is_kept_but_never_leads_elsewhere(lan, client):
    for wanted, given in [("/mat-khau/", "/mat-khau/"), ("https://example.org/", "/"), ("//example.org", "/")]:
        response = client.post("/dang-nhap/", {"username": "lan", "password": PASSWORD, "next": wanted})
        client.post("/dang-xuat/")

        assert response["Location"] == given


def test_a_name_is_found_in_any_case_and_any_unicode_form(log_in, db):
    User.objects.create_user("Nguyễn.Hòa", PASSWORD)

    for typed in ["Nguyễn.Hòa", unicodedata.normalize("NFD", "Nguyễn.Hòa"), "  nguyễn.hòa "]:
        assert log_in(typed).status_code == 302


def test_a_password_is_the_same_in_both_unicode_forms(log_in, db):
    User.objects.create_user("hoa", unicodedata.normalize("NFD", "lễ kết nạp đảng viên"))

    assert log_in("hoa", unicodedata.normalize("NFC", "lễ kết nạp đảng viên")).status_code == 302


def test_unknown_wrong_and_disabled_look_the_same(lan, log_in):
    User.objects.create_user("nam", PASSWORD, is_active=False)

    answers = [log_in("khong-ai"), log_in("lan", "sai"), log_in("nam")]

    assert [(answer.status_code, errors(answer)) for answer in answers] == [(200, [WRONG])] * 3


def test_a_failure_is_written_down_without_what_was_typed(lan, log_in):
    log_in("lan", "sai")
    log_in("mat-khau-go-nham-cho", "sai")

    entries = AuditEntry.objects.order_by("pk")

    assert [(entry.action, entry.object_id) for entry in entries] == [
        ("login.failed", str(lan.pk)),
        ("login.failed", ""),
    ]
    assert all(set(entry.detail) == {"account"} and "go-nham" not in str(entry.detail) for entry in entries)


def test_the_session_gets_a_new_id(lan, client, log_in):
    client.get("/dang-nhap/")
    session = client.session
    session["canary"] = 1
    session.save()
    before = session.session_key
    client.cookies["session"] = before

    log_in()

    assert client.cookies["session"].value != before


def test_logging_out_takes_a_post_and_empties_the_browser(lan, client, log_in):
    log_in()
    old = client.cookies["session"].value

    assert client.get("/dang-xuat/").status_code == 405
    response = client.post("/dang-xuat/")

    assert (response.status_code, response["Location"]) == (302, "/dang-nhap/")
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert [action for action, *_ in actions()] == ["login.ok", "logout"]
    client.cookies["session"] = old
    assert client.get("/")["Location"] == "/dang-nhap/?next=%2F&expired=1"


def test_logging_out_twice_is_no_mistake(lan, client):
    client.force_login(lan)

    answers = [client.post("/dang-xuat/") for _ in range(2)]

    assert [answer["Location"] for answer in answers] == ["/dang-nhap/"] * 2


def test_a_disabled_user_is_out_at_the_next_request(lan, client):
    client.force_login(lan)
    User.objects.filter(pk=lan.pk).update(is_active=False)

    assert client.get("/").status_code == 302


def test_what_was_posted_after_the_end_is_said_to_be_unsaved(lan, client):
    client.cookies["session"] = "ended"

    response = client.post("/mat-khau/", headers={"referer": "http://testserver/mat-khau/?a=1"})

    assert response["Location"] == "/dang-nhap/?next=%2Fmat-khau%2F%3Fa%3D1&expired=unsaved"
    assert "Thao tác vừa rồi chưa được lưu." in client.get(response["Location"]).content.decode()


def test_a_foreign_referer_is_no_way_back(client, db):
    response = client.post("/mat-khau/", headers={"referer": "https://example.org/x"})

    assert response["Location"] == "/dang-nhap/?next=%2F"


def test_htmx_is_sent_to_the_whole_log_in_page(client, db):
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/mat-khau/"}

    response = client.get("/", headers=headers)

    assert (response.status_code, response["HX-Redirect"]) == (200, "/dang-nhap/?next=%2Fmat-khau%2F")


@pytest.mark.parametrize("name", ["\x00", "lan\x00", "\u200b", "a" * 151, ""])
def test_odd_names_get_a_plain_answer(db, log_in, name):
    response = log_in(name, "x")

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["username"]
    assert response.context["user"] == AnonymousUser()


def test_passwords_are_kept_as_argon2(real_hashers, lan):
    assert identify_hasher(lan.password).algorithm == "argon2"
