"""Long ones of anything, but none that others would try first (reliability.md, check 20)."""

import unicodedata

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts import passwords
from tests.factories import UserFactory


def refused(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {one.code for one in error.error_list}
    return set()


@pytest.mark.once
@pytest.mark.parametrize(
    "password",
    [
        "hoa phượng nở tháng năm",
        "correct horse battery staple",
        "mẹ đi chợ về muộn lắm",
        "🌾 lúa chín đầy đồng 🌾",
        "Xk3#9dPq!vLm7Rz",
        "quê hương mặt đất lành",  # `lành` is not Lan
        "x1" * 3 + "đường dài lắm nhé" * 7,
    ],
)
def test_any_signs_may_be_used(password):
    user = UserFactory.build(username="lan")

    assert refused(password, user) == set()
    assert refused(unicodedata.normalize("NFD", password)[:128], user) <= {"password_too_long"}


@pytest.mark.once
@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("mười bốn ký tự", "password_too_short"),
        ("đường xa lắm " * 10, "password_too_long"),
        ("Đảng viên gương mẫu 2026", "password_in_context"),
        ("dangvien123456789", "password_in_context"),
        ("chi-bo-cua-chung-toi", "password_in_context"),
        ("Chibo@2026@2026@", "password_in_context"),
        ("123456789012345", "password_too_common"),
        ("aaaaaaaaaaaaaaaa", "password_too_common"),
        ("abcdefghijklmnop", "password_too_common"),
        ("matkhau1234567890", "password_too_common"),
        ("Mật khẩu 1234567890", "password_too_common"),
        ("password1234567890", "password_too_common"),
        ("!!!iloveyou!!!!!2026", "password_too_common"),
        ("nguyen.lan.anh-2026", "password_in_context"),
        ("yêu lan mãi mãi nhé", "password_in_context"),
    ],
)
def test_what_others_try_first_is_refused(password, code):
    username = "nguyen.lan.anh" if "nguyen" in password else "lan"

    assert code in refused(password, UserFactory.build(username=username))


def test_with_a_second_factor_twelve_signs_are_enough(db):
    user = UserFactory()
    assert refused("mười hai chữ", user) == {"password_too_short"}

    TOTP.activate(user, generate_totp_secret())

    assert refused("mười hai chữ", user) == set()
    assert refused("mười một ch", user) == {"password_too_short"}


def test_names_of_own_organisations_are_refused(cast):
    assert refused("Đảng bộ khối mẫu muôn năm", cast.minh) >= {"password_in_context"}
    assert refused("khối mẫu của nhà máy dệt", cast.minh) == set()


def test_the_rules_are_said_before_anybody_types(lan, client):
    client.force_login(lan)

    page = client.get("/mat-khau/").content.decode()

    assert all(f"<li>{rule}</li>" in page for rule in passwords.rules(lan))
    assert "Từ 15 đến 128 ký tự" in page
    assert page.index("Từ 15 đến 128") < page.index('name="new_password1"')
