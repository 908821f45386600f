"""A forgotten password is mended by a code on paper, a lost phone by two persons."""

import datetime as dt
import io

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import resetting, tasks
from accounts.models import AuditEntry, LoginAttempt, ResetCode, SecondFactorReset, User
from cells.models import Role
from tests.accounts.conftest import PASSWORD
from tests.factories import PostFactory

NEW = "hoa phượng nở tháng năm"
ENTER, CHOOSE, MAKE = "/dang-nhap/ma-mot-lan/", "/dang-nhap/mat-khau-moi/", "/quan-tri/ma-mot-lan/"
LOST_PHONE, CONFIRM = "/quan-tri/lop-thu-hai/", "/quan-tri/lop-thu-hai/xac-nhan/"
NOT_GOOD = "Tên đăng nhập hoặc mã không đúng, hoặc mã đã dùng hay hết hạn."
NOT_YOURS = "Không có tài khoản này, hoặc đồng chí không giúp được tài khoản này."
KEY = "00000000-0000-4000-8000-%012d"


@pytest.fixture
def root(db):
    return User.objects.create_superuser("quan-tri", PASSWORD)


def enter(client, code, username="lan"):
    return client.post(ENTER, {"username": username, "code": code})


def choose(client, password=NEW):
    return client.post(CHOOSE, {"new_password1": password, "new_password2": password})


def test_the_paper_leads_to_a_new_password(lan, root, client):
    at_home = Client()
    at_home.force_login(lan)
    client.force_login(root)
    page = client.post(MAKE, {"username": "LAN"})
    code = page.context["code"]
    client.post("/dang-xuat/")

    assert (len(code), code.count("-"), code in page.content.decode()) == (14, 2, True)
    assert at_home.get("/mat-khau/").status_code == 200  # nothing has changed yet
    assert enter(client, code.lower().replace("-", " "))["Location"] == CHOOSE
    assert choose(client)["Location"] == "/dang-nhap/"
    assert at_home.get("/mat-khau/").status_code == 302
    assert client.post("/dang-nhap/", {"username": "lan", "password": NEW})["Location"] == "/"
    assert list(AuditEntry.objects.filter(action__startswith="password.").order_by("pk").values_list("action")) == [
        ("password.code_made",),
        ("password.reset",),
    ]


def test_without_any_administrator_the_server_s_console_makes_the_code(lan, client):
    said = io.StringIO()
    call_command("one_time_code", "LAN", stdout=said)
    code, way = said.getvalue().splitlines()

    assert way.endswith(" tại http://localhost:8000/dang-nhap/ma-mot-lan/")
    assert enter(client, code)["Location"] == CHOOSE
    assert AuditEntry.objects.filter(action="password.code_made", object_id=str(lan.pk)).count() == 1


def test_the_code_is_nowhere_kept_and_counts_once(lan, root, client):
    code, row = resetting.make_code(lan, actor=root)
    enter(client, code)
    choose(client)

    again = enter(client, code)

    assert code.replace("-", "").lower() not in row.digest
    assert again.context["form"].non_field_errors() == [NOT_GOOD]


def test_two_with_the_same_paper_are_one_too_many(lan, root, client):
    code, _row = resetting.make_code(lan, actor=root)
    other = Client()
    for browser in (client, other):
        enter(browser, code)
    choose(client)

    assert choose(other, "mùa xuân trên đỉnh núi cao")["Location"] == ENTER
    lan.refresh_from_db()
    assert lan.check_password(NEW)


@pytest.mark.parametrize(("hours", "is_good"), [(71, True), (73, False)])
def test_after_three_days_it_is_over(lan, root, client, hours, is_good):
    code, _row = resetting.make_code(lan, actor=root)

    with time_machine.travel(timezone.now() + dt.timedelta(hours=hours)):
        assert (enter(client, code).status_code == 302) is is_good


def test_a_newer_paper_makes_the_older_one_void(lan, root, client):
    old, _row = resetting.make_code(lan, actor=root)
    resetting.make_code(lan, actor=root)

    assert enter(client, old).status_code == 200
    assert ResetCode.objects.count() == 1


def test_unknown_wrong_and_disabled_look_the_same(lan, root, client):
    nam = User.objects.create_user("nam", PASSWORD, is_active=False)
    code, _row = resetting.make_code(nam, actor=root)

    answers = [enter(client, code, "khong-ai"), enter(client, "BCDF-GHJK-LMNP"), enter(client, code, "nam")]

    assert [(one.status_code, one.context["form"].errors) for one in answers] == [(200, {"__all__": [NOT_GOOD]})] * 3


def test_guessing_is_slowed_down(lan, root, client):
    code, _row = resetting.make_code(lan, actor=root)
    statuses = [enter(client, "BCDF-GHJK-LMNP").status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]
    assert enter(client, code).status_code == 429
    assert "Retry-After" in enter(client, code).headers


def test_nobody_chooses_a_password_without_a_code(lan, client):
    assert client.get(CHOOSE)["Location"] == ENTER
    assert choose(client)["Location"] == ENTER


def test_a_weak_password_leaves_the_code_good(lan, root, client):
    code, _row = resetting.make_code(lan, actor=root)
    enter(client, code)

    assert "new_password1" in choose(client, "chi bộ chúng tôi 2026").context["form"].errors
    assert choose(client)["Location"] == "/dang-nhap/"


def test_the_second_factor_stays(lan, root, client):
    TOTP.activate(lan, generate_totp_secret())
    code, _row = resetting.make_code(lan, actor=root)
    enter(client, code)
    choose(client, "mười hai chữ")

    response = client.post("/dang-nhap/", {"username": "lan", "password": "mười hai chữ"})

    assert response["Location"] == "/dang-nhap/lop-thu-hai/"


# Who helps whom


@pytest.mark.parametrize(
    ("helper", "helped"),
    [("quan", "lan mai minh son"), ("minh", "lan hoa mai nam son"), ("binh", None), ("hoa", None), ("mai", None)],
)
def test_administrators_help_all_and_committees_those_below(cast, client, helper, helped):
    actor, others = getattr(cast, helper), ("lan", "hoa", "mai", "nam", "son", "minh", "quan", "thu")
    client.force_login(actor)

    if helped is None:
        assert [client.post(MAKE, {"username": name}).status_code for name in others] == [403] * len(others)
        return
    made = [name for name in others if client.post(MAKE, {"username": name}).context.get("code")]
    assert set(helped.split()) <= set(made)
    assert {"quan", helper}.isdisjoint(made)


def test_a_committee_does_not_get_at_a_log_in_that_reaches_beyond_it(cast, client):
    PostFactory(user=cast.hoa, role=Role.SECRETARY, organisation=cast.foreign)
    client.force_login(cast.minh)

    for name in ("hoa", "thu", "khong-ai"):  # elsewhere too; at the committee itself; not at all
        response = client.post(MAKE, {"username": name})
        assert response.context["form"].errors == {"username": [NOT_YOURS]}


# A lost phone


@pytest.fixture
def lost(lan, root, client):
    """Lan has a second factor; the administrator has asked to take it away."""
    TOTP.activate(lan, generate_totp_secret())
    client.force_login(root)
    client.post(LOST_PHONE, {"username": "lan", "form_key": KEY % 1})
    return SecondFactorReset.objects.get()


def confirm(client, asked, number=2, **more):
    return client.post(CONFIRM, {"request": asked.pk, "form_key": KEY % number} | more)


def test_one_person_alone_takes_no_second_factor_away(lan, lost, client):
    confirm(client, lost)

    assert Authenticator.objects.filter(user=lan).exists()
    assert SecondFactorReset.objects.count() == 1


def test_two_persons_do(lan, lost):
    at_home, other = Client(), Client()
    at_home.force_login(lan)
    other.force_login(User.objects.create_superuser("thu-hai", PASSWORD))

    confirm(other, lost)

    assert not Authenticator.objects.filter(user=lan).exists()
    assert at_home.get("/mat-khau/").status_code == 302
    entry = AuditEntry.objects.get(action="second_factor.reset")
    assert (entry.actor.username, entry.detail) == ("thu-hai", {"asked_by": lost.asked_by_id})


def test_a_request_can_be_dropped(lan, lost, client):
    confirm(client, lost, drop="1")

    assert Authenticator.objects.filter(user=lan).exists()
    assert SecondFactorReset.objects.count() == 0


def test_requests_about_others_are_out_of_reach(cast, client):
    asked = SecondFactorReset.objects.create(user=cast.thu, asked_by=cast.quan)
    client.force_login(cast.minh)

    assert list(client.get(LOST_PHONE).context["waiting"]) == []
    confirm(client, asked)
    assert SecondFactorReset.objects.count() == 1


# By mail, where there is a mail server


@pytest.fixture
def mails(settings, monkeypatch):
    """The worker's part is done at once."""
    settings.SENDS_MAIL = True
    rung = []
    monkeypatch.setattr(tasks.send_reset_mail, "delay", lambda *args: rung.append(args) or tasks.send_reset_mail(*args))
    return rung


def test_without_a_mail_server_there_is_no_such_page(db, client):
    assert client.get("/dang-nhap/quen-mat-khau/").status_code == 404


def test_the_link_of_the_mail_leads_to_a_new_password(lan, mails, client):
    User.objects.filter(pk=lan.pk).update(email="lan@example.org")

    client.post("/dang-nhap/quen-mat-khau/", {"username": "lan"})
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http://testserver/"))
    form = client.get(link.removeprefix("http://testserver")).context["form"]

    assert mail.outbox[0].to == ["lan@example.org"]
    assert enter(client, form.initial["code"], form.initial["username"])["Location"] == CHOOSE


def test_whoever_is_named_the_answer_is_the_same(lan, mails, client):
    User.objects.filter(pk=lan.pk).update(email="lan@example.org")
    User.objects.create_user("nam", PASSWORD)

    answers = [client.post("/dang-nhap/quen-mat-khau/", {"username": name}) for name in ("lan", "nam", "khong-ai")]

    assert len({one.content for one in answers}) == 1
    assert [user for user, _ in mails] == [lan.pk, None, None]
    assert [one.to for one in mail.outbox] == [["lan@example.org"]]


def test_nobody_is_flooded_with_mails(lan, mails, client):
    User.objects.filter(pk=lan.pk).update(email="lan@example.org")

    statuses = [client.post("/dang-nhap/quen-mat-khau/", {"username": "lan"}).status_code for _ in range(5)]

    assert statuses == [200] * 3 + [429] * 2
    assert (len(mail.outbox), LoginAttempt.objects.count()) == (3, 3)
