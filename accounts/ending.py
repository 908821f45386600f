"""Ends log-ins: of another device, of all others, of somebody who may not stay."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash


def log_ins_of(user) -> list[UserSession]:
    """Those that still hold, the latest seen first; what has ended is forgotten by the way."""
    return sorted(UserSession.objects.purge_and_list(user), key=lambda log_in: log_in.last_seen_at, reverse=True)


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
