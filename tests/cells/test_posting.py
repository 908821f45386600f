"""Who gives which post, to whom, and that nobody climbs by it (reliability.md, check 12)."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusing import Refused
from cells import handing_over
from cells.models import Post, Role
from cells.posting import end, give, giving, with_acting
from cells.reach import with_reach
from tests.factories import PostFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def phuong(cast):
    """A deputy of the cell."""
    user = UserFactory(username="phuong", full_name="Phương")
    PostFactory(user=user, organisation=cast.cell, role=Role.DEPUTY_SECRETARY)
    return user


def may_give(user, organisation) -> set[str]:
    return set(giving(with_reach(user).reach, organisation).roles)


def test_each_role_gives_what_is_theirs_to_give(cast, phuong):
    at_a_cell = {"minute_taker", "deputy_secretary", "secretary"}
    down_the_tree = {"board", "committee", "inspector"}

    assert may_give(cast.quan, cast.cell) == at_a_cell
    assert may_give(cast.quan, cast.committee) == down_the_tree
    assert may_give(cast.minh, cast.cell) == at_a_cell
    assert may_give(cast.minh, cast.branch) == down_the_tree
    assert may_give(cast.minh, cast.committee) == {"board", "inspector"}
    assert may_give(cast.minh, cast.foreign) == set()
    assert may_give(cast.hoa, cast.cell) == {"minute_taker", "secretary"}
    assert may_give(cast.hoa, cast.neighbour) == set()
    for nobody in (cast.lan, phuong, cast.binh, cast.thu, cast.mai, cast.son):
        assert may_give(nobody, cast.cell) == set()


def test_nobody_gives_a_post_to_themselves(cast, today):
    for user, place, role in (
        (cast.quan, cast.cell, Role.MINUTE_TAKER),
        (cast.quan, cast.committee, Role.COMMITTEE),
        (cast.minh, cast.committee, Role.BOARD),
        (cast.minh, cast.branch, Role.COMMITTEE),
        (cast.hoa, cast.cell, Role.MINUTE_TAKER),
    ):
        with pytest.raises(Refused, match="tự giao"):
            give(with_reach(user), place, role, today, None, actor=with_reach(user))
    assert not Post.unscoped.filter(first_day=today).exists()


def test_a_second_secretary_is_refused_and_a_deputy_acts_for_dated_days(cast, phuong, today):
    week = today + dt.timedelta(days=7)
    minh, hoa = with_reach(cast.minh), with_reach(cast.hoa)

    with pytest.raises(Refused, match="đang có bí thư"):
        give(phuong, cast.cell, Role.SECRETARY, today, None, actor=minh)
    with pytest.raises(Refused, match="Chỉ phó bí thư"):
        give(cast.mai, cast.cell, Role.SECRETARY, today, week, actor=minh)
    post = give(phuong, cast.cell, Role.SECRETARY, today, week, actor=hoa)

    assert with_acting(Post.unscoped.filter(pk=post.pk)).get().acts
    assert may_give(phuong, cast.cell) == {"minute_taker", "secretary"}  # acts in all but the post itself
    assert not handing_over.may_hand_over(with_reach(phuong), cast.cell)
    with pytest.raises(Refused, match="không bàn giao được"):
        handing_over.hand_over(cast.cell, cast.mai, week, actor=with_reach(phuong))


def test_who_acts_cannot_end_the_post_of_the_secretary(cast, phuong, today):
    give(phuong, cast.cell, Role.SECRETARY, today, today, actor=with_reach(cast.hoa))
    post = Post.unscoped.get(user=cast.hoa, role=Role.SECRETARY)

    with pytest.raises(Refused, match="không kết thúc được"):
        end(post, today, actor=with_reach(phuong))

    post.refresh_from_db()
    assert post.last_day is None


def test_a_post_ends_with_its_day_and_one_to_come_is_withdrawn(cast, today):
    minh = with_reach(cast.minh)
    running = Post.unscoped.get(user=cast.lan)
    coming = give(cast.mai, cast.cell, Role.MINUTE_TAKER, today + dt.timedelta(days=3), None, actor=minh)
    seen_by_another = Post.unscoped.get(pk=coming.pk)

    end(running, today, actor=minh)
    end(coming, today, actor=minh)
    with pytest.raises(Refused, match="vừa được rút lại"):
        end(seen_by_another, today, actor=minh)

    running.refresh_from_db()
    assert running.last_day == today
    assert not Post.unscoped.filter(pk=coming.pk).exists()
    told = AuditEntry.objects.filter(object_kind="cells.post").order_by("pk").values_list("action", flat=True)
    assert list(told) == ["post.given", "post.ended", "post.withdrawn"]


def test_the_post_of_a_secretary_goes_over_without_a_gap(cast, phuong, today):
    tomorrow = today + dt.timedelta(days=1)
    give(phuong, cast.cell, Role.SECRETARY, today, today + dt.timedelta(days=20), actor=with_reach(cast.hoa))

    handing_over.hand_over(cast.cell, cast.mai, tomorrow, actor=with_reach(cast.hoa))

    posts = Post.unscoped.filter(organisation=cast.cell, role=Role.SECRETARY).order_by("user__username")
    assert list(posts.values_list("user__username", "first_day", "last_day")) == [
        ("hoa", dt.date(2020, 1, 1), today),
        ("mai", tomorrow, None),
        ("phuong", today, today),
    ]


def test_a_hand_over_that_cannot_be_leaves_all_as_it_was(cast, today):
    before = list(Post.unscoped.values_list("pk", "last_day"))

    for actor, taker, day in (
        (cast.hoa, cast.hoa, today),  # to oneself
        (cast.nam, cast.nam, today),  # of another's cell
        (cast.lan, cast.mai, today),
        (cast.hoa, cast.mai, dt.date(2020, 1, 1)),  # before there was anything to hand over
    ):
        with pytest.raises(Refused):
            handing_over.hand_over(cast.cell, taker, day, actor=with_reach(actor))

    assert list(Post.unscoped.values_list("pk", "last_day")) == before
