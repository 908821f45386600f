import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher
from django.db import connection
from django.utils import timezone

from accounts import throttling
from accounts.addresses import client_address, neighbourhood
from accounts.models import AuditEntry, LoginAttempt, User
from tests.accounts.conftest import PASSWORD


@pytest.fixture
def hashes(monkeypatch, real_hashers):
    """Counts the passwords really looked at."""
    looked_at = []
    encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify
    monkeypatch.setattr(
        Argon2PasswordHasher, "encode", lambda self, *args: looked_at.append("encode") or encode(self, *args)
    )
    monkeypatch.setattr(
        Argon2PasswordHasher, "verify", lambda self, *args: looked_at.append("verify") or verify(self, *args)
    )
    return looked_at


def test_forty_guesses_at_one_account_cost_ten_hashes(hashes, lan, log_in):
    hashes.clear()  # without that of the user's own password
    statuses = [log_in(password=f"sai {number}").status_code for number in range(40)]

    assert statuses == [200] * 10 + [429] * 30
    assert len(hashes) == 10


def test_unknown_names_are_slowed_down_alike(db, log_in, hashes):
    statuses = [log_in("khong-ai", "sai").status_code for _ in range(12)]

    assert statuses == [200] * 10 + [429] * 2
    assert len(hashes) == 10


def test_a_spray_over_many_accounts_stops_at_fifty(db, log_in, hashes):
    statuses = [log_in(f"nguoi-{number}", "sai").status_code for number in range(60)]

    assert statuses == [200] * 50 + [429] * 10
    assert len(hashes) == 50


def test_the_owner_elsewhere_is_not_locked_out(lan, log_in):
    for number in range(12):
        log_in(password=f"sai {number}", REMOTE_ADDR="203.0.113.7")

    assert log_in(REMOTE_ADDR="203.0.113.7").status_code == 429
    assert log_in(REMOTE_ADDR="198.51.100.2").status_code == 302


def test_the_page_says_when_to_try_again(lan, log_in):
    with time_machine.travel(dt.datetime(2026, 11, 5, 2, 0, tzinfo=dt.UTC), tick=False) as clock:
        for number in range(10):
            log_in(password=f"sai {number}")
        clock.shift(60)

        response = log_in()

        expected = "Đã thử đăng nhập quá nhiều lần. Hãy thử lại sau 14 phút, vào lúc 09:15."
        assert response.context["form"].non_field_errors() == [expected]
        clock.shift(14 * 60 + 1)
        assert log_in().status_code == 302


def test_refused_attempts_do_not_prolong_the_wait(lan, log_in):
    for number in range(30):
        log_in(password=f"sai {number}")

    assert LoginAttempt.objects.count() == 10


def test_a_flood_of_guesses_leaves_one_entry_a_sender_and_no_name(lan, log_in):
    for address in ("203.0.113.7", "198.51.100.2"):
        for number in range(13):
            log_in(password=f"sai {number}", REMOTE_ADDR=address)

    found = AuditEntry.objects.filter(action="login.throttled").order_by("pk")
    assert list(found.values_list("address", "object_id", "detail")) == [
        (address, "", {"account": throttling.account_digest("lan"), "sender": address})
        for address in ("203.0.113.7", "198.51.100.2")
    ]


def test_success_forgets_the_slips_at_this_account_only(lan, log_in):
    log_in("nam", "sai")
    log_in(password="sai")

    log_in()

    assert list(LoginAttempt.objects.values_list("account", flat=True)) == [throttling.account_digest("nam")]


def test_spelling_of_the_name_does_not_start_a_new_count(db):
    assert throttling.account_digest(" LAN ") == throttling.account_digest("lan")
    assert "lan" not in throttling.account_digest("lan")


def test_old_attempts_are_cleared_away(db):
    with time_machine.travel(timezone.now() - dt.timedelta(minutes=16)):
        throttling.begin("lan", "203.0.113.7")

    throttling.begin("nam", "203.0.113.7")

    assert LoginAttempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_moment_all_count():
    def attempt(_):
        try:
            throttling.begin("lan", "203.0.113.7")
        except throttling.TooManyAttempts:
            return "refused"
        else:
            return "looked at"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(40)))

    assert outcomes.count("looked at") <= 10
    assert outcomes.count("looked at") + outcomes.count("refused") == 40


def test_one_home_is_one_sender():
    assert neighbourhood("2001:db8:1:2:aaaa::1") == neighbourhood("2001:db8:1:2:bbbb::9")
    assert neighbourhood("2001:db8:1:2::1") != neighbourhood("2001:db8:1:3::1")
    assert neighbourhood("203.0.113.7") == "203.0.113.7"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.2", "203.0.113.7"),
        (1, "198.51.100.2", "198.51.100.2"),
        (1, "6.6.6.6, 198.51.100.2", "198.51.100.2"),
        (2, "198.51.100.2", "203.0.113.7"),
        (1, "nonsense", "0.0.0.0"),
        (0, "", "203.0.113.7"),
    ],
)
def test_only_our_proxies_are_believed(rf, settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="203.0.113.7")

    assert client_address(request) == expected


@pytest.mark.usefixtures("real_hashers")
def test_an_old_hash_is_renewed_at_log_in(db, log_in):
    user = User.objects.create_user("hoa")
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
    user.save()

    log_in("hoa")

    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$")
