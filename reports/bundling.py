"""All reports of a period under one committee in one file: an archive now, or one PDF that a worker makes."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.file_names import download_name
from accounts.refusing import Refused
from accounts.text import title_key
from cells.models import Lineage, Organisation
from cells.succession import with_predecessors
from reports.making import whole_file
from reports.models import Report, Stage
from reports.periods import Period
from reports.rows import names_at

SENT = (Stage.SENT, Stage.RECEIVED)
ARCHIVED_AT = (1980, 1, 1, 0, 0, 0)


class NothingToBundle(Refused):
    def default(self):
        return _("Chưa có báo cáo nào đã gửi của kỳ này.")


def unreadable(title: str) -> str:
    return _("Không đọc được tệp báo cáo của %s. Hãy báo người quản trị.") % title


@dataclass(frozen=True)
class Bundled:
    report: Report
    name: str

    @property
    def title(self) -> str:
        return f"{self.name}, {self.report.number.symbol}" if self.report.number else self.name


def reports_below(user, top: Organisation, period: Period) -> list[Bundled]:
    """The standing version of each report that was sent, by name; of any cut-off day.

    Of what stood below on that day, as who moved within the period reported to both, to each of its own days; and
    what came up from those whom it took over.
    """
    below = Lineage.unscoped.filter(
        ancestor=top,
        depth__gt=0,
        descendant=OuterRef("organisation"),
        first_day__lte=OuterRef("until"),
        last_day__gte=OuterRef("until"),
    )
    found = Report.objects.for_user(user).filter(
        Exists(below) | Q(receiver__in=with_predecessors([top.pk], user.reach.successors)),
        period=period.code,
        stage__in=SENT,
        conference=None,
        artifact__isnull=False,
    )
    found = found.select_related("artifact", "number", "organisation")
    reports = list(found.defer("content", "figures", "shortcomings", "next_tasks"))  # of 1,475 they are a lot
    names = names_at((report.organisation_id, report.until) for report in reports)
    bundled = [Bundled(report, names[report.organisation_id, report.until]) for report in reports]
    return sorted(bundled, key=lambda one: (title_key(one.name), one.report.pk))


def digest_of(bundled: list[Bundled]) -> str:
    return hashlib.sha256(json.dumps(papers_of(bundled)).encode()).hexdigest()


def papers_of(bundled: list[Bundled]) -> list[list]:
    return [[one.report.pk, one.title] for one in bundled]


def archive(bundled: Iterable[Bundled], file) -> None:
    """As they are: a PDF does not get smaller."""
    bundled = list(bundled)
    if not bundled:
        raise NothingToBundle
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for number, one in enumerate(bundled, start=1):
            name = download_name(f"{number:04} {one.title.replace('/', '-')}.pdf", (".pdf",))
            whole = whole_file(one.report.artifact)
            if whole is None:
                raise Refused(unreadable(one.title))
            with whole:
                packed.writestr(zipfile.ZipInfo(name, ARCHIVED_AT), whole.read())
