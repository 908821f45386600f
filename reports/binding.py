"""One PDF of many reports: asked for once, made again, called off, and its file forgotten after some days."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.jobs.ending import FRESH_COUNTERS
from cells.jobs.models import UNFINISHED
from cells.jobs.ringing import ring_on_commit
from cells.models import Organisation
from reports.bundling import Bundled, NothingToBundle, digest_of, papers_of
from reports.models import Bundle
from reports.periods import Period
from reports.requesting import GIVEN_UP

MOST_IN_ONE_PDF = 5000  # three blocs; more would take a worker longer than it may
AT_ONCE = 3  # unfinished ones of one user


class TooMany(Refused):
    def default(self):
        return _("Có hơn %d báo cáo, không gộp thành một tệp PDF được. Hãy tải tệp ZIP, hoặc chọn cấp ủy nhỏ hơn.") % (
            MOST_IN_ONE_PDF
        )


class TooManyAtOnce(Refused):
    def default(self):
        return _("Các tập trước chưa gộp xong. Hãy chờ xong, hoặc hủy bớt, rồi gộp tập khác.")


class Outdated(Refused):
    def default(self):
        return _("Danh sách báo cáo vừa thay đổi. Hãy xem lại danh sách rồi bấm gộp lần nữa.")


def bundle_of(user: User, top: Organisation, period: Period, bundled: list[Bundled]) -> Bundle | None:
    """The one this user has of exactly these reports, in whatever state."""
    own = Bundle.objects.for_user(user).defer("papers")
    return own.filter(top=top, period=period.code, papers_sha256=digest_of(bundled)).first()


@transaction.atomic
def ask(user: User, top: Organisation, period: Period, bundled: list[Bundled], seen: str, request=None) -> Bundle:
    """One PDF of the reports that `seen` is the digest of: the one that is there or in work, else a new job."""
    if not bundled:
        raise NothingToBundle
    if len(bundled) > MOST_IN_ONE_PDF:
        raise TooMany
    if digest_of(bundled) != seen:
        raise Outdated
    asked = {"asked_by": user, "top": top, "period": period.code, "papers_sha256": seen}
    papers = {"papers": papers_of(bundled), "count": len(bundled)}
    bundle, is_new = Bundle.unscoped.get_or_create(**asked, defaults=papers)
    if is_new:
        put_to_work(bundle, request)
    else:
        make_again(bundle, request, listed_at=timezone.now())
    return bundle


@transaction.atomic
def make_again(bundle: Bundle, request=None, **changes) -> None:
    """One that failed, was called off or is no longer there; any other is left alone."""
    rows = Bundle.unscoped.filter(pk=bundle.pk)
    over = Q(state__in=GIVEN_UP) | Q(removed_at__isnull=False)
    if not is_on_disk(bundle):
        over |= Q(state=Bundle.State.DONE)
    afresh = FRESH_COUNTERS | {"created": Now(), "path": "", "removed_at": None, "seen_at": None}
    if rows.filter(over).update(**afresh | changes):
        put_to_work(bundle, request)
    bundle.refresh_from_db()


def put_to_work(bundle: Bundle, request) -> None:
    """Under the user's own row, so that bundles asked for at once are all counted."""
    user = User.objects.select_for_update().get(pk=bundle.asked_by_id)
    if Bundle.unscoped.filter(asked_by=user, state__in=UNFINISHED).count() > AT_ONCE:
        raise TooManyAtOnce
    detail = {"period": bundle.period, "reports": bundle.count}
    record("report.bundle_asked", actor=user, target=bundle, detail=detail, request=request)
    ring_on_commit(bundle)


def is_on_disk(bundle: Bundle) -> bool:
    return bool(bundle.path) and (settings.DATA_DIR / bundle.path).is_file()


@transaction.atomic
def call_off(bundle: Bundle, request=None) -> bool:
    """Whoever works on it finds out at the next page it tells of, and leaves nothing."""
    unfinished = Bundle.unscoped.filter(pk=bundle.pk, state__in=UNFINISHED)
    called_off = unfinished.update(
        state=Bundle.State.CANCELLED, step="", lease_until=None, deadline=None, finished=Now(), seen_at=Now()
    )
    if called_off:
        record("report.bundle_called_off", target=bundle, request=request)
    return bool(called_off)


def forget_old(before: dt.datetime) -> int:
    """The files of bundles that were made before; the rows stay and say so."""
    old = Bundle.unscoped.filter(state=Bundle.State.DONE, finished__lt=before, removed_at=None)
    paths = [settings.DATA_DIR / path for path in old.values_list("path", flat=True)]
    count = old.update(removed_at=timezone.now())
    transaction.on_commit(lambda: unlink(paths), robust=True)
    return count


def unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
