"""Every role posts to every form about accounts, its own account included: nobody climbs (reliability.md, check 12)."""

import datetime as dt
import re
import uuid

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse
from django.utils import timezone

from accounts import inviting
from accounts.models import AuditEntry, User
from cells.models import Person, Post
from cells.reach import reach_of
from tests.factories import PersonFactory, PostFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ABOUT_AN_ACCOUNT = ("account_post", "account_tie", "account_invite", "make_administrator", "account_reactivate")
SHUTTING = ("account_deactivate", "account_revoke", "end_administrator")


def sent(client, name, public_id, **fields):
    address = reverse(f"cells:{name}", args=[public_id] if public_id else [])
    return client.post(address, {"form_key": str(uuid.uuid4()), **fields})


def rights() -> dict[str, tuple]:
    return {
        user.username: (user.is_administrator, user.is_active, reach_of(user).places) for user in User.objects.all()
    }


@pytest.mark.parametrize("name", ["lan", "hoa", "minh", "binh", "thu", "mai", "son", "quan"])
def test_nobody_raises_their_own_account(name, cast, client):
    user = getattr(cast, name)
    before = rights()[name]
    client.force_login(user)
    own = {"who": f"user-{user.public_id}", "first_day": f"{timezone.localdate():%d/%m/%Y}", "code": "DV-NAM"}

    for form in ABOUT_AN_ACCOUNT:
        sent(client, form, user.public_id, **own, organisation="1.1.1", role="secretary")
    for place in (cast.cell, cast.branch, cast.committee, cast.foreign):
        for role in ("secretary", "committee", "board"):
            sent(client, "post_give", place.public_id, **own, role=role)
        sent(client, "hand_over", place.public_id, **own, day=own["first_day"])
    sent(client, "new_account", None, full_name="X", organisation="1.1.1", role="secretary", **own)

    assert rights()[name] == before


@pytest.mark.parametrize("name", ["lan", "hoa", "binh", "thu", "mai", "minh"])
def test_only_administrators_change_accounts(name, cast, client):
    client.force_login(getattr(cast, name))
    before = rights()

    for user in (cast.quan, cast.nam):
        for form in (*ABOUT_AN_ACCOUNT, *SHUTTING):
            assert sent(client, form, user.public_id, role="board", organisation="1").status_code == 403

    assert rights() == before


def test_the_last_administrator_is_told_why_the_form_was_refused(cast, client):
    client.force_login(cast.quan)

    for form in ("account_deactivate", "end_administrator"):
        sent(client, form, cast.quan.public_id)

    page = client.get(reverse("cells:account", args=[cast.quan.public_id])).content.decode()
    assert "Đây là người quản trị cuối cùng còn hoạt động." in page
    cast.quan.refresh_from_db()
    assert (cast.quan.is_active, cast.quan.is_administrator) == (True, True)


def test_who_is_shut_out_is_out_at_the_next_request(cast, client):
    client.force_login(cast.hoa)
    assert client.get("/mat-khau/").status_code == 200

    cast.hoa.is_active = False
    cast.hoa.save()

    assert client.get("/mat-khau/").status_code == 302


def test_a_new_link_for_an_account_of_higher_rights_is_not_for_the_committee_below(cast, client):
    """A link is a key: whoever makes one could choose the password of the invited."""
    invited = inviting.new_account("Trần Bình An", actor=cast.quan)
    post = PostFactory(user=invited, organisation=cast.cell, role="minute_taker")
    PostFactory(user=invited, organisation=cast.foreign, role="committee")
    client.force_login(cast.minh)

    sent(client, "post_invite", post.public_id)

    assert not invited.invitations.exists()


def test_somebody_on_the_roster_is_invited_and_tied_to_it(cast, client):
    person = Person.unscoped.create(code="DV-AN", full_name="Trần Bình An")
    person.memberships.create(cell=cast.cell, standing="official", first_day=timezone.localdate())
    client.force_login(cast.hoa)
    choice = {"who": f"person-{person.public_id}", "role": "minute_taker"}

    answer = sent(client, "post_give", cast.cell.public_id, first_day=f"{timezone.localdate():%d/%m/%Y}", **choice)

    person.refresh_from_db()
    assert answer.url == reverse("cells:invitation_made")
    assert list(Post.unscoped.filter(user=person.user).values_list("role", flat=True)) == ["minute_taker"]
    shown, again = client.get(answer.url).content.decode(), client.get(answer.url).content.decode()
    assert "chỉ hiện một lần ở đây" in shown
    assert "lập đường liên kết mới" in again
    told = AuditEntry.objects.filter(actor=cast.hoa).exclude(action="login.ok").order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        "account.created",
        "account.tied",
        "post.given",
        "invitation.made",
    ]


SEEN = re.compile(r'name="version" value="([^"]*)"')


def test_who_ends_a_post_or_ties_an_account_second_sees_what_the_first_did(cast, client):
    post, today = Post.unscoped.get(user=cast.lan), timezone.localdate()
    later, earlier = (f"{today + dt.timedelta(days=days):%d/%m/%Y}" for days in (9, 5))
    for code in ("DV-MOI", "DV-KHAC"):
        PersonFactory(code=code)
    client.force_login(cast.quan)

    for name, row, field, theirs, mine in (
        ("post_end", post, "last_day", later, earlier),
        ("account_tie", cast.minh, "code", "DV-MOI", "DV-KHAC"),
    ):
        opened = SEEN.findall(client.get(reverse(f"cells:{name}", args=[row.public_id])).content.decode())
        seen = {"version": "".join(opened)}
        assert sent(client, name, row.public_id, **seen, **{field: theirs}).status_code == 302
        refused = sent(client, name, row.public_id, **seen, **{field: mine})
        assert refused.status_code == 409
        assert [values for _label, *values in refused.context["versions"]] == [[mine, theirs]]
        assert f'value="{mine}"' in refused.content.decode()  # nothing typed is lost

        seen = {"version": SEEN.search(refused.content.decode())[1]}
        assert sent(client, name, row.public_id, **seen, **{field: mine}).status_code == 302

    post.refresh_from_db()
    assert (post.last_day, User.objects.get(pk=cast.minh.pk).person.code) == (today + dt.timedelta(days=5), "DV-KHAC")


def test_the_list_tells_who_has_a_second_factor_and_who_has_not(cast, client):
    TOTP.activate(cast.minh, "JBSWY3DPEHPK3PXP")
    Authenticator.objects.create(user=cast.lan, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(cast.quan)

    def listed(**asked):
        return {one.username for one in client.get(reverse("cells:accounts"), asked).context["page"]}

    assert listed(factor="yes") == {"minh"}
    assert listed(factor="no") == listed() - {"minh"}
    assert listed(factor="no", role="committee") == set()
