"""Codes by phone and on paper: asked for after the password, good once, demanded of those who see much."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import call_command
from django.test import Client

from accounts import ending, second_factor
from accounts.models import AuditEntry, LoginAttempt, User
from tests.accounts.conftest import PASSWORD

ASKED, SET_UP = "/dang-nhap/lop-thu-hai/", "/tai-khoan/xac-thuc/"
WRONG = "Mã không đúng hoặc đã dùng rồi. Hãy nhập mã đang hiện trên điện thoại."


def code_now(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def secret(lan):
    secret = generate_totp_secret()
    TOTP.activate(lan, secret)
    return secret


def show(client, code):
    return client.post(ASKED, {"code": code})


def is_in(client):
    return client.get("/mat-khau/").status_code == 200


def test_the_password_alone_opens_nothing(secret, client, log_in):
    response = log_in()

    assert (response.status_code, response["Location"]) == (302, ASKED)
    assert not is_in(client)
    assert client.get(ASKED).status_code == 200


def test_the_code_of_the_phone_opens_what_was_asked_for(lan, secret, client):
    client.post("/dang-nhap/", {"username": "lan", "password": PASSWORD, "next": "/mat-khau/"})

    response = show(client, code_now(secret))

    assert (response.status_code, response["Location"], is_in(client)) == (302, "/mat-khau/", True)
    actions = list(
        AuditEntry.objects.filter(action__startswith="login.").order_by("pk").values_list("action", flat=True)
    )
    assert actions == ["login.second_factor", "login.ok"]
    assert LoginAttempt.objects.count() == 0


def test_a_code_counts_once_whoever_shows_it(secret, client, log_in):
    code = code_now(secret)
    log_in()
    show(client, code)

    answers = []
    for _ in range(3):
        thief = Client()
        thief.post("/dang-nhap/", {"username": "lan", "password": PASSWORD})
        answers.append((show(thief, code).context["form"].errors, is_in(thief)))

    assert answers == [({"code": [WRONG]}, False)] * 3


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clocks_may_differ_by_half_a_minute(secret, client, log_in, steps, fits):
    log_in()
    with time_machine.travel(time.time(), tick=False):
        show(client, code_now(secret, steps))

    assert is_in(client) is fits


def test_recovery_codes_work_once_each_as_printed(lan, secret, client, log_in):
    code = RecoveryCodes.activate(lan).get_unused_codes()[0]
    printed = f"{code[:4]} {code[4:]}"

    log_in()
    show(client, printed)
    assert is_in(client)
    client.post("/dang-xuat/")
    log_in()

    assert show(client, printed).context["form"].errors == {"code": [WRONG]}
    assert second_factor.codes_left(lan) == 9


def test_ten_wrong_codes_are_enough(secret, client, log_in):
    log_in()

    answers = [show(client, "000000") for _ in range(12)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert 0 < int(answers[-1]["Retry-After"]) <= 15 * 60
    assert show(client, code_now(secret)).status_code == 429


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "argon2$khac"}])
def test_what_changes_between_the_two_steps_ends_the_log_in(lan, secret, client, log_in, change):
    log_in()
    User.objects.filter(pk=lan.pk).update(**change)

    response = show(client, code_now(secret))

    assert (response["Location"], is_in(client)) == ("/dang-nhap/", False)


def test_nobody_comes_to_the_second_step_without_the_first(secret, client):
    assert show(client, code_now(secret))["Location"] == "/dang-nhap/"
    assert not is_in(client)


def test_a_stolen_database_does_not_hold_the_secrets(lan, secret):
    RecoveryCodes.activate(lan)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in stored
    assert second_factor.take(lan, code_now(secret))


def test_with_another_key_of_the_machine_no_code_fits_and_the_log_says_why(lan, secret, settings, caplog):
    settings.SECRET_KEY = "x" * 60

    assert second_factor.take(lan, code_now(secret)) is None
    assert "SECRET_KEY is not the one that locked it" in caplog.text


# Setting it up


def set_up(client):
    page = client.get(f"{SET_UP}ung-dung/")
    secret = client.session["mfa.totp.secret"]
    assert f'<p class="code-line">{" ".join(secret[i : i + 4] for i in range(0, 32, 4))}</p>' in page.content.decode()
    return client.post(f"{SET_UP}ung-dung/", {"code": code_now(secret)})


def test_setting_up_ends_other_log_ins_and_gives_recovery_codes(lan, client, log_in):
    elsewhere = Client()
    elsewhere.post("/dang-nhap/", {"username": "lan", "password": PASSWORD})
    log_in()

    response = set_up(client)

    assert response["Location"] == f"{SET_UP}du-phong/"
    assert (is_in(client), is_in(elsewhere)) == (True, False)
    assert client.get(response["Location"]).content.decode().count("<li>") >= 10
    added = AuditEntry.objects.filter(action="second_factor.added", actor=lan)
    assert sorted(entry.detail["kind"] for entry in added) == ["recovery_codes", "totp"]


def test_a_wrong_first_code_turns_nothing_on(lan, client, log_in):
    log_in()
    client.get(f"{SET_UP}ung-dung/")

    response = client.post(f"{SET_UP}ung-dung/", {"code": "000000"})

    assert response.context["form"].errors == {"code": ["Mã không đúng. Hãy nhập mã đang hiện trên ứng dụng."]}
    assert not second_factor.of(lan).exists()


def test_an_old_log_in_is_asked_for_the_password_first(lan, client, log_in):
    log_in()
    with time_machine.travel(time.time() + 11 * 60):
        response = client.get(f"{SET_UP}ung-dung/")
        address = response["Location"]
        wrong = client.post(address, {"password": "sai"})
        right = client.post(address, {"password": PASSWORD})

    assert address == f"/tai-khoan/xac-nhan/?next={SET_UP.replace('/', '%2F')}ung-dung%2F"
    assert wrong.context["form"].errors == {"password": ["Mật khẩu hiện tại không đúng."]}
    assert right["Location"] == f"{SET_UP}ung-dung/"


def test_guessing_the_password_at_an_open_computer_is_slowed_down(lan, client):
    client.force_login(lan)

    statuses = [client.post("/tai-khoan/xac-nhan/", {"password": "sai"}).status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]


# Demanded of some


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR = True


@pytest.mark.parametrize(
    ("name", "is_led"), [("quan", True), ("minh", True), ("binh", True), ("hoa", False), ("mai", False)]
)
def test_roles_that_see_much_are_led_to_set_it_up_and_nowhere_else(demanded, cast, client, name, is_led):
    client.force_login(getattr(cast, name))

    answers = [client.get(address) for address in ("/", "/tai-khoan/", "/van-ban/")]

    expected = [SET_UP] * 3 if is_led else [None] * 3
    assert [answer.headers.get("Location") for answer in answers] == expected
    assert client.get(SET_UP).status_code == 200


def test_pages_inside_pages_are_led_there_whole(demanded, cast, client):
    client.force_login(cast.minh)

    assert client.get("/", headers={"hx-request": "true"})["HX-Redirect"] == SET_UP


def test_with_it_the_way_is_free(demanded, cast, client):
    cast.minh.set_password(PASSWORD)
    cast.minh.save()
    client.post("/dang-nhap/", {"username": "minh", "password": PASSWORD})

    set_up(client)

    assert client.get("/").status_code == 200


def test_a_log_in_from_before_has_to_show_it(demanded, cast, client):
    client.force_login(cast.minh)
    TOTP.activate(cast.minh, generate_totp_secret())

    assert client.get("/")["Location"] == "/dang-nhap/"
    assert not is_in(client)


def test_whoever_must_have_it_cannot_turn_it_off(demanded, cast, client):
    cast.minh.set_password(PASSWORD)
    cast.minh.save()
    client.post("/dang-nhap/", {"username": "minh", "password": PASSWORD})
    set_up(client)

    response = client.post(f"{SET_UP}ung-dung/tat/")

    assert response.context["form"].non_field_errors() == [
        "Vai trò của đồng chí phải có xác thực hai lớp, nên không tắt được."
    ]
    assert second_factor.of(cast.minh).exists()


def test_others_may_turn_it_off_and_their_recovery_codes_go_with_it(lan, client, log_in):
    log_in()
    set_up(client)

    client.post(f"{SET_UP}ung-dung/tat/")

    assert not Authenticator.objects.filter(user=lan).exists()


def test_an_operator_takes_it_away_from_the_last_administrator(lan, secret, client, log_in, capsys):
    log_in()
    show(client, code_now(secret))

    call_command("remove_second_factor", "lan")

    assert not second_factor.of(lan).exists()
    assert (is_in(client), ending.end_all(lan)) == (False, 0)
    assert AuditEntry.objects.filter(action="second_factor.reset", object_id=str(lan.pk)).count() == 1


# Passkeys


@pytest.mark.parametrize(
    ("host", "is_https", "is_offered"),
    [("localhost:8000", False, True), ("127.0.0.1:8000", False, False), ("127.0.0.1", True, False)],
)
def test_passkeys_are_offered_where_browsers_keep_them(lan, client, host, is_https, is_offered):
    client.force_login(lan)

    page = client.get(SET_UP, headers={"host": host}, secure=is_https).content.decode()

    assert ("Thêm khóa truy cập</a>" in page) is is_offered
    assert ("Không thêm được ở địa chỉ này" in page) is not is_offered


@pytest.mark.parametrize(
    "credential", ["", "x", "{}", "[]", "null", '{"id": 1, "response": {}}', '"' + "x" * 5000 + '"']
)
def test_what_no_browser_sends_is_no_passkey(lan, client, log_in, credential):
    log_in()
    client.get(f"{SET_UP}khoa/", headers={"host": "localhost"})

    response = client.post(f"{SET_UP}khoa/", {"credential": credential}, headers={"host": "localhost"})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not second_factor.of(lan).exists()


def test_somebody_elses_passkey_is_not_removed(lan, client, log_in):
    other = User.objects.create_user("nam", PASSWORD)
    passkey = Authenticator.objects.create(user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "Máy"})
    log_in()

    client.post(f"{SET_UP}khoa/bo/", {"passkey": passkey.pk})

    assert Authenticator.objects.filter(pk=passkey.pk).exists()
