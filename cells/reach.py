"""What a user may do today, and where: loaded once per request, never stored in the cookie (architecture.md)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import CharField, Value
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from cells.dated import covering
from cells.models import Membership, Post, Role
from cells.succession import heirs_on, successor_pairs, with_predecessors

MEMBER = "member"
ADMINISTRATOR = "administrator"

AT_THE_CELL = frozenset({Role.MINUTE_TAKER, Role.DEPUTY_SECRETARY, Role.SECRETARY})
LEADING = frozenset({Role.DEPUTY_SECRETARY, Role.SECRETARY})
DOWN_THE_TREE = frozenset({Role.BOARD, Role.COMMITTEE, Role.INSPECTOR})
SEES_ROSTERS = frozenset({Role.COMMITTEE, Role.INSPECTOR})
ANYONE = "anyone"  # logged in, with or without a post


@dataclass(frozen=True)
class Reach:
    """The posts and memberships of one user on one day. Several act together."""

    day: dt.date
    places: tuple[tuple[str, int], ...]  # (role, organisation id)
    is_administrator: bool = False

    def at(self, roles: Iterable[str]) -> frozenset[int]:
        """Organisations where the user holds one of these roles."""
        wanted = set(roles)
        return frozenset(organisation for role, organisation in self.places if role in wanted)

    def holds(self, roles: Iterable[str]) -> bool:
        wanted = set(roles)
        if ANYONE in wanted or (self.is_administrator and ADMINISTRATOR in wanted):
            return True
        return any(role in wanted for role, _ in self.places)

    def own(self, roles: Iterable[str] = (MEMBER, *AT_THE_CELL)) -> frozenset[int]:
        """Own cells in these roles, with the predecessors whose records came to them."""
        return frozenset(with_predecessors(self.at(roles), self.successors)) if self.at(roles) else frozenset()

    def acts_at(self, roles: Iterable[str], organisation: int) -> bool:
        """Whether the user may act in one of these roles on what belongs to this organisation."""
        return organisation in self.at(roles) or organisation in self.own(roles)

    @cached_property
    def successors(self) -> dict[int, int]:
        """Who took over from whom: asked once, however many rules of a page look at it."""
        return successor_pairs()

    @cached_property
    def heirs(self) -> dict[int, int]:
        return heirs_on(self.day, self.successors)

    @cached_property
    def cells(self) -> frozenset[int]:
        return self.at((MEMBER, *AT_THE_CELL))

    @cached_property
    def tops(self) -> frozenset[int]:
        """Organisations from which the user looks down the tree, in any role."""
        return self.at(DOWN_THE_TREE)


NOWHERE = Reach(dt.date.min, ())


def reach_of(user, day: dt.date | None = None) -> Reach:
    """One query. Somebody who is not logged in, or was deactivated, reaches nothing."""
    if not user.is_authenticated or not user.is_active:
        return NOWHERE
    day = day or timezone.localdate()
    posts = Post.unscoped.filter(covering(day), user=user).values_list("role", "organisation_id")
    cells = Membership.unscoped.filter(covering(day), person__user=user).values_list(
        Value(MEMBER, output_field=CharField()), "cell_id"
    )
    return Reach(day, tuple(sorted(posts.union(cells))), user.is_administrator)


class LoadedOnce:
    """`request.user.reach`, asked of the database at the first use and not again."""

    def __init__(self, user):
        self.user = user

    def __getattr__(self, name):
        loaded = self.__dict__.get("loaded")
        if loaded is None:
            loaded = self.__dict__["loaded"] = reach_of(self.user)
        return getattr(loaded, name)


def with_reach(user):
    """The user, ready for `for_user`; also for work in the background and for tests."""
    user.reach = LoadedOnce(user)
    return user


def reach_middleware(get_response):
    def middleware(request):
        # Lazily: a page that asks nothing of its user costs no query.
        user = request.user
        request.user = SimpleLazyObject(lambda: with_reach(user))
        return get_response(request)

    return middleware
