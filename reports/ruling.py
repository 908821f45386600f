"""What is decided about reports, as dated rows: nothing that has begun is changed, a new row takes over on its day."""

from django.db import transaction

from accounts.auditing import record
from accounts.models import User
from cells.models import PaperLayout
from reports.models import ReportRoute

Rule = PaperLayout | ReportRoute
LAYOUT_KEY = ("first_day",)
ROUTE_KEY = ("organisation", "issuers", "span", "first_day")


class AlreadyRuled(Exception):
    """From that day on `stored` holds, which the writer has not seen."""

    def __init__(self, stored: Rule):
        self.stored = stored


@transaction.atomic
def set_layout(told: dict, *, seen: str = "", actor: User, request=None) -> PaperLayout:
    layout = put(PaperLayout, LAYOUT_KEY, told, seen)
    detail = {"code": layout.code, "first_day": layout.first_day}
    record("layout.set", actor=actor, target=layout, detail=detail, request=request)
    return layout


@transaction.atomic
def set_route(told: dict, *, seen: str = "", actor: User, request=None) -> ReportRoute:
    route = put(ReportRoute, ROUTE_KEY, told, seen)
    detail = {name: getattr(route, name) for name in ("issuers", "span", "through_board", "first_day")}
    record("report_route.set", actor=actor, target=route, place=route.organisation_id, detail=detail, request=request)
    return route


def put(rules: type[Rule], names: tuple[str, ...], told: dict, seen: str) -> Rule:
    """Only what its writer has seen is written over."""
    key = {name: told[name] for name in names}
    row, is_new = rules.unscoped.select_for_update().get_or_create(**key, defaults=told)
    if is_new:
        return row
    if seen_as(row) != seen:
        raise AlreadyRuled(row)
    for name, value in told.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    return row


def seen_as(row: Rule) -> str:
    """Names the row too: whoever saw version 1 of one day has not seen version 1 of another."""
    return f"{row.public_id} {row.version}"
