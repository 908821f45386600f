"""What follows from an order, row by row, and what forbids it. Nothing is written here."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from cells.changing import Changes
from cells.dated import FOREVER
from cells.models import (
    CELL_KINDS,
    Membership,
    Organisation,
    OrganisationFunction,
    OrganisationPeriod,
    Post,
    Role,
    Standing,
    Status,
    Term,
    name_keys,
)
from cells.restructuring.orders import Kind, Order
from cells.restructuring.rosters import move_members, same, spans_of
from cells.restructuring.tree import ONE_DAY, Tree, faults

FEWEST_OFFICIAL = 3  # a cell is founded with three official members (Điều lệ Đảng, Điều 10)


@dataclass
class Plan:
    order: Order
    changes: Changes
    tree: Tree
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    ended: list[Organisation] = field(default_factory=list)
    heirs: dict[int, Organisation] = field(default_factory=dict)
    founded: list[Organisation] = field(default_factory=list)
    rehung: list[Organisation] = field(default_factory=list)
    spans: list[Membership] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)  # of the organisations that end

    @cached_property
    def digest(self) -> str:
        """Two plans of one digest do the same to the same rows."""
        return hashlib.sha256(json.dumps(self.changes.told(), ensure_ascii=False).encode()).hexdigest()

    @property
    def day(self) -> dt.date:
        return self.order.day

    @cached_property
    def rosters_changed(self) -> set[int]:
        """Cells, among those that exist already, whose roster changes."""
        cells = set()
        for step in self.changes.of(Membership):
            cells |= {step.row.cell_id, getattr(step.values.get("cell"), "pk", None)}
        return cells - {None}

    def name_of(self, organisation: Organisation) -> str:
        """What it is called on the day before, or what it is going to be called."""
        before = self.tree.on(organisation, self.day - ONE_DAY) or self.tree.on(organisation, self.day)
        return before.name if before else next(new.name for new in self.order.new if new.code == organisation.code)


def make_plan(order: Order) -> Plan:
    """Reads everything afresh; raises nothing, all that is wrong stands in `problems`."""
    changes = Changes()
    plan = Plan(order, changes, Tree(changes))
    check_organisations(plan)
    if plan.problems:
        return plan
    PLANNERS[order.kind](plan)
    if not plan.problems and faults(plan.tree.planned()) - faults(plan.tree.as_stored()):
        text = _("Sau sắp xếp sẽ có đơn vị trực thuộc chính nó, hoặc trực thuộc một đơn vị không còn hiệu lực.")
        plan.problems.append(text)
    if not plan.problems:
        warn(plan)
    return plan


def check_organisations(plan: Plan) -> None:
    for organisation in plan.order.organisations:
        check_in_force(plan, organisation)
    for organisation in (plan.order.parent, plan.order.heir):
        if organisation and not plan.tree.lasts_from(organisation, plan.day):
            text = _("%(name)s không có hiệu lực liên tục từ ngày %(day)s.")
            plan.problems.append(text % {"name": last_name(plan, organisation), "day": shown(plan.day)})
    taken = Organisation.unscoped.filter(code__in=[new.code for new in plan.order.new]).values_list("code", flat=True)
    plan.problems += [_("Mã %s đã có đơn vị khác mang.") % code for code in taken]


def check_in_force(plan: Plan, organisation: Organisation) -> None:
    names = {"name": last_name(plan, organisation), "day": shown(plan.day)}
    ends = is_ended(plan, organisation)
    later = plan.tree.begins_later(organisation, plan.day)
    if later:
        text = _("%(name)s đã có thay đổi từ %(later)s, sau ngày có hiệu lực %(day)s. Hãy hoàn tác thay đổi đó trước.")
        plan.problems.append(text % (names | {"later": shown(later)}))
    elif not plan.tree.lasts_from(organisation, plan.day):
        plan.problems.append(_("%(name)s không còn hiệu lực từ ngày %(day)s.") % names)
    elif ends and not plan.tree.on(organisation, plan.day - ONE_DAY):
        plan.problems.append(_("%(name)s chưa có trước ngày %(day)s nên không thể kết thúc từ ngày đó.") % names)


def is_ended(plan: Plan, organisation: Organisation) -> bool:
    kind = plan.order.kind
    return kind in {Kind.MERGE, Kind.ABSORB, Kind.DISSOLVE} or (kind == Kind.SPLIT and plan.order.ends)


def last_name(plan: Plan, organisation: Organisation) -> str:
    rows = plan.tree.rows[organisation.pk]
    return rows[-1].name if rows else organisation.code


def shown(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def is_cell(plan: Plan, organisation: Organisation) -> bool:
    period = plan.tree.on(organisation, plan.day)
    if period is None:
        return next(new.kind for new in plan.order.new if new.code == organisation.code) in CELL_KINDS
    return period.kind in CELL_KINDS


def found(plan: Plan) -> None:
    for new in plan.order.new:
        organisation = Organisation(code=new.code)
        plan.founded.append(organisation)
        plan.changes.create(organisation)
    for organisation, new in zip(plan.founded, plan.order.new, strict=True):
        period = OrganisationPeriod(
            organisation=organisation,
            name=new.name,
            kind=new.kind,
            parent=plan.order.parent,
            first_day=plan.day,
            decision=plan.order.decision,
            **name_keys(new.name),
        )
        plan.changes.create(period)


def rename(plan: Plan) -> None:
    name = plan.order.name
    for organisation in plan.order.organisations:
        turn(plan, organisation, name=name, **name_keys(name))


def move(plan: Plan) -> None:
    for organisation in plan.order.organisations:
        turn(plan, organisation, parent=plan.order.parent)


def turn(plan: Plan, organisation: Organisation, **values) -> None:
    plan.tree.turn(plan.tree.on(organisation, plan.day), plan.day, plan.order.decision, **values)


def merge(plan: Plan) -> None:
    check_alike(plan)
    found(plan)
    heir = plan.founded[0]
    end_all(plan, dict.fromkeys(plan.order.organisations, heir), lambda child: heir, lambda span: heir)


def absorb(plan: Plan) -> None:
    check_alike(plan)
    heir = plan.order.heir
    end_all(plan, dict.fromkeys(plan.order.organisations, heir), lambda child: heir, lambda span: heir)


def check_alike(plan: Plan) -> None:
    """Cells become a cell and committees a committee; anything else would strand members or what hangs below."""
    kinds = {is_cell(plan, organisation) for organisation in plan.order.organisations}
    kinds |= {new.kind in CELL_KINDS for new in plan.order.new}
    if plan.order.heir:
        kinds.add(is_cell(plan, plan.order.heir))
    if len(kinds) > 1:
        plan.problems.append(_("Không gộp chi bộ với đảng bộ: hãy chọn toàn chi bộ hoặc toàn đảng bộ."))


def split(plan: Plan) -> None:
    check_alike(plan)
    found(plan)
    source = plan.order.organisations[0]
    stay = None if plan.order.ends else source

    def new_place(numbers, pk):
        return plan.founded[numbers[pk]] if pk in numbers else stay

    if plan.order.ends:
        heirs = {source: plan.founded[plan.order.first_heir]}
        end_all(
            plan,
            heirs,
            lambda child: new_place(plan.order.children, child.pk),
            lambda span: new_place(plan.order.people, span.person_id),
        )
        return
    rehang(plan, [source], lambda child: new_place(plan.order.children, child.pk))
    shift_people(plan, [source], lambda span: new_place(plan.order.people, span.person_id))


def dissolve(plan: Plan) -> None:
    """What hung below goes to the chosen organisation, or climbs to the first one above that goes on."""
    heir = plan.order.heir
    gone = {organisation.pk for organisation in plan.order.organisations}

    def above(organisation: Organisation) -> Organisation | None:
        period = plan.tree.on(organisation, plan.day)
        parent = period.parent
        return above(parent) if parent and parent.pk in gone else parent

    def new_parent(child: Organisation, old: Organisation) -> Organisation | None:
        return plan.order.parent or above(old)

    has_cells = any(is_cell(plan, organisation) for organisation in plan.order.organisations)
    if heir and (heir.pk in gone or is_cell(plan, heir) != has_cells):
        plan.problems.append(_("Đơn vị kế tục phải cùng loại và không thuộc các đơn vị giải thể."))
        return
    heirs = dict.fromkeys(plan.order.organisations, heir)
    end_all(plan, heirs, new_parent, lambda span: heir, by_parent=True)


def end_all(plan: Plan, heirs, new_parent, new_cell, by_parent: bool = False) -> None:
    """These end; what hangs below them, their members, posts and bodies go where they are told."""
    plan.ended = list(heirs)
    plan.heirs = {organisation.pk: heir for organisation, heir in heirs.items() if heir}
    for organisation, heir in heirs.items():
        plan.tree.end(organisation, plan.day)
        plan.changes.change(organisation, successor=heir, version=organisation.version + 1)
    rehang(plan, heirs, new_parent, by_parent)
    shift_people(plan, heirs, new_cell)
    end_posts(plan)
    for model in (OrganisationFunction, Term):
        end_rows(plan, model.unscoped.overlapping(plan.day, None).filter(organisation__in=plan.ended))


def rehang(plan: Plan, parents: Iterable[Organisation], new_parent, by_parent: bool = False) -> None:
    gone = {organisation.pk for organisation in plan.ended}
    for old in parents:
        for period in plan.tree.children_from(old, plan.day):
            child = period.organisation
            if child.pk in gone:
                continue
            parent = new_parent(child, old) if by_parent else new_parent(child)
            if parent is None:
                plan.problems.append(_("Chưa chọn nơi trực thuộc mới cho %s.") % period.name)
            elif parent is not old and parent.pk != old.pk:
                plan.tree.turn(period, plan.day, plan.order.decision, parent=parent)
                plan.rehung.append(child)


def shift_people(plan: Plan, cells: Iterable[Organisation], new_cell) -> None:
    cells = list(cells)
    numbers = {cell.pk for cell in cells}
    takers = [plan.order.heir] if plan.order.heir else []
    plan.spans = spans_of(cells, takers, plan.day)
    missing = [span for span in plan.spans if span.cell_id in numbers and new_cell(span) is None]
    if missing:
        names = {span.person.full_name for span in missing}
        plan.problems.append(_("%d đảng viên chưa có nơi sinh hoạt mới. Hãy chọn chi bộ tiếp nhận.") % len(names))
        return

    def target(span: Membership) -> Organisation | None:
        if span.cell_id not in numbers:
            return None
        cell = new_cell(span)
        return None if same(cell, span.cell) else cell

    move_members(plan.changes, plan.spans, plan.day, target)


def end_posts(plan: Plan) -> None:
    """A post ends with its organisation; if wished it goes on at the heir, once for each user and role."""
    rows = Post.unscoped.overlapping(plan.day, None).select_related("user", "organisation")
    plan.posts = list(rows.filter(organisation__in=plan.ended).order_by("organisation", "role", "pk"))
    heirs = {heir.pk for heir in plan.heirs.values() if heir.pk}
    held = {(post.user_id, post.role, post.organisation_id) for post in rows.filter(organisation__in=heirs)}
    for post in plan.posts:
        heir = plan.heirs.get(post.organisation_id) if plan.order.carries_posts else None
        place = heir and (post.user_id, post.role, heir.pk or heir.code)
        goes_on = heir is not None and place not in held
        held.add(place)
        if goes_on:
            first_day = max(post.first_day, plan.day)
            plan.changes.create(
                Post(user=post.user, organisation=heir, role=post.role, first_day=first_day, last_day=post.last_day)
            )
    end_rows(plan, plan.posts)


def end_rows(plan: Plan, rows) -> None:
    for row in rows:
        if row.first_day < plan.day:
            plan.changes.change(row, last_day=plan.day - ONE_DAY)
        else:
            plan.changes.delete(row)


def nobody_moves(plan: Plan) -> None:
    return None


PLANNERS = {
    Kind.FOUND: found,
    Kind.RENAME: rename,
    Kind.MOVE: move,
    Kind.MERGE: merge,
    Kind.ABSORB: absorb,
    Kind.SPLIT: split,
    Kind.DISSOLVE: dissolve,
}


def warn(plan: Plan) -> None:
    if plan.day < timezone.localdate():
        text = _("Ngày có hiệu lực đã qua: số liệu “theo cơ cấu lúc đó” từ ngày %s được tính lại.")
        plan.warnings.append(text % shown(plan.day))
    if (plan.ended or plan.founded) and plan.day.day != 1:
        text = _("Ngày có hiệu lực không phải ngày đầu tháng: tháng đó không tính là tháng phải sinh hoạt.")
        plan.warnings.append(text)
    warn_of_small_cells(plan)
    warn_of_secretaries(plan)


def warn_of_small_cells(plan: Plan) -> None:
    moves = plan.changes.of(Membership)
    touched = {id(cell): cell for step in moves for cell in (step.values.get("cell"), step.row.cell)}
    cells = [cell for cell in touched.values() if cell and cell not in plan.ended]
    cells += [new for new in plan.founded if id(new) not in touched and is_cell(plan, new)]
    for cell in {cell.code: cell for cell in cells}.values():
        count = official_members(plan, cell)
        if count < FEWEST_OFFICIAL:
            text = _("%(name)s sẽ có %(count)d đảng viên chính thức; chi bộ cần ít nhất %(least)d.")
            plan.warnings.append(text % {"name": plan.name_of(cell), "count": count, "least": FEWEST_OFFICIAL})


def official_members(plan: Plan, cell: Organisation) -> int:
    stored = Membership.unscoped.on(plan.day).filter(cell=cell) if cell.pk else []
    rows = {row.pk: row for row in [*stored, *plan.spans]}
    here = [
        values
        for values in plan.changes.after(Membership, rows.values())
        if is_at(values, cell) and values["status"] != Status.HOSTED and values["standing"] == Standing.OFFICIAL
        if values["first_day"] <= plan.day <= (values["last_day"] or FOREVER)
    ]
    return len({values["person_id"] for values in here})


def is_at(values: dict, cell: Organisation) -> bool:
    return values["cell_id"] is cell or (cell.pk is not None and values["cell_id"] == cell.pk)


def warn_of_secretaries(plan: Plan) -> None:
    fresh = [step.row for step in plan.changes.of(Post) if step.action == "create" and step.row.role == Role.SECRETARY]
    for heir in {id(post.organisation): post.organisation for post in fresh}.values():
        stored = Post.unscoped.on(plan.day).filter(organisation=heir, role=Role.SECRETARY) if heir.pk else []
        users = {post.user_id for post in stored} | {post.user_id for post in fresh if post.organisation is heir}
        if len(users) > 1:
            text = _("%(name)s sẽ có %(count)d người giữ nhiệm vụ bí thư. Hãy kết thúc bớt sau khi sắp xếp.")
            plan.warnings.append(text % {"name": plan.name_of(heir), "count": len(users)})
