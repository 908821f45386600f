"""Finds the account behind a choice of a person, or makes one for whoever has none."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.inviting import invite, new_account
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Membership, Organisation, Person, Post
from cells.posting import giving, is_cell_on


def people(user, organisation: Organisation) -> list[tuple[str, str]]:
    """[(value, label)]: who holds or held a post there, then the roster as far as the user may see it.

    For its own board a committee chooses among all holders of posts below it.
    """
    posts = Post.objects.for_user(user)
    if user.reach.is_administrator or is_cell_on(organisation, user.reach.day):
        posts = posts.filter(organisation=organisation)
    holders = posts.values("user")
    accounts = User.objects.filter(pk__in=holders, is_active=True).exclude(pk=user.pk).order_by("sort_key", "pk")
    roster = on_roster(user, organisation).exclude(user__in=holders).exclude(user=user).select_related("user")
    return [
        *((f"user-{account.public_id}", str(account)) for account in accounts),
        *((f"person-{person.public_id}", name_of(person)) for person in roster),
    ]


def on_roster(user, organisation: Organisation):
    rows = Membership.objects.for_user(user).on(user.reach.day).home().filter(cell=organisation)
    return Person.objects.for_user(user).filter(memberships__in=rows).order_by("sort_key", "pk")


def name_of(person: Person) -> str:
    return str(person) if person.user_id else _("%s (chưa có tài khoản, sẽ được mời)") % person


@transaction.atomic
def account_for(user, organisation: Organisation, who: str, full_name: str, request) -> User:
    """Of what `people` offered; whoever has no account gets one, tied to the roster."""
    kind, _dash, public_id = who.partition("-")
    if kind == "user":
        return User.objects.get(public_id=public_id)
    if kind != "person":
        return new_account(full_name, actor=user, request=request)
    person = on_roster(user, organisation).select_for_update(of=("self",)).get(public_id=public_id)
    if person.user_id is None:
        account = new_account(person.full_name, actor=user, request=request)
        tie(account, person, actor=user, request=request)
    return person.user


@transaction.atomic
def tie(account: User, person: Person | None, *, actor: User, request=None) -> None:
    """An account belongs to one person of the rosters at most, and gives its owner the rights of a member."""
    if account.pk == actor.pk:
        raise Refused(_("Không tự gắn tài khoản của mình. Hãy nhờ một người quản trị khác."))
    if person:  # kept from whoever ties it to another account at the same moment
        person.refresh_from_db(fields=["user"], from_queryset=Person.unscoped.select_for_update())
    if person and person.user_id not in (None, account.pk):
        raise Refused(_("Đảng viên này đã gắn với một tài khoản khác."))
    for former in Person.unscoped.filter(user=account).exclude(pk=person.pk if person else None):
        former.user = None
        former.save(update_fields=["user"])
        record("account.untied", actor=actor, target=account, detail={"person": former.code}, request=request)
    if person:
        person.user = account
        person.save(update_fields=["user"])
        record("account.tied", actor=actor, target=account, detail={"person": person.code}, request=request)


def may_invite(actor, account: User) -> bool:
    """A new link is a key to the account: only for whoever may give all that the account may do."""
    if actor.reach.is_administrator:
        return True
    posts = account.posts.select_related("organisation")
    return not account.is_administrator and all(
        post.role in giving(actor.reach, post.organisation).roles for post in posts
    )


def invited(account: User, *, actor, request) -> str:
    if not may_invite(actor, account):
        raise Refused(_("Tài khoản này còn vai trò ở nơi khác. Hãy nhờ người quản trị lập lời mời."))
    return invite(account, actor=actor, request=request)


class TiedMeanwhile(Exception):
    """Another person is tied to the account than the one that was seen."""


def tied_code(account: User) -> str:
    person = Person.unscoped.filter(user=account).first()
    return person.code if person else ""


@transaction.atomic
def tie_by_code(account: User, code: str, *, seen: str = "", actor: User, request=None) -> None:
    """For administrators, who see no rosters: they have to know the code."""
    User.objects.select_for_update().get(pk=account.pk)
    if tied_code(account) != seen:
        raise TiedMeanwhile
    person = Person.unscoped.filter(code__iexact=code).first() if code else None
    if code and person is None:
        raise Refused(_("Không có đảng viên nào có mã này."))
    tie(account, person, actor=actor, request=request)
