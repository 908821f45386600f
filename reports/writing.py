"""What people write of a report, III and IV, field by field, so that two who write at once lose nothing.

As with the record of a session (sessions/noting.py): whoever saves says with each text on which one it was based.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import AuditEntry, User
from accounts.refusing import Refused
from reports.models import Report, Stage
from sessions.noting import Clash, Conflict, token

ACTION = "report.written"
TEXTS = ("shortcomings", "next_tasks")


class NotADraft(Refused):
    def default(self):
        return _("Báo cáo không còn là dự thảo nên không sửa được. Đã trình thì lấy lại, đã ký thì lập bản thay thế.")


@dataclass(frozen=True)
class Page:
    report: Report

    @property
    def values(self) -> dict[str, str]:
        return {name: getattr(self.report, name) for name in TEXTS}

    @property
    def tokens(self) -> dict[str, str]:
        return {name: token(text) for name, text in self.values.items()}

    def label(self, name: str) -> str:
        return capfirst(Report._meta.get_field(name).verbose_name)


def locked(report: Report) -> Report:
    """The row as it is now, kept from others until the transaction ends."""
    rows = Report.unscoped.select_for_update(of=("self",)).select_related("organisation", "conference", "number")
    return rows.get(pk=report.pk)


@transaction.atomic
def save(report: Report, wanted: Mapping[str, str], base: Mapping[str, str], *, actor: User, request=None) -> list[str]:
    """Write the texts that differ from what is stored; returns their names. The same again changes nothing."""
    report = locked(report)
    if report.stage != Stage.DRAFT:
        raise NotADraft
    page = Page(report)
    changes = {
        name: text
        for name, text in wanted.items()
        if text != page.values[name] and token(text) != base.get(name)  # as it was shown, so not touched
    }
    clashing = [name for name in changes if base.get(name) != page.tokens[name]]
    if clashing:
        author = last_author(report)
        raise Conflict([Clash(name, page.label(name), changes[name], page.values[name], author) for name in clashing])
    if changes:
        Report.unscoped.filter(pk=report.pk).update(**changes, version=report.version + 1)
        detail = {"fields": sorted(changes), "version": report.version + 1}
        record(ACTION, actor=actor, target=report, detail=detail, request=request)
    return sorted(changes)


def last_author(report: Report) -> str:
    entries = AuditEntry.objects.filter(object_kind=report._meta.label_lower, object_id=str(report.pk), action=ACTION)
    last = entries.select_related("actor").order_by("pk").last()
    return str(last.actor or "") if last else ""
