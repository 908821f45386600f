"""Random worlds, reorganised at random: nobody is lost or doubled, and every figure stays what its definition says."""

import datetime as dt
from collections import Counter
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cells.exchange.exporting import Everything
from cells.exchange.planning import sheets_in_file_order
from cells.lineage import derive, stored_periods
from cells.models import Lineage, Membership, Organisation, OrganisationPeriod, Reorganisation
from cells.restructuring.carrying_out import carry_out, checked_plan, take_back
from cells.restructuring.orders import Kind, New, Order
from reports.periods import Period
from reports.statistics import figures
from sessions.counting import rebuild_rollup
from tests.cells.books import Book
from tests.factories import PostFactory, UserFactory
from tests.reports import naive
from tests.reports.test_definitions import World, question, seeds
from tests.reports.worlds import some_day

TRIES = 12
CELL, COMMITTEE = "cell", "sectional_committee"


def settled(count: int):
    return settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],  # a smaller failing world says little more, and costs minutes
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


@settled(2)
@given(seed=seeds)
def test_whatever_is_reorganised_the_books_stay_right(db, seed):
    reorganise_at_random(seed)


@pytest.mark.slow
@settled(60)
@given(seed=st.integers(min_value=2_000_000, max_value=9_000_000))
def test_whatever_is_reorganised_the_books_stay_right_in_many_worlds(db, seed):
    reorganise_at_random(seed)


def reorganise_at_random(seed: int) -> None:
    with World(seed) as here:
        here.bring_in(here.book)
        user = UserFactory()
        for organisation in here.chance.sample(list(Organisation.unscoped.order_by("pk")), 3):
            PostFactory(organisation=organisation, user=user)
        done = 0
        for number in range(TRIES):
            done += one_reorganisation(here.chance, number, user)
        assert_books_are_right(here)
        assert done > 0


def one_reorganisation(chance: Random, number: int, user) -> bool:
    """True if it was possible; if it was, it is taken back now and then, and then all is as before."""
    order = some_order(chance, number)
    row = Reorganisation.unscoped.create(kind=order.kind, author=user, day=order.day)
    plan = checked_plan(row, order)
    if plan.problems:
        return False
    before, people = book_now(), home_rows(chance, order.day)
    with transaction.atomic():
        row = carry_out(row, order, plan.digest, actor=user)
    assert home_rows_on(people) == people
    assert_closure_is_derived()
    if chance.random() < 0.3:
        take_back(row, actor=user)
        assert book_now() == before
        assert rebuild_rollup() == 0
        assert_closure_is_derived()
    return True


def some_order(chance: Random, number: int) -> Order:
    day = chance.choice([some_day(chance), dt.date(2026, 3, 1), dt.date(2030, 1, 1)])
    in_force = list(OrganisationPeriod.unscoped.on(day).select_related("organisation").order_by("pk"))
    cells = [period.organisation for period in in_force if period.is_cell]
    committees = [period.organisation for period in in_force if not period.is_cell]
    kind = chance.choice(list(Kind))
    some = cells if chance.random() < 0.7 and cells else committees
    chosen = tuple(chance.sample(some, min(len(some), chance.choice([1, 1, 2, 3]))))
    if kind == Kind.SPLIT:
        chosen = chosen[:1]
    others = [organisation for organisation in some if organisation not in chosen]
    fresh = CELL if some is cells else COMMITTEE
    new = {
        Kind.FOUND: (New(f"M{number}", f"Mới {number}", chance.choice([CELL, COMMITTEE])),),
        Kind.MERGE: (New(f"M{number}", f"Mới {number}", fresh),),
        Kind.SPLIT: tuple(New(f"M{number}.{part}", f"Mới {number}.{part}", fresh) for part in range(2)),
    }.get(kind, ())
    people = Membership.unscoped.filter(cell__in=chosen).order_by("person").values_list("person", flat=True)
    children = OrganisationPeriod.unscoped.filter(parent__in=chosen).order_by("organisation")
    ends = kind == Kind.SPLIT and chance.random() < 0.5
    return Order(
        kind=kind,
        day=day,
        decision=f"{number}-QĐ",
        organisations=() if kind == Kind.FOUND else chosen,
        name=f"Tên {number}",
        parent=chance.choice(committees) if committees else None,
        heir=chance.choice(others) if others and kind in (Kind.ABSORB, Kind.DISSOLVE) else None,
        new=new,
        people=divided(chance, people, ends),
        children=divided(chance, children.values_list("organisation", flat=True), ends),
        ends=ends,
        carries_posts=chance.random() < 0.5,
    )


def divided(chance: Random, numbers, ends: bool) -> dict[int, int]:
    return {pk: chance.randrange(2) for pk in dict.fromkeys(numbers) if ends or chance.random() < 0.5}


def home_rows(chance: Random, day: dt.date) -> dict[dt.date, Counter]:
    days = {day, day - dt.timedelta(days=1), *(some_day(chance) for _ in range(8)), dt.date(2031, 1, 1)}
    return home_rows_on(days)


def home_rows_on(days) -> dict[dt.date, Counter]:
    """{day: {(person, standing): rows}}; one row for each on every day."""
    rows = {day: Membership.unscoped.on(day).home().values_list("person_id", "standing") for day in days}
    found = {day: Counter(pairs) for day, pairs in rows.items()}
    assert all(count == 1 for people in found.values() for count in people.values())
    return found


def assert_closure_is_derived() -> None:
    kept = Lineage.unscoped.values_list("ancestor", "descendant", "depth", "is_cell", "first_day", "last_day")
    assert sorted(kept) == sorted(derive(stored_periods()))  # raises TreeError if anything hangs below itself


def assert_books_are_right(here: World) -> None:
    """The rules of the exchange workbook find nothing to object, and the slow figures are those of the database."""
    book = book_now()
    assert here.bring_in(book).changes_nothing
    assert rebuild_rollup() == 0
    for organisation in Organisation.unscoped.all():
        period, on = question(here.chance)
        found = figures(organisation, period, "then" if on is None else "now", on).as_dict()
        assert found == naive.figures(book, organisation.code, period.first_day, period.last_day, period.until, on), (
            organisation.code,
            Period.parse(period.code),
            on,
        )


def book_now() -> Book:
    """What an export would write, as rows by heading."""
    return {
        sheet.title: [
            {column.heading: as_written(column, values[column.name]) for column in sheet.columns}
            for values in sheet.export_rows(Everything())
        ]
        for sheet in sheets_in_file_order()
    }


def as_written(column, value):
    return None if value in (None, "") else column.value.write(value)
