"""Accounts, for administrators: the list, one account with all that can be done to it, and somebody new."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import deactivating, inviting, second_factor
from accounts.idempotency import once
from accounts.models import User
from accounts.refusing import Refused
from accounts.text import folded
from cells import choosing
from cells.access import roles
from cells.comparing import side_by_side
from cells.forms.posts import AccountForm, AccountQuery, FurtherPostForm, TieForm
from cells.holders import shown
from cells.models import Post
from cells.posting import give
from cells.reach import ADMINISTRATOR
from cells.views.invitations import show_link

ON_A_PAGE = 50
INVITED = Q(password__startswith="!")
STATES = {
    "active": Q(is_active=True) & ~INVITED,
    "invited": Q(is_active=True) & INVITED,
    "inactive": Q(is_active=False),
}


@roles(ADMINISTRATOR)
@require_safe
def account_list(request):
    query = AccountQuery(request.GET)
    page = Paginator(matching(request.user, query.values), ON_A_PAGE).get_page(query.values["page"])
    return render(request, "cells/account_list.html", {"query": query, "page": page, "crumbs": crumbs()})


def matching(reader: User, wanted: dict):
    users = User.objects.order_by("sort_key", "pk")
    for word in folded(wanted["q"] or "").split():
        users = users.filter(search__contains=word)
    factors = second_factor.factors().filter(user=OuterRef("pk"))
    users = users.filter(STATES.get(wanted["state"], Q())).annotate(has_factor=Exists(factors))
    if wanted["factor"]:
        users = users.filter(has_factor=wanted["factor"] == "yes")
    if wanted["role"] == ADMINISTRATOR:
        return users.filter(is_administrator=True)
    if wanted["role"]:
        posts = Post.objects.for_user(reader).on(reader.reach.day).filter(role=wanted["role"])
        return users.filter(pk__in=posts.values("user"))
    return users


def crumbs(*further: tuple[str, str]) -> list[tuple[str, str]]:
    accounts = reverse("cells:accounts") if further else ""
    return [(_("Quản trị"), reverse("accounts:administration")), (_("Tài khoản"), accounts), *further]


@roles(ADMINISTRATOR)
@require_safe
def account(request, public_id):
    user = get_object_or_404(User, public_id=public_id)
    context = {
        "account": user,
        "posts": shown(Post.objects.for_user(request.user).filter(user=user), request.user.reach.day),
        "person": getattr(user, "person", None),
        "invitation": inviting.still_open(user).first(),
        "is_own": user.pk == request.user.pk,
        "crumbs": crumbs((str(user), "")),
    }
    return render(request, "cells/account.html", context)


def address_of(user: User) -> str:
    return reverse("cells:account", args=[user.public_id])


@roles(ADMINISTRATOR)
def new_account(request):
    form = AccountForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            return once(request, lambda: made(request, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "cells/account_new.html", {"form": form, "crumbs": crumbs((_("Mời người mới"), ""))})


@transaction.atomic
def made(request, fields: dict) -> str:
    user = inviting.new_account(fields["full_name"], actor=request.user, request=request)
    if fields["organisation"]:
        posted(request, user, fields)
    token = inviting.invite(user, actor=request.user, request=request)
    return show_link(request, user, token, address_of(user))


def posted(request, user: User, fields: dict) -> None:
    days = fields["first_day"], fields["last_day"]
    give(user, fields["organisation"], fields["role"], *days, actor=request.user, request=request)


@roles(ADMINISTRATOR)
def give_post(request, public_id):
    user = get_object_or_404(User, public_id=public_id)
    form = FurtherPostForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            return once(request, lambda: posted_here(request, user, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {"form": form, "account": user, "crumbs": crumbs((str(user), address_of(user)), (_("Giao vai trò"), ""))}
    return render(request, "cells/account_post.html", context)


def posted_here(request, user: User, fields: dict) -> str:
    posted(request, user, fields)
    messages.success(request, _("Đã giao vai trò."))
    return address_of(user)


@roles(ADMINISTRATOR)
def tie(request, public_id):
    user = get_object_or_404(User, public_id=public_id)
    form = TieForm.of(user, request.POST or None)
    context = {"form": form, "account": user, "crumbs": crumbs((str(user), address_of(user)), (_("Gắn đảng viên"), ""))}
    if form.is_valid():
        try:
            return once(request, lambda: tied(request, user, form.cleaned_data["code"], form.cleaned_data["version"]))
        except choosing.TiedMeanwhile:
            context |= side_by_side(form, TieForm.of(get_object_or_404(User, public_id=public_id)))
        except Refused as refusal:
            form.add_error("code", refusal.text)
    return render(request, "cells/account_tie.html", context, status=409 if "versions" in context else 200)


def tied(request, user: User, code: str, seen: str) -> str:
    choosing.tie_by_code(user, code, seen=seen, actor=request.user, request=request)
    messages.success(request, _("Đã gắn tài khoản với đảng viên.") if code else _("Đã bỏ gắn với đảng viên."))
    return address_of(user)


@roles(ADMINISTRATOR)
def invite(request, public_id):
    user = get_object_or_404(User, public_id=public_id)
    return changed(request, user, lambda: made_link(request, user))


def made_link(request, user: User) -> str:
    return show_link(request, user, choosing.invited(user, actor=request.user, request=request), address_of(user))


@roles(ADMINISTRATOR)
def revoke(request, public_id):
    return done(request, public_id, inviting.revoke, _("Đã thu hồi lời mời. Đường liên kết cũ không dùng được nữa."))


@roles(ADMINISTRATOR)
def deactivate(request, public_id):
    return done(request, public_id, deactivating.deactivate, _("Đã khóa tài khoản, có hiệu lực ngay."))


@roles(ADMINISTRATOR)
def reactivate(request, public_id):
    return done(request, public_id, deactivating.reactivate, _("Đã mở lại tài khoản."))


@roles(ADMINISTRATOR)
def make_administrator(request, public_id):
    return done(request, public_id, deactivating.make_administrator, _("Đã giao quyền quản trị hệ thống."))


@roles(ADMINISTRATOR)
def end_administrator(request, public_id):
    return done(request, public_id, deactivating.end_administrator, _("Đã thôi quyền quản trị hệ thống."))


def done(request, public_id, change, text: str):
    user = get_object_or_404(User, public_id=public_id)
    return changed(request, user, lambda: carried_out(request, user, change, text))


def carried_out(request, user: User, change, text: str) -> str:
    change(user, actor=request.user, request=request)
    messages.success(request, text)
    return address_of(user)


def changed(request, user: User, write):
    """Buttons of the page of an account: what is refused is said there."""
    if request.method != "POST":
        return redirect(address_of(user))
    try:
        return once(request, write)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address_of(user))
