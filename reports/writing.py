"""What people write of a report, III and IV, field by field, so that two who write at once lose nothing.

As with the record of a session (sessions/noting.py): whoever saves says with each text on which one it was based.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import AuditEntry, User
from accounts.refusing import Refused
from reports.models import Report, ReportWording, Stage
from sessions.noting import Clash, Conflict, token

ACTION = "report.written"
TEXTS = tuple(ReportWording.Part.values)
SITTING = dt.timedelta(minutes=30)  # what one writer saves by and by within it is one wording


class NotADraft(Refused):
    def default(self):
        return _("Báo cáo không còn là dự thảo nên không sửa được. Đã trình thì lấy lại, đã ký thì lập bản thay thế.")


class OutdatedWording(Refused):
    def default(self):
        return _("Nội dung vừa được sửa. Hãy đọc lại các lần ghi dưới đây rồi chọn.")


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
def save(
    report: Report,
    wanted: Mapping[str, str],
    base: Mapping[str, str],
    *,
    is_restored: bool = False,
    actor: User,
    request=None,
) -> list[str]:
    """Write the texts that differ from what is stored; returns their names. The same again changes nothing.

    An earlier wording that is `is_restored` stands beside what it takes the place of.
    """
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
        keep(report, changes, actor, is_anew=is_restored)
        Report.unscoped.filter(pk=report.pk).update(**changes, version=report.version + 1)
        detail = {"fields": sorted(changes), "version": report.version + 1}
        record(ACTION, actor=actor, target=report, detail=detail, request=request)
    return sorted(changes)


def keep(report: Report, changes: Mapping[str, str], writer: User, *, is_anew: bool) -> None:
    """Each text beside those before it, so that nothing that was written is lost."""
    now = timezone.now()
    for part, text in changes.items():
        last = report.wordings.filter(part=part).last()
        if last and not is_anew and is_of_one_sitting(last, text, writer, now):
            last.text, last.saved = text, now
            last.save(update_fields=["text", "saved"])
            continue
        if last is None and (before := getattr(report, part)):  # taken over from the version that came back
            report.wordings.create(part=part, text=before, begun=report.created, saved=report.created)
        report.wordings.create(part=part, text=text, writer=writer, begun=now, saved=now)


def is_of_one_sitting(last: ReportWording, text: str, writer: User, now: dt.datetime) -> bool:
    """Whoever deletes most of it begins another wording: that may have been a slip."""
    return last.writer_id == writer.pk and now - last.begun < SITTING and 2 * len(text) >= len(last.text)


def take_again(wording: ReportWording, base: str, *, actor: User, request=None) -> list[str]:
    """An earlier wording once more; `base` tells the one that its reader saw in its place."""
    told = {"is_restored": True, "actor": actor, "request": request}
    return save(wording.report, {wording.part: wording.text}, {wording.part: base}, **told)


def last_author(report: Report) -> str:
    entries = AuditEntry.objects.filter(object_kind=report._meta.label_lower, object_id=str(report.pk), action=ACTION)
    last = entries.select_related("actor").order_by("pk").last()
    return str(last.actor or "") if last else ""
