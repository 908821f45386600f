"""How much one user takes away, as files or on paper: rows of a list, lists in an hour (reliability.md, check 65)."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import AuditEntry, User
from accounts.refusing import Refused
from accounts.returning import came_from
from cells.papers.wording import thousands

AN_HOUR = dt.timedelta(hours=1)
# What the trail calls a list that is taken away: by these entries the next ones are counted.
COUNTED = (
    "audit.exported",
    "handover.exported",
    "outline.receipts_exported",
    "roster.exported",
    "roster.printed",
    "site.table_exported",
    "table.exported",
    "table.printed",
)


class TooLong(Refused):
    def default(self):
        text = _(
            "Danh sách này có hơn %(most)s dòng, nhiều hơn số được lấy một lần. Hãy quay lại và thu hẹp danh sách: "
            "tìm, lọc, chọn một đơn vị trực thuộc hoặc một khoảng thời gian ngắn hơn, rồi lấy từng phần."
        )
        return text % {"most": thousands(settings.EXPORT_ROWS)}


class TooOften(Refused):
    def __init__(self, again_at: dt.datetime):
        text = _(
            "Trong một giờ qua đồng chí đã tải hoặc in %(count)s danh sách, đủ số cho phép. "
            "Từ %(time)s đồng chí lấy tiếp được; trong khi chờ, danh sách vẫn xem được trên màn hình."
        )
        time = f"{timezone.localtime(again_at):%H:%M}"
        super().__init__(text % {"count": settings.EXPORTS_AN_HOUR, "time": time})


def taken_away(request, action: str, rows: int, *, target=None) -> HttpResponse | None:
    """Enters in the trail that a list is about to be handed out; or gives the page that says why it is not."""
    try:
        note(request, action, rows, target)
    except TooLong as refusal:
        return refused(request, refusal, 422)
    except TooOften as refusal:
        return refused(request, refusal, 429)
    return None


@transaction.atomic
def note(request, action: str, rows: int, target) -> None:
    # Under the user's own row, so that lists asked for at once are all counted.
    User.objects.select_for_update().get(pk=request.user.pk)
    if rows > settings.EXPORT_ROWS:
        raise TooLong
    refuse_too_often(request.user)
    record(action, target=target, detail={"rows": rows, "path": request.path}, request=request)


def refuse_too_often(user: User) -> None:
    limit = settings.EXPORTS_AN_HOUR
    taken = AuditEntry.objects.filter(actor=user, action__in=COUNTED, at__gt=timezone.now() - AN_HOUR)
    times = taken.order_by("-at").values_list("at", flat=True)[:limit]
    if len(times) >= limit:
        raise TooOften(times[limit - 1] + AN_HOUR)


def refused(request, refusal: Refused, status: int) -> HttpResponse:
    return render(
        request, "cells/not_taken_away.html", {"text": refusal.text, "back": came_from(request)}, status=status
    )


def first_rows(queryset):
    """One more than may be taken away, so that it is seen when there are too many."""
    return queryset[: settings.EXPORT_ROWS + 1]
