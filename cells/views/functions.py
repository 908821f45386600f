from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.errors import conflict
from accounts.idempotency import once
from accounts.refusing import Refused
from cells import empowering
from cells.access import require, roles
from cells.forms.empowering import ChangingForm, GivingForm
from cells.models import Organisation, OrganisationFunction
from cells.naming import names_for
from cells.restructuring.permitting import REORGANISES, may_rule


@roles(*REORGANISES)
def give(request, public_id):
    here = get_object_or_404(Organisation.objects.for_user(request.user), public_id=public_id)
    require(may_rule(request.user, here))
    form = GivingForm(request.POST or None)

    def write():
        empowering.give(here, form.cleaned_data, actor=request.user, request=request)
        messages.success(request, _("Đã thêm cơ quan tham mưu."))
        return reverse("cells:functions", args=[here.public_id])

    return answer(request, form, write) or render(
        request,
        "cells/functions.html",
        {"form": form, "functions": here.functions.order_by("-first_day"), **about(request.user, here)},
    )


@roles(*REORGANISES)
def change(request, public_id):
    row = get_object_or_404(
        OrganisationFunction.objects.for_user(request.user).select_related("organisation"), public_id=public_id
    )
    here = row.organisation
    require(may_rule(request.user, here))
    names = ("body_name", "first_day", "last_day", "version")
    form = ChangingForm(request.POST or None, initial={name: getattr(row, name) for name in names})

    def write():
        told = dict(form.cleaned_data)
        version = told.pop("version")
        empowering.change(row, told, version=version, actor=request.user, request=request)
        messages.success(request, _("Đã lưu."))
        return reverse("cells:functions", args=[here.public_id])

    return answer(request, form, write) or render(
        request, "cells/function.html", {"form": form, "row": row, **about(request.user, here)}
    )


def answer(request, form, write) -> HttpResponse | None:
    """None: the form is to be shown, with what is wrong in it."""
    if not form.is_valid():
        return None
    try:
        return once(request, write)
    except Refused as refusal:
        form.add_error(refusal.field, refusal.text)
    except empowering.ChangedMeanwhile as meanwhile:
        return conflict(request, both_versions(meanwhile.stored, form.cleaned_data))
    return None


def both_versions(stored: OrganisationFunction, mine: dict) -> str:
    text = _(
        "Người khác vừa lưu: %(theirs)s. Bạn định lưu: %(mine)s. Chưa ghi đè gì; hãy mở lại trang và sửa trên bản mới."
    )
    theirs = {"body_name": stored.body_name, "first_day": stored.first_day, "last_day": stored.last_day}
    return text % {"theirs": in_words(theirs), "mine": in_words(mine)}


def in_words(told: dict) -> str:
    last_day = f"{told['last_day']:%d/%m/%Y}" if told["last_day"] else _("nay")
    return f"{told['body_name']} ({told['first_day']:%d/%m/%Y} – {last_day})"


def about(user, here: Organisation) -> dict:
    day = user.reach.day
    name = names_for(user, [here.pk], day).get(here.pk, here.code)
    address = reverse("cells:organisation", args=[here.public_id])
    crumbs = [(_("Tổ chức"), reverse("cells:organisations")), (name, address), (_("Cơ quan tham mưu"), "")]
    return {"name": name, "crumbs": crumbs, "cancel_url": address}
