from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import side_by_side
from cells.reach import AT_THE_CELL, LEADING
from sessions import arranging
from sessions.access import led_session, own_part, own_session
from sessions.models import AgendaBlock, Session, ThemeMethod
from sessions.naming import cell_name, roster_of
from sessions.reading import agenda_of
from sessions.record_forms import BlockForm, MoveForm
from sessions.states import ChangedMeanwhile


@roles(*AT_THE_CELL)
@require_safe
def agenda(request, public_id):
    session = own_session(request.user, public_id)
    context = {
        "session": session,
        "cell_name": cell_name(session.cell_id, session.day),
        "agenda": agenda_of(request.user, session, names_people=True),
        "may_be_arranged": arranging.may_be_arranged(session),
        "last": arranging.last_with_agenda(session),
        "leads": request.user.reach.acts_at(LEADING, session.cell_id),
    }
    return render(request, "sessions/agenda.html", context)


@roles(*AT_THE_CELL)
def add_block(request, public_id):
    session = own_session(request.user, public_id)
    form = BlockForm(request.POST or None, user=request.user, initial={"part": usual_part(session)})
    if form.is_valid():
        try:
            return once(request, lambda: added(request, session, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "sessions/block.html", block_page(session, form))


def usual_part(session: Session) -> str:
    return "thematic" if session.kind == "thematic" else "regular"


def added(request, session: Session, fields: dict) -> str:
    block = arranging.add_block(session, fields, actor=request.user, request=request)
    messages.success(request, _("Đã thêm mục vào chương trình."))
    return address_of(session, block)


@roles(*AT_THE_CELL)
def change_block(request, public_id):
    block = own_part(AgendaBlock, request.user, public_id)
    form = BlockForm(request.POST or None, user=request.user, block=block, initial=initial_of(block))
    context = block_page(block.session, form) | {"item": block}
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, block, form.cleaned_data))
        except ChangedMeanwhile:
            block.refresh_from_db()
            context |= side_by_side(form, BlockForm(user=request.user, block=block, initial=initial_of(block)))
            return render(request, "sessions/block.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "sessions/block.html", context)


def initial_of(block: AgendaBlock) -> dict:
    materials = {name: [row.public_id for row in getattr(block, name).all()] for name in ("documents", "outlines")}
    return {name: getattr(block, name) for name in (*arranging.PLANNED_FIELDS, "version")} | materials


def changed(request, block: AgendaBlock, fields: dict) -> str:
    version = fields["version"] or block.version
    arranging.change_block(block, fields, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa mục của chương trình."))
    return address_of(block.session, block)


def block_page(session: Session, form: BlockForm) -> dict:
    return {
        "session": session,
        "form": form,
        "people": list(roster_of(session)),
        "methods": [str(method) for method in ThemeMethod.objects.all()],
        "cancel_url": address_of(session),
    }


@roles(*AT_THE_CELL)
@require_POST
def move_block(request, public_id):
    block = own_part(AgendaBlock, request.user, public_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return redirect(address_of(block.session))
    direction = form.cleaned_data["direction"]
    return tried(request, block.session, arranging.move_block, block, direction, back=address_of(block.session, block))


@roles(*AT_THE_CELL)
@require_POST
def remove_block(request, public_id):
    block = own_part(AgendaBlock, request.user, public_id)
    return tried(request, block.session, arranging.remove_block, block, said=_("Đã bỏ mục khỏi chương trình."))


@roles(*AT_THE_CELL)
@require_POST
def lay_out_again(request, public_id):
    session = own_session(request.user, public_id)
    return tried(request, session, arranging.lay_out_again, session, said=_("Đã lập lại chương trình theo mẫu."))


@roles(*AT_THE_CELL)
@require_POST
def copy_last(request, public_id):
    session = own_session(request.user, public_id)
    return tried(request, session, arranging.copy_last, session, said=_("Đã chép chương trình của buổi trước."))


@roles(*LEADING)
@require_POST
def keep_as_template(request, public_id):
    session = led_session(request.user, public_id)
    said = _("Từ hôm nay các buổi cùng loại của chi bộ bắt đầu với chương trình này.")
    return tried(request, session, arranging.keep_as_template, session, timezone.localdate(), said=said)


def tried(request, session: Session, do, *what, said: str = "", back: str = ""):
    """Back to the agenda, with what was done or why not."""

    def write() -> str:
        do(*what, actor=request.user, request=request)
        if said:
            messages.success(request, said)
        return back or address_of(session)

    try:
        return once(request, write)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address_of(session))


def address_of(session: Session, block: AgendaBlock | None = None) -> str:
    address = reverse("sessions:agenda", args=[session.public_id])
    return f"{address}#muc-{block.public_id.hex}" if block else address
