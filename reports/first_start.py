"""The first start of a real installation: who may begin, the own organisation, and the cells below it."""

import datetime as dt

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts import inviting
from accounts.auditing import record
from accounts.models import AuditEntry, AuditValues, User
from accounts.refusing import Refused
from cells import lineage, revising
from cells.models import Kind, Organisation, OrganisationPeriod, Term
from reports.sample.keys import current_entry

FOUNDED = "first_start.organisation"
ADDED, TAKEN_BACK = "first_start.cells", "first_start.cells_taken_back"
# What usually stands above each kind; only its name is printed, on the letterhead.
ABOVE = {
    Kind.BLOC: Kind.PROVINCE,
    Kind.DISTRICT: Kind.PROVINCE,
    Kind.COMMUNE: Kind.PROVINCE,
    Kind.GRASSROOTS_COMMITTEE: Kind.COMMUNE,
    Kind.SECTIONAL_COMMITTEE: Kind.GRASSROOTS_COMMITTEE,
    Kind.GRASSROOTS_CELL: Kind.COMMUNE,
    Kind.CELL: Kind.GRASSROOTS_COMMITTEE,
}


@transaction.atomic
def first_link() -> str:
    """The token of the link with which the first administrator gets in. Asked for on the server's own console."""
    if real_administrators().exists():
        raise Refused(_("Đã có người quản trị. Hãy đăng nhập, hoặc nhờ người quản trị lập lời mời."))
    waiting = User.objects.filter(is_administrator=True, is_active=True, full_name="", password__startswith="!").first()
    user = waiting or inviting.new_account("", actor=None)
    user.is_administrator = True
    user.save(update_fields=["is_administrator"])
    return inviting.invite(user, actor=None)


def real_administrators():
    """Who can log in and does not belong to the sample."""
    found = User.objects.filter(is_administrator=True, is_active=True).exclude(password__startswith="!")
    before, after = keys_of_sample()
    return found.exclude(pk__gt=before, pk__lte=after)


def is_of_sample(user: User) -> bool:
    before, after = keys_of_sample()
    return before < user.pk <= after


def keys_of_sample() -> tuple[int, int]:
    """The log-ins of the sample have keys above the first and up to the second."""
    entry = current_entry()
    return (entry.detail.get("keys", {}) if entry else {}).get(User._meta.label, (0, 0))


def own_organisation() -> Organisation | None:
    entry = AuditEntry.objects.filter(action=FOUNDED).order_by("pk").last()
    return Organisation.unscoped.filter(pk=entry.object_id).first() if entry else None


@transaction.atomic
def found(fields: dict, *, actor: User, request=None) -> Organisation:
    revising.advance()
    if Organisation.unscoped.exists():
        raise Refused(_("Đã có tổ chức trong hệ thống. Hãy dùng trang “Tổ chức” để lập thêm."))
    parent = None
    if fields["parent_name"]:
        parent = Organisation.unscoped.create(code=f"{fields['code']}-CT")
        begin(parent, fields["parent_name"], ABOVE[fields["kind"]], None, fields["first_day"])
    own = Organisation.unscoped.create(code=fields["code"])
    begin(own, fields["name"], fields["kind"], parent, fields["first_day"])
    if fields["term"]:
        Term.unscoped.create(organisation=own, ordinal=fields["term"], first_day=fields["term_first_day"])
    lineage.rebuild()
    record(FOUNDED, actor=actor, target=own, detail={"code": own.code, "kind": fields["kind"]}, request=request)
    return own


def begin(organisation: Organisation, name: str, kind: str, parent: Organisation | None, day: dt.date) -> None:
    OrganisationPeriod.unscoped.create(organisation=organisation, name=name, kind=kind, parent=parent, first_day=day)


@transaction.atomic
def add_cells(cells: list[tuple[str, str]], *, actor: User, request=None) -> int:
    """[(code or "", name)] below the own organisation, from its own first day on."""
    revising.advance()
    own = own_organisation()
    if own is None:
        raise Refused(_("Hãy khai tổ chức của mình trước."))
    first_day = own.periods.earliest("first_day").first_day
    given = {code for code, _name in cells if code}
    taken = set(Organisation.unscoped.filter(code__in=given).values_list("code", flat=True))
    if taken:
        raise Refused(_("Mã đã có: %s.") % ", ".join(sorted(taken)))
    known = set(Organisation.unscoped.values_list("code", flat=True)) | given
    made = []
    for code, name in cells:
        code = code or next_code(own.code, known)
        known.add(code)
        made.append(Organisation.unscoped.create(code=code))
        begin(made[-1], name, Kind.CELL, own, first_day)
    lineage.rebuild()
    detail = {"count": len(made), "cells": [cell.pk for cell in made]}
    record(ADDED, actor=actor, target=own, detail=detail, request=request)
    return len(made)


def last_step() -> AuditEntry | None:
    return AuditEntry.objects.filter(action__in=(ADDED, TAKEN_BACK)).order_by("pk").last()


def last_paste() -> AuditEntry | None:
    """What may be taken back: the list pasted last, if that was the last step."""
    step = last_step()
    return step if step and step.action == ADDED and step.detail.get("cells") else None


def text_taken_back() -> str:
    """Offered again, so that one wrong name costs no second pasting."""
    step = last_step()
    values = AuditValues.objects.filter(entry=step).first() if step and step.action == TAKEN_BACK else None
    return "\n".join(values.before["cells"]) if values else ""


@transaction.atomic
def take_back_cells(*, actor: User, request=None) -> int:
    """All cells of the list pasted last, as long as nothing hangs on any of them."""
    revising.advance()
    paste = last_paste()
    if paste is None:
        raise Refused(_("Không có lần thêm chi bộ nào để hoàn tác."))
    cells = paste.detail["cells"]
    periods = OrganisationPeriod.unscoped.filter(organisation__in=cells).order_by("organisation_id")
    lines = [f"{code}; {name}" for code, name in periods.values_list("organisation__code", "name")]
    try:
        with transaction.atomic():
            periods.delete()
            Organisation.unscoped.filter(pk__in=cells).delete()
    except ProtectedError:
        text = _("Có chi bộ trong danh sách đó đã được dùng. Hãy sửa từng chi bộ ở trang “Tổ chức”.")
        raise Refused(text) from None
    lineage.rebuild()
    own = own_organisation()
    record(TAKEN_BACK, actor=actor, target=own, detail={"count": len(cells)}, before={"cells": lines}, request=request)
    return len(cells)


def next_code(stem: str, known: set[str]) -> str:
    return next(code for number in range(1, 100_000) if (code := f"{stem}.{number:02}") not in known)
