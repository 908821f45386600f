"""Hands the secretary's post of a cell over: the old post ends, the new one begins the day after, or neither."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Organisation, Post, Role
from cells.posting import described, giving, refuse_own, refuse_twin, with_acting


def secretaries(cell: Organisation, day: dt.date) -> list[Post]:
    """Who holds the post itself that day, not a deputy who acts; older data may name several."""
    posts = with_acting(Post.unscoped.filter(organisation=cell, role=Role.SECRETARY).on(day))
    return [post for post in posts.select_related("user").order_by("first_day", "pk") if not post.acts]


def may_hand_over(user: User, cell: Organisation) -> bool:
    """Who gives the post: the committee above, an administrator, and its holder; neither a deputy nor an acting one."""
    allowed = giving(user.reach, cell)
    if Role.SECRETARY not in allowed.roles:
        return False
    return not allowed.is_secretary or any(post.user_id == user.pk for post in secretaries(cell, user.reach.day))


@transaction.atomic
def hand_over(cell: Organisation, taker: User, day: dt.date, *, actor: User, request=None) -> Post:
    """Posts of the secretary that would run on `day` end on the day before; deputies' acting goes with them."""
    Organisation.unscoped.select_for_update().get(pk=cell.pk)
    if not may_hand_over(actor, cell):
        raise Refused(_("Đồng chí không bàn giao được chức bí thư của chi bộ này."))
    refuse_own(taker, actor)
    ending = Post.unscoped.select_for_update().filter(organisation=cell, role=Role.SECRETARY)
    for post in ending.overlapping(day, None):
        end_before(post, day, actor, request)
    refuse_twin(taker, cell, Role.SECRETARY, day, None)
    post = Post.unscoped.create(user=taker, organisation=cell, role=Role.SECRETARY, first_day=day)
    record("secretary.handed_over", actor=actor, target=post, detail=described(post), request=request)
    return post


def end_before(post: Post, day: dt.date, actor: User, request) -> None:
    if post.first_day >= day:
        raise Refused(
            _("%(name)s giữ chức bí thư từ ngày %(day)s; hãy chọn ngày bàn giao sau ngày đó.")
            % {"name": post.user, "day": f"{post.first_day:%d/%m/%Y}"}
        )
    before = described(post)
    post.last_day = day - dt.timedelta(days=1)
    post.save(update_fields=["last_day"])
    record("post.ended", actor=actor, target=post, detail={"before": before, "after": described(post)}, request=request)
