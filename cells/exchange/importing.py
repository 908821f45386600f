"""Carries a workbook into the database: all of it, or nothing."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from cells import revising
from cells.analysing import analyse
from cells.exchange.planning import SHEETS, Plan, make_plan
from cells.exchange.reading import read_sheets

MOST_TRIES = 3
MANY_ROWS = 1000


class Silent:
    """Progress that nobody watches."""

    def begin(self, label: str, total: int) -> None:
        pass

    def advance(self, count: int = 1) -> None:
        pass


def import_workbook(path: Path, *, is_trial: bool = False, actor=None, steps=None) -> Plan:
    """Import the file and return what was done, or with `is_trial` what would be done.

    Writes nothing if the plan has problems. Raises UnreadableWorkbook; raises Outdated if others keep
    changing the same records meanwhile.
    """
    steps = steps or Silent()
    steps.begin(_("Đọc tệp"), 0)
    raw_sheets = read_sheets(Path(path), steps.advance)
    for attempt in range(1, MOST_TRIES + 1):
        revision = revising.current()
        plan = make_plan(raw_sheets, steps)
        if is_trial or not plan.is_right or plan.changes_nothing:
            return plan
        try:
            write_plan(plan, revision, actor)
        except revising.Outdated:
            if attempt == MOST_TRIES:
                raise
        else:
            return plan
    raise AssertionError("unreachable")


@transaction.atomic
def write_plan(plan: Plan, revision: int, actor) -> None:
    revising.advance(expected=revision)
    write_rows(plan)
    record("workbook.imported", actor=actor, detail={sheet.title: dict(plan.counts(sheet.title)) for sheet in SHEETS})


def write_rows(plan: Plan) -> None:
    for sheet in SHEETS:
        sheet.write(plan)
    for sheet in reversed(SHEETS):
        if plan.removed[sheet.title]:
            sheet.remove(plan)
    for sheet in SHEETS:
        sheet.settle(plan)
    if sum(map(len, plan.rows.values())) >= MANY_ROWS:
        transaction.on_commit(analyse, robust=True)
