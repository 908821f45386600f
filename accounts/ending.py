"""Ends log-ins: of another device, of all others, of somebody who may not stay."""

from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class LogIn:
    row: UserSession
    words: str
    is_this: bool


def log_ins_of(request) -> list[LogIn]:
    """Those that still hold, this one first, then the latest seen; what has ended is forgotten by the way."""
    rows = sorted(UserSession.objects.purge_and_list(request.user), key=lambda row: row.last_seen_at, reverse=True)
    own = request.session.session_key
    log_ins = [LogIn(row, device_words(row.user_agent), row.session_key == own) for row in rows]
    return sorted(log_ins, key=lambda log_in: not log_in.is_this)


DEVICES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"))
PROGRAMS = (
    ("Edg/", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_words(user_agent: str) -> str:
    """`Firefox, Windows`: what people know their devices by. The order matters: most call themselves Safari as well."""
    program = next((name for mark, name in PROGRAMS if mark in user_agent), "")
    device = next((name for mark, name in (*DEVICES, ("Linux", "Linux")) if mark in user_agent), "")
    return ", ".join(filter(None, (program, device))) or _("Thiết bị không rõ")


def end(log_ins) -> int:
    count = 0
    for log_in in log_ins:
        log_in.end()
        count += 1
    return count


def end_all(user) -> int:
    return end(UserSession.objects.filter(user_id=user.pk))


def end_others(request) -> int:
    return end(UserSession.objects.filter(user_id=request.user.pk).exclude(session_key=request.session.session_key))


def keep_this(request, user) -> None:
    """After a change of password: this log-in goes on under a new key, all others are over."""
    old = request.session.session_key
    update_session_auth_hash(request, user)
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)
    end_others(request)
