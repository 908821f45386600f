"""Shuts accounts, opens them again, and keeps at least one administrator (reliability.md, check 12)."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused


@transaction.atomic
def deactivate(user: User, *, actor: User, request=None) -> None:
    """From the next request on: whoever is not active is logged in nowhere (django.contrib.auth)."""
    user = locked(user)
    refuse_own_account(user, actor)
    refuse_last_administrator(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    record("account.deactivated", actor=actor, target=user, request=request)


@transaction.atomic
def reactivate(user: User, *, actor: User, request=None) -> None:
    user = locked(user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("account.reactivated", actor=actor, target=user, request=request)


@transaction.atomic
def make_administrator(user: User, *, actor: User, request=None) -> None:
    user = locked(user)
    refuse_own_account(user, actor)
    user.is_administrator = True
    user.save(update_fields=["is_administrator"])
    record("account.made_administrator", actor=actor, target=user, request=request)


@transaction.atomic
def end_administrator(user: User, *, actor: User, request=None) -> None:
    user = locked(user)
    refuse_last_administrator(user)
    user.is_administrator = False
    user.save(update_fields=["is_administrator"])
    record("account.no_administrator", actor=actor, target=user, request=request)


def locked(user: User) -> User:
    """Together with all administrators, in one order: two who remove each other must not leave nobody."""
    list(User.objects.select_for_update().filter(is_administrator=True).order_by("pk"))
    return User.objects.select_for_update().get(pk=user.pk)


def refuse_own_account(user: User, actor: User) -> None:
    if user.pk == actor.pk:
        raise Refused(_("Không tự làm việc này với tài khoản của mình. Hãy nhờ một người quản trị khác."))


def refuse_last_administrator(user: User) -> None:
    others = User.objects.filter(is_administrator=True, is_active=True).exclude(pk=user.pk)
    if user.is_administrator and not others.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
        raise Refused(_("Đây là người quản trị cuối cùng còn hoạt động. Hãy có thêm một người quản trị trước."))
