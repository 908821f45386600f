"""The days of the levels, as administrators keep them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import side_by_side
from cells.reach import ADMINISTRATOR
from speakers import ruling
from speakers.appointing import ChangedMeanwhile
from speakers.forms.rosters import LevelSpanForm
from speakers.models import Level, LevelSpan

BACK = "speakers:levels"


@roles(ADMINISTRATOR)
@require_safe
def levels(request):
    order = list(Level)
    spans = sorted(LevelSpan.objects.for_user(request.user), key=lambda span: (order.index(span.level), span.first_day))
    return render(request, "speakers/levels.html", {"spans": spans})


@roles(ADMINISTRATOR)
def change(request, public_id):
    span = get_object_or_404(LevelSpan.objects.for_user(request.user), public_id=public_id)
    form = LevelSpanForm(request.POST or None, initial=days_of(span))
    context = {"form": form, "title": _("Sửa thời gian của cấp"), "lead": capfirst(str(span)), "back": reverse(BACK)}
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, span, form.cleaned_data))
        except ChangedMeanwhile:
            span.refresh_from_db()
            context |= side_by_side(form, LevelSpanForm(initial=days_of(span)))
            return render(request, "speakers/form.html", context, status=409)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
    return render(request, "speakers/form.html", context)


def days_of(span: LevelSpan) -> dict:
    return {name: getattr(span, name) for name in (*ruling.FIELDS, "version")}


def changed(request, span: LevelSpan, fields: dict) -> str:
    ruling.change(span, fields, version=fields["version"], actor=request.user, request=request)
    messages.success(request, _("Đã sửa. Các quyết định đã ghi giữ nguyên."))
    return reverse(BACK)
