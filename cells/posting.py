"""Gives posts and ends them. Posts give the roles, so here stands who may give which, and nobody to himself."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.access import is_below
from cells.dated import covering
from cells.models import CELL_KINDS, Organisation, OrganisationPeriod, Post, Role
from cells.reach import AT_THE_CELL, DOWN_THE_TREE, Reach

# A committee chooses its board and its inspectors; who sits in it, the level above decides.
OF_ITS_OWN = frozenset({Role.BOARD, Role.INSPECTOR})
# The secretary of a cell: who takes the minutes, and which deputy acts for some days.
OF_A_SECRETARY = frozenset({Role.MINUTE_TAKER, Role.SECRETARY})


@dataclass(frozen=True)
class Giving:
    """What somebody may give at one organisation: these roles, and the secretary's only as a deputy's for some days."""

    roles: frozenset[str]
    is_secretary: bool = False


NOTHING_TO_GIVE = Giving(frozenset())


def giving(reach: Reach, organisation: Organisation) -> Giving:
    fitting = roles_at(organisation, reach.day)
    if reach.is_administrator:
        return Giving(fitting)
    committees = reach.at((Role.COMMITTEE,))
    if is_below(organisation.pk, committees - {organisation.pk}, reach.day):
        return Giving(fitting)
    if organisation.pk in committees:
        return Giving(fitting & OF_ITS_OWN)
    if organisation.pk in reach.at((Role.SECRETARY,)):
        return Giving(fitting & OF_A_SECRETARY, is_secretary=True)
    return NOTHING_TO_GIVE


def roles_at(organisation: Organisation, day: dt.date) -> frozenset[str]:
    is_cell = is_cell_on(organisation, day)
    if is_cell is None:
        return frozenset()
    return AT_THE_CELL if is_cell else DOWN_THE_TREE


def is_cell_on(organisation: Organisation, day: dt.date) -> bool | None:
    """None when it is not in force that day."""
    kind = OrganisationPeriod.unscoped.on(day).filter(organisation=organisation).values_list("kind", flat=True).first()
    return None if kind is None else kind in CELL_KINDS


@transaction.atomic
def give(
    user: User,
    organisation: Organisation,
    role: str,
    first_day: dt.date,
    last_day: dt.date | None,
    *,
    actor: User,
    request=None,
) -> Post:
    # Under the lock of the organisation, so that two do not give the secretary's post at once.
    Organisation.unscoped.select_for_update().get(pk=organisation.pk)
    allowed = giving(actor.reach, organisation)
    if role not in allowed.roles:
        raise Refused(_("Đồng chí không giao được vai trò này ở tổ chức này."))
    refuse_own(user, actor)
    refuse_twin(user, organisation, role, first_day, last_day)
    if role == Role.SECRETARY:
        refuse_second_secretary(user, organisation, first_day, last_day, allowed)
    post = Post.unscoped.create(user=user, organisation=organisation, role=role, first_day=first_day, last_day=last_day)
    record("post.given", actor=actor, target=post, detail=described(post), request=request)
    return post


def refuse_own(user: User, actor: User) -> None:
    if user.pk == actor.pk:
        raise Refused(_("Không ai tự giao vai trò cho mình. Hãy nhờ cấp trên hoặc một người quản trị khác."))


def refuse_twin(user, organisation, role, first_day, last_day) -> None:
    same = Post.unscoped.filter(user=user, organisation=organisation, role=role)
    if same.overlapping(first_day, last_day).exists():
        raise Refused(_("Người này đã giữ vai trò ấy trong khoảng ngày này."))


def refuse_second_secretary(user, organisation, first_day, last_day, allowed: Giving) -> None:
    """One secretary at a time; beside them only a deputy who acts for dated days (architecture.md, roles)."""
    others = Post.unscoped.filter(organisation=organisation, role=Role.SECRETARY).overlapping(first_day, last_day)
    if not others.exists() and not allowed.is_secretary:
        return
    if last_day is None:
        raise Refused(
            _("Chi bộ đang có bí thư. Để thay hẳn, hãy dùng “Bàn giao bí thư”; để thay tạm, hãy ghi ngày hết.")
        )
    if not deputies(organisation, first_day, last_day).filter(user=user).exists():
        raise Refused(_("Chỉ phó bí thư của chi bộ được thay bí thư trong một thời gian."))


def deputies(organisation: Organisation, first_day: dt.date, last_day: dt.date):
    """Posts of deputies that hold all of these days."""
    posts = Post.unscoped.filter(organisation=organisation, role=Role.DEPUTY_SECRETARY)
    return posts.filter(covering(first_day)).filter(covering(last_day))


class EndedMeanwhile(Exception):
    """Another last day is stored than the one that was seen."""


def seen_as(post: Post) -> str:
    return str(post.last_day or "")


@transaction.atomic
def end(post: Post, last_day: dt.date, *, seen: str = "", actor: User, request=None) -> None:
    post = Post.unscoped.select_for_update().filter(pk=post.pk).first()
    if post is None:
        raise Refused(_("Vai trò này vừa được rút lại, không còn gì để kết thúc."))
    if not may_end(actor, post):
        raise Refused(_("Đồng chí không kết thúc được vai trò này."))
    if seen_as(post) != seen:
        raise EndedMeanwhile
    if post.last_day and post.last_day <= last_day:
        raise Refused(_("Vai trò này đã hết từ ngày %s.") % f"{post.last_day:%d/%m/%Y}")
    if last_day < post.first_day <= actor.reach.day:
        raise Refused(_("Ngày hết không thể trước ngày bắt đầu (%s).") % f"{post.first_day:%d/%m/%Y}")
    before = described(post)
    if last_day < post.first_day:
        record("post.withdrawn", actor=actor, target=post, detail=before, request=request)
        post.delete()
        return
    post.last_day = last_day
    post.save(update_fields=["last_day"])
    record("post.ended", actor=actor, target=post, detail={"before": before, "after": described(post)}, request=request)


def may_end(actor: User, post: Post) -> bool:
    with_role = with_acting(Post.unscoped.filter(pk=post.pk)).get()
    return is_endable(giving(actor.reach, post.organisation), with_role)


def is_endable(allowed: Giving, post: Post) -> bool:
    """By whoever may give it; a secretary ends the acting of a deputy, not their own or a coming secretary's post."""
    if post.role not in allowed.roles:
        return False
    return not allowed.is_secretary or post.role != Role.SECRETARY or post.acts


def with_acting(posts):
    """`acts`: the secretary's role of somebody who is a deputy there at its first day."""
    deputy = Post.unscoped.filter(
        covering(OuterRef("first_day")),
        user=OuterRef("user"),
        organisation=OuterRef("organisation"),
        role=Role.DEPUTY_SECRETARY,
    )
    return posts.annotate(acts=Q(role=Role.SECRETARY, last_day__isnull=False) & Exists(deputy))


def described(post: Post) -> dict:
    return {
        "user": str(post.user.public_id),
        "organisation": post.organisation.code,
        "role": post.role,
        "first_day": post.first_day,
        "last_day": post.last_day,
    }
