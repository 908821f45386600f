"""The link of an invitation: shown once to who made it, opened by who is invited."""

import segno
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts import inviting
from accounts.models import User
from cells.access import roles
from cells.forms.invitations import FirstForm, InvitationForm
from cells.holders import shown
from cells.reach import ANYONE

MADE, OPENED = "invitation_made", "invitation_opened"  # in the session, until they are shown and used


def show_link(request, user: User, token: str, back: str) -> str:
    """Keeps the link for the one page that shows it, and gives back that page's address."""
    request.session[MADE] = {"user": str(user.public_id), "token": token, "back": back}
    return reverse("cells:invitation_made")


@roles(ANYONE)
@require_safe
def made(request):
    kept = request.session.pop(MADE, None)
    if kept is None:
        return render(request, "cells/invitation_gone.html")
    user = User.objects.get(public_id=kept["user"])
    url = request.build_absolute_uri(reverse("cells:invitation_open", args=[kept["token"]]))
    context = {
        "account": user,
        "url": url,
        "code": segno.make(url, error="m").svg_data_uri(scale=5, border=2),
        "invitation": inviting.still_open(user).first(),
        "days": settings.INVITATION_DAYS,
        "back": kept["back"],
        "posts": shown(user.posts.all(), request.user.reach.day),
    }
    return render(request, "cells/invitation_made.html", context)


@login_not_required
@require_safe
def open_link(request, token):
    """Moves the token out of the address bar, where the next person at this computer would find it."""
    request.session[OPENED] = token
    return redirect("cells:invitation")


@sensitive_post_parameters()
@login_not_required
def invitation(request):
    if request.user.is_authenticated:
        return render(request, "cells/invitation_logged_in.html")
    token = request.session.get(OPENED, "")
    try:
        known = inviting.opened(token)
        is_first = not known.user.full_name
        form = (FirstForm if is_first else InvitationForm)(known.user, request.POST or None)
        if form.is_valid() and (user := accepted(request, token, form)):
            return entered(request, user, "reports:first_start" if is_first else settings.LOGIN_REDIRECT_URL)
    except inviting.NotOpen:
        return render(request, "cells/invitation_closed.html", status=409)
    context = {"form": form, "invitation": known, "posts": shown(known.user.posts.all(), timezone.localdate())}
    return render(request, "cells/invitation.html", context)


def accepted(request, token: str, form) -> User | None:
    fields = form.cleaned_data
    try:
        with transaction.atomic():
            chosen = fields["username"], fields["new_password1"], fields.get("full_name", "")
            return inviting.accept(token, *chosen, request=request)
    except IntegrityError:  # somebody else took the name in this very moment
        form.add_error("username", _("Tên đăng nhập này đã có người dùng. Hãy chọn tên khác."))
        return None


def entered(request, user: User, address: str):
    del request.session[OPENED]
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    # Whoever chose a password just now is not asked for it once more by the page that sets up a second factor.
    record_authentication(request, user, method="password", reauthenticated=True)
    messages.success(request, _("Đã tạo tài khoản. Lần sau hãy đăng nhập bằng tên %s.") % user.username)
    return redirect(address)
