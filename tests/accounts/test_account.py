"""One's own account: from where one is logged in, and how that ends."""

import datetime as dt

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.ending import device_words
from accounts.models import AuditEntry, User
from tests.accounts.conftest import PASSWORD

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0.0.0 Safari/537.36"
PHONE = f"Mozilla/5.0 (Linux; Android 14; SM-A155F) {WEBKIT} Chrome/140.0 Mobile Safari/537.36"
TABLET = f"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {WEBKIT} Version/17.5 Safari/604.1"
START = dt.datetime(2026, 11, 5, 1, 0, tzinfo=dt.UTC)
ACCOUNT = "/tai-khoan/"


def come_in(agent, username="lan", address="203.0.113.7"):
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.post("/dang-nhap/", {"username": username, "password": PASSWORD})
    return client


def listed(client):
    return [(one.words, one.row.ip, one.is_this) for one in client.get(ACCOUNT).context["log_ins"]]


@pytest.mark.once
@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (WINDOWS, "Chrome, Windows"),
        (f"{WINDOWS} Edg/140.0.0.0", "Edge, Windows"),
        (PHONE, "Chrome, Android"),
        (TABLET, "Safari, iPad"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("curl/8.0", "Thiết bị không rõ"),
        ("", "Thiết bị không rõ"),
    ],
)
def test_devices_are_called_what_people_call_them(agent, words):
    assert device_words(agent) == words


def test_all_log_ins_are_listed_this_one_first(lan):
    desk = come_in(WINDOWS)
    phone = come_in(PHONE, address="198.51.100.2")

    assert listed(desk) == [("Chrome, Windows", "203.0.113.7", True), ("Chrome, Android", "198.51.100.2", False)]
    assert listed(phone)[0] == ("Chrome, Android", "198.51.100.2", True)


def test_one_of_them_is_ended_from_here(lan):
    desk, phone = come_in(WINDOWS), come_in(PHONE)
    other = next(one.row for one in desk.get(ACCOUNT).context["log_ins"] if not one.is_this)

    desk.post("/tai-khoan/dang-nhap/ket-thuc/", {"log_in": other.pk})

    assert [client.get(ACCOUNT).status_code for client in (desk, phone)] == [200, 302]
    assert AuditEntry.objects.filter(action="login.ended", actor=lan).count() == 1


def test_all_others_are_ended_at_once(lan):
    desk, *others = come_in(WINDOWS), come_in(PHONE), come_in(TABLET)

    desk.post("/tai-khoan/dang-nhap/ket-thuc-khac/")

    assert [client.get(ACCOUNT).status_code for client in (desk, *others)] == [200, 302, 302]
    assert [is_this for _, _, is_this in listed(desk)] == [True]


@pytest.mark.parametrize("value", ["", "x", "9" * 5000, "-1", "9223372036854775808"])
def test_what_is_no_log_in_of_mine_ends_nothing(lan, value):
    User.objects.create_user("nam", PASSWORD)
    desk, neighbour = come_in(WINDOWS), come_in(PHONE, "nam")
    foreign = UserSession.objects.get(user__username="nam")

    for wanted in (value, foreign.pk):
        assert desk.post("/tai-khoan/dang-nhap/ket-thuc/", {"log_in": wanted})["Location"] == ACCOUNT

    assert neighbour.get(ACCOUNT).status_code == 200


def test_after_a_change_of_password_this_log_in_alone_is_left(lan):
    desk, phone = come_in(WINDOWS), come_in(PHONE)
    new = "hoa phượng nở tháng năm"

    desk.post("/mat-khau/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert listed(desk) == [("Chrome, Windows", "203.0.113.7", True)]
    assert phone.get(ACCOUNT).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_alike_for_few_and_many(lan, count, django_assert_max_num_queries):
    desk, *_others = [come_in(WINDOWS) for _ in range(count)]

    with django_assert_max_num_queries(6 + 3 * count):  # allauth looks whether each still holds
        assert len(listed(desk)) == count


def test_how_long_a_log_in_still_lasts_is_told_without_prolonging_it(lan):
    with time_machine.travel(START, tick=False) as clock:
        client = come_in(WINDOWS)
        clock.shift(58 * 60)

        told = [client.get("/tai-khoan/con-lai/", headers={"x-poll": "1"}).json() for _ in range(2)]
        stayed = client.post("/tai-khoan/con-lai/").json()

    assert (told, stayed) == ([{"seconds": 120}] * 2, {"seconds": 3600})


def test_the_absolute_end_is_told_too(lan):
    with time_machine.travel(START, tick=False) as clock:
        client = come_in(WINDOWS)
        for _ in range(12):
            clock.shift(49 * 60)
            client.get(ACCOUNT)

        assert client.post("/tai-khoan/con-lai/").json() == {"seconds": 12 * 60}


# --- the address for mail ---

MAIL = "/tai-khoan/thu-dien-tu/"


def test_lan_writes_down_her_address_and_takes_it_away_again(lan):
    desk = come_in(WINDOWS)

    answer = desk.post(MAIL, {"email": "lan@thu.example", "password": PASSWORD}, follow=True)

    lan.refresh_from_db()
    assert (lan.email, "gửi tới <strong>lan@thu.example</strong>" in answer.content.decode()) == (
        "lan@thu.example",
        True,
    )
    desk.post(MAIL, {"email": "", "password": PASSWORD})
    lan.refresh_from_db()
    assert lan.email == ""


def test_the_next_person_at_the_desk_directs_no_mail_to_themselves(lan):
    answer = come_in(WINDOWS).post(MAIL, {"email": "nguoi.khac@thu.example", "password": "doan mo"})

    lan.refresh_from_db()
    assert (lan.email, answer.context["form"].errors.keys()) == ("", {"password"})
    assert "nguoi.khac@thu.example" in answer.content.decode()  # nothing typed is lost


def test_what_is_no_address_is_told_at_the_field(lan):
    answer = come_in(WINDOWS).post(MAIL, {"email": "lan.thu.example", "password": PASSWORD})

    assert answer.context["form"].errors.keys() == {"email"}


def test_the_trail_knows_of_the_change_and_not_the_address(lan):
    come_in(WINDOWS).post(MAIL, {"email": "lan@thu.example", "password": PASSWORD})

    entry = AuditEntry.objects.get(action="account.mail_changed")
    assert (entry.actor_id, "thu.example" in str(vars(entry))) == (lan.pk, False)
