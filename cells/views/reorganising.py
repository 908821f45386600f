"""The wizard of reorganisations: choose, fill in, look at what would happen, confirm exactly that; and the way back."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from cells.access import require, roles
from cells.forms.reorganising import KindForm, OrderForm, PickForm
from cells.models import Lineage, Organisation, OrganisationPeriod, Reorganisation, ReorganisationPart, Role
from cells.naming import names_for, rows_of
from cells.querying import OrganisationQuery, ReorganisationQuery, named_like
from cells.reach import ADMINISTRATOR, DOWN_THE_TREE
from cells.restructuring import carrying_out, drafting
from cells.restructuring.carrying_out import checked_plan
from cells.restructuring.orders import Kind
from cells.restructuring.permitting import REORGANISES, touchable
from cells.restructuring.presenting import preview as preview_of

ROWS_ON_A_PAGE = 30
NAMES_IN_SHORT = 3
State, Side = Reorganisation.State, ReorganisationPart.Side
# How many organisations one chooses at least and at most.
COUNTS = {
    Kind.FOUND: (0, 0),
    Kind.RENAME: (1, 1),
    Kind.MOVE: (1, None),
    Kind.MERGE: (2, None),
    Kind.ABSORB: (2, None),
    Kind.SPLIT: (1, 1),
    Kind.DISSOLVE: (1, None),
}


@roles(*DOWN_THE_TREE, ADMINISTRATOR)
@require_safe
def reorganisation_list(request):
    user = request.user
    query = ReorganisationQuery(request.GET)
    known = Reorganisation.objects.for_user(user)
    done = known.exclude(state=State.DRAFT).order_by("-day", "-pk")
    page = Paginator(done, ROWS_ON_A_PAGE).get_page(query.values["page"])
    context = {
        "query": query,
        "page": page,
        "rows": told_in_short(page, user),
        "today": user.reach.day,
        "drafts": known.filter(state=State.DRAFT).order_by("-pk"),
        "reorganises": user.reach.holds(REORGANISES),
    }
    return render(request, "cells/reorganisation_list.html", context)


def told_in_short(rows, user) -> list[tuple[Reorganisation, str, str]]:
    """(row, what there was before, what there is after), as far as the reader may know them."""
    parts = list(ReorganisationPart.unscoped.filter(reorganisation__in=[row.pk for row in rows]).order_by("pk"))
    names = names_for(user, [part.organisation_id for part in parts], user.reach.day)

    def named(row, side):
        mine = [part for part in parts if part.reorganisation_id == row.pk and part.side == side]
        known = [names[part.organisation_id] for part in mine if part.organisation_id in names]
        more = len(known) - NAMES_IN_SHORT
        text = ", ".join(known[:NAMES_IN_SHORT])
        return _("%(names)s và %(count)d đơn vị khác") % {"names": text, "count": more} if more > 0 else text

    return [(row, named(row, Side.PREDECESSOR), named(row, Side.SUCCESSOR)) for row in rows]


@roles(*REORGANISES)
def begin(request):
    """Step 1: which kind."""
    asked = ReorganisationQuery(request.GET).values["organisation"]
    form = KindForm(request.POST or None)
    if form.is_valid():
        return once(request, lambda: begun(request, form.cleaned_data))
    return render(request, "cells/reorganisation_begin.html", {"form": form, "kinds": KINDS, "asked": asked})


KINDS = [
    (Kind.RENAME, gettext_lazy("Đổi tên một đơn vị; mọi thứ khác giữ nguyên.")),
    (Kind.MOVE, gettext_lazy("Một hay nhiều đơn vị chuyển sang trực thuộc đơn vị khác.")),
    (Kind.MERGE, gettext_lazy("Từ hai đơn vị trở lên thành một đơn vị mới; các đơn vị cũ kết thúc.")),
    (Kind.ABSORB, gettext_lazy("Một hay nhiều đơn vị nhập vào một đơn vị đang có.")),
    (Kind.SPLIT, gettext_lazy("Một phần tách thành đơn vị mới, hoặc chia hẳn thành hai đơn vị mới.")),
    (
        Kind.DISSOLVE,
        gettext_lazy("Một hay nhiều đơn vị kết thúc; đơn vị trực thuộc về cấp trên hoặc nơi được chọn."),
    ),
    (Kind.FOUND, gettext_lazy("Lập một đơn vị mới, chưa có đảng viên.")),
]


def begun(request, told: dict) -> str:
    chosen = touchable(request.user).filter(public_id=told["organisation"]) if told["organisation"] else ()
    order = {"organisations": [str(one.public_id) for one in chosen] if told["kind"] != Kind.FOUND else []}
    row = drafting.begin(told["kind"], order, author=request.user, request=request)
    least, _most = COUNTS[row.kind]
    page = "fill" if least <= len(order["organisations"]) <= 1 else "choose"
    return reverse(f"cells:reorganisation_{page}", args=[row.public_id])


def own_draft(request, public_id) -> Reorganisation:
    rows = Reorganisation.objects.for_user(request.user).filter(state=State.DRAFT)
    return get_object_or_404(rows, public_id=public_id)


def chosen_in(row: Reorganisation, user) -> list[Organisation]:
    """In the order of choosing, less what the user may touch no longer."""
    ids = row.order.get("organisations", [])
    found = {str(one.public_id): one for one in touchable(user).filter(public_id__in=ids)}
    return [found[one] for one in ids if one in found]


def is_enough(row: Reorganisation, chosen: list) -> bool:
    least, most = COUNTS[row.kind]
    return len(chosen) >= least and (most is None or len(chosen) <= most)


@roles(*REORGANISES)
def choose(request, public_id):
    """Step 2: which organisations."""
    row = own_draft(request, public_id)
    form = PickForm(request.POST or None)
    if form.is_valid():
        return once(request, lambda: picked(request, row, form.cleaned_data))
    user, query = request.user, OrganisationQuery(request.GET)
    day = user.reach.day
    chosen = chosen_in(row, user)
    periods = OrganisationPeriod.unscoped.on(day).filter(organisation__in=touchable(user).values("pk"))
    offered = periods.filter(named_like(query.values["search"])).exclude(organisation__in=chosen)
    page = Paginator(offered.select_related("organisation").order_by("sort_key", "pk"), ROWS_ON_A_PAGE)
    page = page.get_page(query.values["page"])
    picked_periods = periods.filter(organisation__in=chosen).select_related("organisation").order_by("sort_key", "pk")
    context = {
        "row": row,
        "query": query,
        "chosen": rows_of(picked_periods, user, day, always=True),
        "page": page,
        "rows": rows_of(page, user, day, always=True),
        "is_enough": is_enough(row, chosen),
        "least": COUNTS[row.kind][0],
        "is_full": COUNTS[row.kind][1] == len(chosen),
        "takes_many": COUNTS[row.kind][1] is None,
    }
    return render(request, "cells/reorganisation_choose.html", context)


def picked(request, row: Reorganisation, told: dict) -> str:
    ids = list(row.order.get("organisations", []))
    allowed = touchable(request.user)
    if told["add"]:
        ids += [str(one.public_id) for one in allowed.filter(public_id=told["add"])]
    if told["below"]:
        below = OrganisationPeriod.unscoped.on(request.user.reach.day).filter(parent__public_id=told["below"])
        ids += [str(one.public_id) for one in allowed.filter(pk__in=below.values("organisation")).order_by("code")]
    if told["drop"]:
        ids = [one for one in ids if one != str(told["drop"])]
    drafting.save(row, organisations=list(dict.fromkeys(ids)))
    search = OrganisationQuery(request.GET).link()
    return reverse("cells:reorganisation_choose", args=[row.public_id]) + (search if search != "?" else "")


@roles(*REORGANISES)
def fill(request, public_id):
    """Step 3: decision, day, names, heirs. Whatever was typed is kept, right or wrong."""
    row = own_draft(request, public_id)
    chosen = chosen_in(row, request.user)
    if not is_enough(row, chosen):
        return redirect("cells:reorganisation_choose", public_id=public_id)
    if request.method == "POST":
        return filled(request, row, chosen)
    context = {"row": row, "form": form_of(row, chosen, request.user, checks=False), **about(row, chosen, request.user)}
    return render(request, "cells/reorganisation_fill.html", context)


def filled(request, row: Reorganisation, chosen: list):
    form = OrderForm(request.POST, kind=row.kind, user=request.user, organisations=chosen)
    if not form.is_valid():
        keep(request, row, form)
        context = {"row": row, "form": form, **about(row, chosen, request.user)}
        return render(request, "cells/reorganisation_fill.html", context)

    def write():
        keep(request, row, form)
        return reverse("cells:reorganisation_preview", args=[row.public_id])

    return once(request, write)


def keep(request, row: Reorganisation, form: OrderForm) -> None:
    drafting.save(row, typed={name: request.POST.getlist(name)[:1] for name in form.fields if name in request.POST})


def form_of(row: Reorganisation, chosen: list, user, *, checks: bool) -> OrderForm:
    """With what was typed before; without `checks` it does not complain about it."""
    typed = row.order.get("typed")
    if not typed:
        return OrderForm(kind=row.kind, user=user, organisations=chosen)
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    if checks:
        return OrderForm(data, kind=row.kind, user=user, organisations=chosen)
    return OrderForm(initial=data.dict(), kind=row.kind, user=user, organisations=chosen)


def about(row: Reorganisation, chosen: list, user) -> dict:
    names = names_for(user, [one.pk for one in chosen], user.reach.day)
    return {"names": [names.get(one.pk, one.code) for one in chosen], "chooses": row.kind != Kind.FOUND}


@roles(*REORGANISES)
def preview(request, public_id):
    """Step 4: what would happen, and the button that does exactly this."""
    row = own_draft(request, public_id)
    chosen = chosen_in(row, request.user)
    form = form_of(row, chosen, request.user, checks=True)
    if not is_enough(row, chosen) or not form.is_valid():
        return redirect("cells:reorganisation_fill", public_id=public_id)
    if request.method == "POST":
        try:
            return once(request, lambda: carried_out(request, row, form))
        except carrying_out.NotPossible as refusal:
            return shown(request, row, form, refusal.texts, status=409)
    return shown(request, row, form)


def carried_out(request, row: Reorganisation, form: OrderForm) -> str:
    told = form.cleaned_data
    for name in ("decision_number", "decision_day", "day", "reason"):
        setattr(row, name, told[name])
    row.save(update_fields=["decision_number", "decision_day", "day", "reason"])
    digest = request.POST.get("digest", "")
    carrying_out.carry_out(row, form.order(), digest, actor=request.user, request=request)
    messages.success(request, _("Đã sắp xếp xong."))
    return reverse("cells:reorganisation", args=[row.public_id])


def shown(request, row: Reorganisation, form: OrderForm, refused=(), status: int = 200):
    row.day = form.cleaned_data["day"]
    plan = checked_plan(row, form.order())
    context = {
        "row": row,
        "told": form.cleaned_data,
        "plan": plan,
        "refused": refused,
        "shown": preview_of(plan) if not plan.problems else None,
        **about(row, chosen_in(row, request.user), request.user),
    }
    return render(request, "cells/reorganisation_preview.html", context, status=status)


@roles(*REORGANISES)
@require_POST
def discard(request, public_id):
    row = own_draft(request, public_id)

    def write():
        drafting.discard(row, request=request)
        messages.info(request, _("Đã bỏ bản nháp."))
        return reverse("cells:reorganisations")

    return once(request, write)


@roles(*DOWN_THE_TREE, ADMINISTRATOR)
@require_safe
def reorganisation(request, public_id):
    user = request.user
    row = get_object_or_404(Reorganisation.objects.for_user(user).select_related("author"), public_id=public_id)
    if row.state == State.DRAFT:
        return redirect("cells:reorganisation_fill", public_id=public_id)
    parts = list(row.parts.select_related("organisation").order_by("pk"))
    names = names_for(user, [part.organisation_id for part in parts], row.day)
    known = [(part, names[part.organisation_id]) for part in parts if part.organisation_id in names]
    context = {"row": row, "sides": by_side(known), "takes_back": row.state == State.DONE and rules(user, row, parts)}
    return render(request, "cells/reorganisation.html", context)


def by_side(parts) -> list[tuple[str, list]]:
    found: dict[str, list] = {}
    for part, name in parts:
        address = reverse("cells:organisation", args=[part.organisation.public_id])
        found.setdefault(part.get_side_display(), []).append((name, address))
    return list(found.items())


def rules(user, row: Reorganisation, parts) -> bool:
    """May undo it: an administrator; a committee above all its parts, today or, of what has ended, in the last days."""
    if user.reach.is_administrator:
        return True
    day = user.reach.day
    ids = {part.organisation_id for part in parts}
    in_force = set(Lineage.unscoped.on(day).filter(depth=0, descendant__in=ids).values_list("descendant_id", flat=True))
    before = row.day - dt.timedelta(days=1)
    known = below(user, before) | below(user, row.day)
    return bool(ids) and in_force <= below(user, day) and ids - in_force <= known


def below(user, day: dt.date) -> set[int]:
    rows = Lineage.unscoped.on(day).filter(ancestor__in=user.reach.at([Role.COMMITTEE]), depth__gt=0)
    return set(rows.values_list("descendant_id", flat=True))


@roles(*REORGANISES)
@require_POST
def take_back(request, public_id):
    known = Reorganisation.objects.for_user(request.user).exclude(state=State.DRAFT)
    row = get_object_or_404(known, public_id=public_id)
    require(rules(request.user, row, list(row.parts.all())))

    def write():
        carrying_out.take_back(row, actor=request.user, request=request)
        messages.info(request, _("Đã hoàn tác: tổ chức, đảng viên và nhiệm vụ trở lại như trước."))
        return reverse("cells:reorganisation", args=[row.public_id])

    try:
        return once(request, write)
    except carrying_out.NotPossible as refusal:
        for text in refusal.texts:
            messages.error(request, text)
        return redirect("cells:reorganisation", public_id=public_id)
