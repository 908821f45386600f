from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cells.access import roles
from cells.reach import ANYONE
from reports.home import home_of
from reports.views_reports import described


@roles(ANYONE)
@require_safe
def home(request):
    shown = home_of(request.user, timezone.localdate())
    context = {
        "shown": shown,
        "notices": described(notice.report for notice in shown.notices),
        "working": described(shown.working),
    }
    return render(request, "reports/home.html", context)
