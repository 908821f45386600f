"""A plan as its preview shows it: before and after, who moves where, what hangs on what ends."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.text import capfirst

from cells.dated import FOREVER
from cells.dependants import Hanging, registered
from cells.models import Kind, Lineage, Membership, Organisation, OrganisationPeriod, Post, Status
from cells.restructuring.planning import Plan
from cells.restructuring.tree import ONE_DAY


@dataclass(frozen=True)
class Line:
    """An organisation on one of the two days."""

    name: str
    kind: str
    parent: str


@dataclass(frozen=True)
class Comparison:
    before: Line | None
    after: Line | None


@dataclass(frozen=True)
class Move:
    origin: str
    target: str
    count: int


@dataclass(frozen=True)
class PostLine:
    user: str
    role: str
    organisation: str
    heir: str


@dataclass(frozen=True)
class Preview:
    comparisons: list[Comparison] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    members_before: int = 0
    members_after: int = 0
    hanging: list[Hanging] = field(default_factory=list)
    posts: list[PostLine] = field(default_factory=list)


def preview(plan: Plan) -> Preview:
    names = Names(plan)
    before, after = places_of_members(plan)
    origins = dict(before)
    pairs = ((origins[person], names.key(cell)) for person, cell in after)
    moved = Counter((origin, target) for origin, target in pairs if origin != target)
    others = members_elsewhere(plan, set(origins))
    return Preview(
        comparisons=names.comparisons(),
        moves=[Move(names.of(origin), names.of(target), count) for (origin, target), count in moved.items()],
        members_before=len(before) + others,
        members_after=len(after) + others,
        hanging=[one for dependant in registered() for one in dependant.hanging_on(plan.ended, plan.day) if one.count],
        posts=[post_line(post, plan, names) for post in plan.posts],
    )


class Names:
    """What organisations are called before and after; a key, or for a new one the organisation itself, asks for it."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.touched = {self.key(step.row.organisation): step.row for step in plan.changes.of(OrganisationPeriod)}
        rows = [row for key in self.touched for row in plan.tree.rows.get(key, ()) if isinstance(key, int)]
        planned = plan.changes.after(OrganisationPeriod, rows)
        on_day = [v for v in planned if v["first_day"] <= plan.day <= (v["last_day"] or FOREVER)]
        self.after = {self.key(values["organisation_id"]): values for values in on_day}

    def key(self, organisation):
        if not isinstance(organisation, Organisation):
            return organisation
        return organisation.pk or organisation.code

    def of(self, organisation) -> str:
        key = self.key(organisation)
        if key is None:
            return ""
        return self.after[key]["name"] if key in self.after else self.before_name(key)

    def before_name(self, key) -> str:
        rows = self.plan.tree.rows.get(key) or []
        day = self.plan.day - ONE_DAY
        known = [row for row in rows if row.first_day <= day] or rows
        return known[-1].name if known else str(key)

    def comparisons(self) -> list[Comparison]:
        found = [Comparison(self.line_before(key), self.line_after(key)) for key in self.touched]
        return sorted((one for one in found if one.before != one.after), key=lambda one: one.after is not None)

    def line_before(self, key) -> Line | None:
        day = self.plan.day - ONE_DAY
        rows = self.plan.tree.rows.get(key, ()) if isinstance(key, int) else ()
        row = next((row for row in rows if row.first_day <= day <= (row.last_day or FOREVER)), None)
        return row and Line(row.name, kind_label(row.kind), self.before_name(row.parent_id) if row.parent_id else "")

    def line_after(self, key) -> Line | None:
        values = self.after.get(key)
        return values and Line(values["name"], kind_label(values["kind"]), self.of(values["parent_id"]))


def kind_label(kind: str) -> str:
    return capfirst(Kind(kind).label)


Place = tuple[int, int]  # person, cell; one for each home row, so that a member doubled is counted twice


def places_of_members(plan: Plan) -> tuple[list[Place], list[Place]]:
    """Where the members of what is reorganised would be at home on the day without the change, and with it."""
    concerned = {organisation.pk for organisation in plan.order.organisations}
    before = [place for place in at_home(map(values_at, plan.spans), plan.day) if place[1] in concerned]
    members = {person for person, _cell in before}
    planned = at_home(plan.changes.after(Membership, plan.spans), plan.day)
    return before, [place for place in planned if place[0] in members]


def values_at(row: Membership) -> dict:
    return {name: getattr(row, name) for name in ("person_id", "cell_id", "status", "first_day", "last_day")}


def at_home(spans: Iterable[dict], day) -> list[Place]:
    here = (v for v in spans if v["first_day"] <= day <= (v["last_day"] or FOREVER) and v["status"] != Status.HOSTED)
    return [(values["person_id"], values["cell_id"]) for values in here]


def members_elsewhere(plan: Plan, counted: set[int]) -> int:
    """At cells below what is touched, but with no change of their own."""
    stored = [key for key in {step.row.organisation_id for step in plan.changes.of(OrganisationPeriod)} if key]
    below = Lineage.unscoped.on(plan.day).filter(ancestor__in=stored).values("descendant")
    members = Membership.unscoped.on(plan.day).home().filter(cell__in=below)
    return len(set(members.values_list("person_id", flat=True)) - counted)


def post_line(post: Post, plan: Plan, names: Names) -> PostLine:
    heir = plan.heirs.get(post.organisation_id) if plan.order.carries_posts else None
    return PostLine(str(post.user), post.get_role_display(), names.before_name(post.organisation_id), names.of(heir))
