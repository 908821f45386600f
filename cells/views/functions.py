from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.idempotency import once
from accounts.refusing import Refused
from cells import empowering
from cells.access import require, roles
from cells.comparing import side_by_side
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
    form = ChangingForm.of(row, request.POST or None)
    context = {"form": form, "row": row, **about(request.user, here)}

    def write():
        told = dict(form.cleaned_data)
        version = told.pop("version")
        empowering.change(row, told, version=version, actor=request.user, request=request)
        messages.success(request, _("Đã lưu."))
        return reverse("cells:functions", args=[here.public_id])

    try:
        done = answer(request, form, write)
    except empowering.ChangedMeanwhile as meanwhile:
        context |= {"row": meanwhile.stored, **side_by_side(form, ChangingForm.of(meanwhile.stored))}
        return render(request, "cells/function.html", context, status=409)
    return done or render(request, "cells/function.html", context)


def answer(request, form, write) -> HttpResponse | None:
    """None: the form is to be shown, with what is wrong in it."""
    if not form.is_valid():
        return None
    try:
        return once(request, write)
    except Refused as refusal:
        form.add_error(refusal.field, refusal.text)
    return None


def about(user, here: Organisation) -> dict:
    day = user.reach.day
    name = names_for(user, [here.pk], day).get(here.pk, here.code)
    address = reverse("cells:organisation", args=[here.public_id])
    crumbs = [(_("Tổ chức"), reverse("cells:organisations")), (name, address), (_("Cơ quan tham mưu"), "")]
    return {"name": name, "crumbs": crumbs, "cancel_url": address}
