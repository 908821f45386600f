"""Invites people by a link that works once: with it they choose a user name and a password themselves."""

import datetime as dt
import hashlib
import re
import secrets

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.identifiers import new_public_id
from accounts.models import Invitation, User
from accounts.refusing import Refused
from accounts.text import folded

PLACEHOLDER = "moi-"  # no user name may begin so: it stands until one is chosen


class NotOpen(Exception):
    """The link was used, revoked or renewed, it is too old, or it never was one."""


@transaction.atomic
def new_account(full_name: str, *, actor: User | None, request=None) -> User:
    """Somebody who cannot log in before their invitation is accepted."""
    user = User.objects.create_user(f"{PLACEHOLDER}{new_public_id().hex}", full_name=full_name)
    record("account.created", actor=actor, target=user, after={"full_name": full_name}, request=request)
    return user


@transaction.atomic
def invite(user: User, *, actor: User | None, request=None) -> str:
    """The token of the link; links made before end. It is told here and never again."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_invited:
        raise Refused(_("Người này đã có tên đăng nhập và mật khẩu."))
    if not locked.is_active:
        raise Refused(_("Tài khoản đang bị khóa. Hãy mở lại trước khi mời."))
    now = timezone.now()
    still_open(user).update(revoked=now)
    token = secrets.token_urlsafe(32)
    expires = now + dt.timedelta(days=settings.INVITATION_DAYS)
    Invitation.objects.create(user=user, digest=digest(token), created_by=actor, expires=expires)
    record("invitation.made", actor=actor, target=user, detail={"expires": expires}, request=request)
    return token


@transaction.atomic
def revoke(user: User, *, actor: User, request=None) -> None:
    if not still_open(user).update(revoked=timezone.now()):
        raise Refused(_("Người này không có đường liên kết nào đang dùng được."))
    record("invitation.revoked", actor=actor, target=user, request=request)


def still_open(user: User):
    return user.invitations.filter(accepted=None, revoked=None, expires__gt=timezone.now())


def opened(token: str) -> Invitation:
    invitation = Invitation.objects.select_related("user").filter(digest=digest(token)).first()
    if invitation is None or invitation.accepted or invitation.revoked or invitation.expires <= timezone.now():
        raise NotOpen
    if not invitation.user.is_active or not invitation.user.is_invited:
        raise NotOpen
    return invitation


@transaction.atomic
def accept(token: str, username: str, password: str, full_name: str = "", *, request=None) -> User:
    """Under the lock of the user, so that of two who send the form at once only one gets in.

    The name is asked of the first administrator only: of everybody else it is known.
    """
    known = opened(token)
    user = User.objects.select_for_update().get(pk=known.user_id)
    invitation = opened(token)
    invitation.accepted = timezone.now()
    invitation.save(update_fields=["accepted"])
    user.username = username
    user.full_name = user.full_name or full_name
    user.set_password(password)
    user.save(update_fields=["username", "full_name", "password"])
    record("invitation.accepted", actor=user, target=user, after={"username": username}, request=request)
    return user


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def suggested_username(full_name: str) -> str:
    """As offices do: given name, then initials, without marks: `Nguyễn Thị Lan` → `lannt`; a number if it is taken."""
    words = [re.sub(r"[^a-z0-9]", "", word) for word in folded(full_name).split()]
    words = [word for word in words if word]
    stem = (words[-1] + "".join(word[0] for word in words[:-1]))[:20] if words else ""
    if len(stem) < 3:
        return ""
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    return next(name for name in (stem, *(f"{stem}{number}" for number in range(2, 10_000))) if name not in taken)
