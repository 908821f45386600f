"""Who holds which post at an organisation: the list, giving, ending, and the hand-over of a secretary's post."""

import datetime as dt

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.idempotency import once
from accounts.models import User
from accounts.refusing import Refused
from cells import choosing, handing_over, posting
from cells.access import require, roles
from cells.comparing import side_by_side
from cells.forms.posts import EndForm, HandOverForm, PostForm
from cells.holders import shown
from cells.models import Organisation, Post, Role
from cells.naming import names_for
from cells.reach import ADMINISTRATOR
from cells.views.invitations import show_link

GIVES_POSTS = (ADMINISTRATOR, Role.COMMITTEE, Role.SECRETARY)


def known(request, public_id) -> tuple[Organisation, posting.Giving, dict]:
    """The organisation, what the reader may give there, and what its pages show of it."""
    organisation = get_object_or_404(Organisation.objects.for_user(request.user), public_id=public_id)
    giving = posting.giving(request.user.reach, organisation)
    require(bool(giving.roles))
    return organisation, giving, {"organisation": organisation, "name": name_for(request.user, organisation)}


def name_for(user, organisation: Organisation) -> str:
    return names_for(user, [organisation.pk], user.reach.day).get(organisation.pk, organisation.code)


def address_of(organisation: Organisation) -> str:
    return reverse("cells:posts", args=[organisation.public_id])


@roles(*GIVES_POSTS)
@require_safe
def post_list(request, public_id):
    organisation, giving, context = known(request, public_id)
    posts = shown(Post.objects.for_user(request.user).filter(organisation=organisation), request.user.reach.day)
    for post in posts:
        post.is_over = not (post.is_running or post.is_to_come)
        post.may_be_ended = not post.is_over and posting.is_endable(giving, post)
    context |= {
        "running": [post for post in posts if not post.is_over],
        "over": [post for post in posts if post.is_over],
        "may_hand_over": handing_over.may_hand_over(request.user, organisation),
        "is_secretary": giving.is_secretary,
        # It holds the roster, which administrators do not see (architecture.md, roles).
        "shows_file": Role.SECRETARY in giving.roles and not request.user.is_administrator,
    }
    return render(request, "cells/posts.html", context)


@roles(*GIVES_POSTS)
def give_post(request, public_id):
    organisation, giving, context = known(request, public_id)
    people = choosing.people(request.user, organisation)
    form = PostForm(request.POST or None, people=people, roles=giving.roles)
    if form.is_valid():
        try:
            return once(request, lambda: given(request, organisation, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "cells/post_give.html", context | {"form": form, "giving": giving})


@transaction.atomic
def given(request, organisation: Organisation, fields: dict) -> str:
    user = chosen(request, organisation, fields)
    days = fields["first_day"], fields["last_day"]
    posting.give(user, organisation, fields["role"], *days, actor=request.user, request=request)
    return after(request, user, organisation, _("Đã giao vai trò."))


def chosen(request, organisation: Organisation, fields: dict) -> User:
    return choosing.account_for(request.user, organisation, fields["who"], fields["full_name"], request)


def after(request, user: User, organisation: Organisation, text: str) -> str:
    """To the list; for somebody who cannot log in yet, by way of the page with their link."""
    messages.success(request, text)
    if not user.is_invited or not choosing.may_invite(request.user, user):
        return address_of(organisation)
    token = choosing.invited(user, actor=request.user, request=request)
    return show_link(request, user, token, address_of(organisation))


@roles(*GIVES_POSTS)
def end_post(request, public_id):
    post = own_post(request, public_id)
    version = posting.seen_as(post)
    form = EndForm(request.POST or None, initial={"last_day": request.user.reach.day, "version": version})
    context = {"form": form}
    if form.is_valid():
        try:
            return once(request, lambda: ended(request, post, form.cleaned_data))
        except posting.EndedMeanwhile:
            post = own_post(request, public_id)
            stored = {"last_day": post.last_day, "version": posting.seen_as(post)}
            context |= side_by_side(form, EndForm(initial=stored))
        except Refused as refusal:
            form.add_error("last_day", refusal.text)
    context |= {"post": post, "name": name_for(request.user, post.organisation)}
    return render(request, "cells/post_end.html", context, status=409 if "versions" in context else 200)


def own_post(request, public_id) -> Post:
    posts = Post.objects.for_user(request.user).select_related("user", "organisation")
    post = get_object_or_404(posts, public_id=public_id)
    require(posting.may_end(request.user, post))
    return post


def ended(request, post: Post, fields: dict) -> str:
    posting.end(post, fields["last_day"], seen=fields["version"], actor=request.user, request=request)
    messages.success(request, _("Đã ghi ngày kết thúc."))
    return address_of(post.organisation)


@roles(*GIVES_POSTS)
def invite_holder(request, public_id):
    """A new link for somebody whose first one was lost or is too old."""
    post = own_post(request, public_id)
    back = address_of(post.organisation)
    if request.method != "POST":
        return redirect(back)
    try:
        return once(request, lambda: renewed(request, post.user, back))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(back)


def renewed(request, user: User, back: str) -> str:
    return show_link(request, user, choosing.invited(user, actor=request.user, request=request), back)


@roles(*GIVES_POSTS)
def hand_over(request, public_id):
    cell, _giving, context = known(request, public_id)
    require(handing_over.may_hand_over(request.user, cell))
    holders = handing_over.secretaries(cell, request.user.reach.day)
    people = choosing.people(request.user, cell)
    form = HandOverForm(
        request.POST or None, people=people, initial={"day": request.user.reach.day + dt.timedelta(days=1)}
    )
    if form.is_valid():
        try:
            return once(request, lambda: handed_over(request, cell, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "cells/hand_over.html", context | {"form": form, "holders": holders})


@transaction.atomic
def handed_over(request, cell: Organisation, fields: dict) -> str:
    user = chosen(request, cell, fields)
    handing_over.hand_over(cell, user, fields["day"], actor=request.user, request=request)
    return after(request, user, cell, _("Đã bàn giao chức bí thư. Hãy tải sổ bàn giao cho người mới."))
