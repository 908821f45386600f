"""What is decided about reports, as dated rows: nothing that has begun is changed, a new row takes over on its day."""

from django.db import transaction

from accounts.auditing import record
from accounts.models import User
from cells.models import PaperLayout
from reports.models import ReportRoute

ROUTE_KEY = ("organisation", "issuers", "span", "first_day")


@transaction.atomic
def set_layout(told: dict, *, actor: User, request=None) -> PaperLayout:
    layout, _is_new = PaperLayout.unscoped.update_or_create(first_day=told["first_day"], defaults=told)
    detail = {"code": layout.code, "first_day": layout.first_day}
    record("layout.set", actor=actor, target=layout, detail=detail, request=request)
    return layout


@transaction.atomic
def set_route(told: dict, *, actor: User, request=None) -> ReportRoute:
    key = {name: told[name] for name in ROUTE_KEY}
    route, _is_new = ReportRoute.unscoped.update_or_create(**key, defaults=told)
    detail = {name: getattr(route, name) for name in ("issuers", "span", "through_board", "first_day")}
    record("report_route.set", actor=actor, target=route, place=route.organisation_id, detail=detail, request=request)
    return route
