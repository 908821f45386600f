from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from cells.access import roles
from cells.reach import ANYONE
from sessions import calendars


@roles(ANYONE)
@require_safe
def own(request):
    feed = calendars.feed_of(request.user)
    token = calendars.token_of(feed) if feed else ""
    url = request.build_absolute_uri(reverse("sessions:calendar_feed", args=[token])) if feed else ""
    return render(request, "sessions/calendar.html", {"feed": feed, "url": url})


@roles(ANYONE)
@require_POST
def renew(request):
    return once(request, lambda: renewed(request))


def renewed(request) -> str:
    calendars.renew(request.user, request=request)
    messages.success(request, _("Đã có địa chỉ lịch mới. Địa chỉ cũ, nếu có, không dùng được nữa."))
    return reverse("sessions:calendar")


@roles(ANYONE)
@require_POST
def revoke(request):
    return once(request, lambda: revoked(request))


def revoked(request) -> str:
    calendars.revoke(request.user, request=request)
    messages.success(request, _("Đã tắt địa chỉ lịch."))
    return reverse("sessions:calendar")


@login_not_required
@require_safe
def feed(request, token):
    """For calendar programs, which cannot log in; whoever has the address reads it, so it holds no names."""
    owner = calendars.owner_of(token)
    if owner is None:
        raise Http404
    host = request.build_absolute_uri("/").rstrip("/")
    response = HttpResponse(calendars.calendar_of(owner, host), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
