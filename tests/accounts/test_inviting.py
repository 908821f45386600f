import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts import deactivating, inviting
from accounts.models import AuditEntry, Invitation, User
from accounts.refusing import Refused
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "bảy con mèo vàng nằm phơi nắng"


@pytest.fixture
def quan():
    return UserFactory(username="quan", is_administrator=True)


@pytest.fixture
def an(quan):
    return inviting.new_account("Trần Bình An", actor=quan)


def test_an_invitation_works_once(quan, an):
    token = inviting.invite(an, actor=quan)

    inviting.accept(token, "antb", PASSWORD)

    an.refresh_from_db()
    assert (an.username, an.check_password(PASSWORD), an.is_invited) == ("antb", True, False)
    with pytest.raises(inviting.NotOpen):
        inviting.accept(token, "khac", PASSWORD)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "actor")) == [
        ("account.created", quan.pk),
        ("invitation.made", quan.pk),
        ("invitation.accepted", an.pk),
    ]


def test_only_its_digest_is_kept(quan, an):
    token = inviting.invite(an, actor=quan)

    kept = [*Invitation.objects.values(), *AuditEntry.objects.values(), *User.objects.values()]
    assert token not in str(kept)


def test_nobody_logs_in_before_accepting(client, quan, an):
    inviting.invite(an, actor=quan)

    for password in ("", "!", an.password):
        assert not client.login(username=an.username, password=password)


def test_what_was_renewed_revoked_or_is_too_old_opens_nothing(quan, an):
    renewed = inviting.invite(an, actor=quan)
    revoked = inviting.invite(an, actor=quan)
    inviting.revoke(an, actor=quan)
    old = inviting.invite(an, actor=quan)

    for token, day in ((renewed, 0), (revoked, 0), (old, 8), ("", 0), ("x", 0)):
        with time_machine.travel(timezone.now() + dt.timedelta(days=day)), pytest.raises(inviting.NotOpen):
            inviting.opened(token)
    assert inviting.opened(old).user == an


def test_a_shut_account_is_not_entered_by_its_invitation(quan, an):
    token = inviting.invite(an, actor=quan)
    deactivating.deactivate(an, actor=quan)

    with pytest.raises(inviting.NotOpen):
        inviting.accept(token, "antb", PASSWORD)


def test_whoever_has_a_password_is_not_invited_again(quan):
    lan = UserFactory(username="lan")
    lan.set_password(PASSWORD)
    lan.save()

    with pytest.raises(Refused, match="đã có tên đăng nhập"):
        inviting.invite(lan, actor=quan)


def test_the_name_offered_is_the_given_name_with_initials(an):
    assert inviting.suggested_username("Nguyễn Thị Đào") == "daont"
    UserFactory(username="daont")
    assert inviting.suggested_username("Nguyễn Thị Đào") == "daont2"
    assert inviting.suggested_username("Ô") == ""


def test_the_last_administrator_stays(quan):
    for change in (deactivating.deactivate, deactivating.end_administrator):
        with pytest.raises(Refused):
            change(quan, actor=quan)

    invited = inviting.new_account("Người chưa vào", actor=quan)
    deactivating.make_administrator(invited, actor=quan)
    with pytest.raises(Refused, match="cuối cùng"):
        deactivating.end_administrator(quan, actor=quan)  # who cannot log in yet does not count

    second = UserFactory(username="hai", password="x")
    deactivating.make_administrator(second, actor=quan)
    deactivating.end_administrator(quan, actor=quan)

    quan.refresh_from_db()
    assert not quan.is_administrator
    with pytest.raises(Refused):
        deactivating.deactivate(second, actor=quan)
