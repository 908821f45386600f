"""What every page of figures begins with: an organisation, a period and a structure, read in one state; tables too."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, wraps

from django.core.paginator import Page, Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells import spreadsheets
from cells.access import roles
from cells.models import Organisation, OrganisationFunction
from cells.reading import in_one_state, one_state
from reports.access import READS_FIGURES, measurable, watched
from reports.belonging import NOW, THEN
from reports.dashboard import Place, line_above
from reports.forms import PeriodQuery, complete_months
from reports.statistics import names_on

ON_A_PAGE = 50
ON_PAPER = 2000  # rows of a table that is shown whole, to be printed


@dataclass(frozen=True)
class Opened:
    """The organisation that a page is about, and whether its figures of the period are the user's to read."""

    organisation: Organisation
    name: str
    is_cell: bool
    query: PeriodQuery
    above: list[Place]
    is_readable: bool

    @cached_property
    def board(self) -> str:
        """What its propaganda board was called on the last day of the period; blank where there was none."""
        boards = OrganisationFunction.objects.on(self.query.period.until).filter(
            organisation=self.organisation, function=OrganisationFunction.Function.PROPAGANDA
        )
        return boards.values_list("body_name", flat=True).first() or ""

    @property
    def dashboard_url(self) -> str:
        return self.query.address(reverse("reports:dashboard_of", args=[self.organisation.public_id]))

    def crumbs(self, *below: str) -> list[tuple[str, str]]:
        line = [(place.name, place.url) for place in self.above]
        return [*line, (self.name, self.dashboard_url if below else ""), *[(name, "") for name in below]]


def opened(request, public_id, query: PeriodQuery) -> Opened:
    reach = request.user.reach
    organisation = get_object_or_404(Organisation.objects.filter(watched(reach)), public_id=public_id)
    named = names_on([organisation], query.period.until)[organisation.pk]
    return Opened(
        organisation,
        named.name,
        named.is_cell,
        query,
        line_above(organisation, query, reach),
        bool(measurable(reach, [organisation.pk], query.days, query.read_in)),
    )


def figures_page(query_class: Callable) -> Callable:
    """The view gets the organisation opened: `view(request, here)`. Foreign is 404; a time elsewhere says only that."""

    def decorate(view):
        @roles(*READS_FIGURES)
        @require_safe
        @in_one_state
        @wraps(view)
        def opening(request, public_id):
            here = opened(request, public_id, query_class(request.GET))
            return view(request, here) if here.is_readable else not_readable(request, here)

        return opening

    return decorate


def figures_table(query_class: Callable) -> Callable:
    """The same for a table to take away: the view gives (what it is about, headings, rows)."""

    def decorate(view):
        @roles(*READS_FIGURES)
        @require_safe
        @wraps(view)
        def opening(request, public_id):
            with one_state():
                here = opened(request, public_id, query_class(request.GET))
                if not here.is_readable:
                    return not_readable(request, here)
                subject, headings, rows = view(request, here)
            return take_away(request, here, subject, headings, rows)

        return opening

    return decorate


def take_away(request, here: Opened, subject: str, headings: list[str], rows: Iterable, **options):
    title = table_title(here, subject)
    return spreadsheets.table_response(request, here.organisation, title, headings, rows, **options)


def show(request, here: Opened, template: str, *crumbs: str, **context):
    shown = {"here": here, "query": here.query, "crumbs": here.crumbs(*crumbs), **period_context(here)}
    return render(request, f"reports/{template}.html", shown | context)


def not_readable(request, here: Opened):
    return show(request, here, "not_readable")


def page_of(rows, query: PeriodQuery) -> Page:
    """Fifty rows, or all of them where the table is to be printed."""
    size = ON_PAPER if query.values["whole"] else ON_A_PAGE
    return Paginator(rows, size).get_page(query.values["page"])


def period_context(here: Opened) -> dict:
    """What every page says of its period: its name, the switch of structure, and whether it is not over yet."""
    query = here.query
    period = query.period
    complete = complete_months(timezone.localdate())
    runs_on = period.until > complete.until
    has_whole_months = complete.until >= period.first_day
    return {
        "period": period,
        "period_label": capfirst(period.label),
        "is_now": query.values["structure"] == NOW,
        "then_url": query.link(structure=THEN),
        "now_url": query.link(structure=NOW),
        "carried": carried(query, but={"span", "year", "until", "page", "whole"}),
        "carried_period": carried(query, only={"span", "year", "until", "structure"}),
        "is_not_over": runs_on,
        "not_over_until": f"{complete.until:%d/%m/%Y}",
        "not_over_url": query.link(until=f"{complete.until:%d/%m/%Y}") if runs_on and has_whole_months else "",
    }


def carried(query: PeriodQuery, *, only: Iterable[str] | None = None, but: Iterable[str] = ()) -> list[tuple[str, str]]:
    """What a form leaves as it is, for its hidden fields."""
    given = query.given()
    names = [name for name in given if name not in but and (only is None or name in only)]
    return [(name, value) for name in names for value in given[name]]


@dataclass(frozen=True)
class Column:
    """A heading; with an address it sorts, and pressed again it turns the order round."""

    label: str
    css: str = "number"
    url: str = ""
    is_current: bool = False
    direction: str = "ascending"

    @property
    def icon(self) -> str:
        return "sort-up" if self.direction == "ascending" else "sort-down"


def columns(query: PeriodQuery, labels: Iterable[tuple[str, str]], css: str = "") -> list[Column]:
    """Headings of (sort, label); all but the first, which is that of the names, in this class."""
    return [column(query, sort, label, css if at else "") for at, (sort, label) in enumerate(labels)]


def column(query: PeriodQuery, sort: str, label: str, css: str) -> Column:
    current, falling = query.values["sort"], f"-{sort}"
    offered = {value for value, _label in query.fields["sort"].choices}
    turned = falling if current == sort and falling in offered else sort
    direction = "descending" if current == falling else "ascending"
    return Column(label, css, query.link(sort=turned), current in (sort, falling), direction)


def table_title(here: Opened, subject: str) -> str:
    structure = _("cơ cấu hiện nay") if here.query.values["structure"] == NOW else _("cơ cấu lúc đó")
    period = here.query.period
    return f"{here.name} – {subject} – {period.label} (đến {period.until:%d/%m/%Y}, {structure})"
