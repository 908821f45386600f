"""Random worlds: what the system keeps and sums up is what the definitions say, day by day."""

import datetime as dt
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cells.exchange import importing
from cells.lineage import derive, stored_periods
from cells.models import Lineage, Organisation
from reports.periods import Period
from reports.statistics import figures, figures_of
from sessions.counting import rebuild_rollup
from tests.cells.books import MARKS, MEMBERS, ORGANISATIONS, SESSIONS, Book, raw
from tests.reports import naive
from tests.reports.worlds import BEGIN, END, make_world, some_day

PERIODS = ("2023-11", "2024-02", "2024-Q1", "2024-Q3", "2024-H1", "2024-H2", "2024", "2025")
some_worlds = settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
seeds = st.integers(min_value=0, max_value=1_000_000)


class World:
    """A random world, in the database for one example."""

    def __init__(self, seed: int):
        self.chance = Random(seed)
        self.book = make_world(self.chance)

    def bring_in(self, book: Book) -> importing.Plan:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(importing, "read_sheets", lambda path, progress: raw(book))
            plan = importing.import_workbook("world.xlsx")
        assert plan.problems == []
        return plan

    def __enter__(self):
        self.block = transaction.atomic()
        self.block.__enter__()
        return self

    def __exit__(self, *failure):
        transaction.set_rollback(True)
        self.block.__exit__(*failure)


def question(chance: Random) -> tuple[Period, dt.date | None]:
    period = Period.parse(chance.choice(PERIODS))
    if chance.random() < 0.4:
        period = Period.parse(period.code, some_day(chance, period.first_day, period.last_day))
    return period, chance.choice([None, some_day(chance), some_day(chance), dt.date(2026, 11, 21)])


@some_worlds
@given(seed=seeds)
def test_every_figure_is_what_its_definition_says(db, seed):
    with World(seed) as here:
        here.bring_in(here.book)
        for organisation in Organisation.unscoped.all():
            period, on = question(here.chance)
            found = figures(organisation, period, "then" if on is None else "now", on).as_dict()

            said = naive.figures(here.book, organisation.code, period.first_day, period.last_day, period.until, on)
            assert found == said, (organisation.code, period, on)


@some_worlds
@given(seed=seeds)
def test_the_closure_kept_through_changes_is_the_walk_of_every_day(db, seed):
    with World(seed) as here:
        # First the tree as it was planted: each with its first period only, open; then all that happened to it.
        first = {row["Mã"]: row for row in reversed(here.book[ORGANISATIONS])}
        roots = [row for row in first.values() if row["Trực thuộc"] in (None, "0")]
        planted = [{**row, "Đến ngày": None, "Kế tục bởi": None} for row in roots]
        here.bring_in({ORGANISATIONS: planted})
        here.bring_in({ORGANISATIONS: here.book[ORGANISATIONS]})

        kept = Lineage.unscoped.values_list("ancestor", "descendant", "depth", "is_cell", "first_day", "last_day")
        assert sorted(kept) == sorted(derive(stored_periods()))
        for day in {some_day(here.chance) for _ in range(20)} | {BEGIN, END}:
            rows = Lineage.unscoped.on(day).values_list("descendant__code", "ancestor__code", "depth", "is_cell")
            walked = [
                (code, above, depth, naive.is_cell(here.book, code, day))
                for code in naive.codes(here.book)
                for depth, above in enumerate(naive.climb(here.book, code, day))
            ]
            assert sorted(rows) == sorted(walked)


@some_worlds
@given(seed=seeds)
def test_the_roll_up_kept_through_changes_is_the_one_built_anew(db, seed):
    with World(seed) as here:
        here.bring_in({title: rows for title, rows in here.book.items() if title in (ORGANISATIONS, MEMBERS)})
        codes = [row["Mã buổi"] for row in here.book[SESSIONS]]
        for part in (set(codes[::2]), set(codes[1::2])):
            here.bring_in(
                {
                    SESSIONS: [row for row in here.book[SESSIONS] if row["Mã buổi"] in part],
                    MARKS: [row for row in here.book[MARKS] if row["Mã buổi"] in part],
                }
            )

        assert rebuild_rollup() == 0


@some_worlds
@given(seed=seeds)
def test_figures_agree_with_each_other(db, seed):
    with World(seed) as here:
        here.bring_in(here.book)
        period, on = question(here.chance)
        structure = "then" if on is None else "now"
        together = figures_of(Organisation.unscoped.all(), period, structure, on)

        for organisation in Organisation.unscoped.all():
            found = together[organisation.pk]
            assert found == figures(organisation, period, structure, on)
            assert found.expected == found.present + found.excused + found.unexcused
            assert found.present_online <= found.present
            assert found.members_total == found.members_official + found.members_probationary
            assert found.regular_done <= found.regular_due
            assert found.thematic_done <= found.thematic_due
            assert max(found.sessions_regular, found.sessions_thematic) <= found.sessions


@some_worlds
@given(seed=seeds)
def test_a_second_import_of_a_world_changes_nothing(db, seed):
    with World(seed) as here:
        here.bring_in(here.book)

        assert here.bring_in(here.book).changes_nothing


@pytest.mark.parametrize("structure", ["then", "now"])
@pytest.mark.parametrize("count", [1, 3])
def test_three_organisations_cost_the_queries_of_one(db, django_assert_num_queries, structure, count):
    with World(7) as here:
        here.bring_in(here.book)
        organisations = list(Organisation.unscoped.order_by("code")[:count])
        assert len(organisations) == count

        with django_assert_num_queries(9 if structure == "then" else 12):
            figures_of(organisations, Period.parse("2024"), structure, dt.date(2025, 6, 1))
