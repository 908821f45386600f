"""Works on an import in the background: reads and compares, writes what was confirmed, takes it back."""

import logging
import time
import traceback
from functools import partial
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from accounts.text import clean_line
from cells import revising
from cells.exchange.importing import Silent, write_rows
from cells.exchange.planning import SHEETS, Plan, make_plan, make_plan_back, sheet_called, shown
from cells.exchange.reading import RawSheet, UnreadableWorkbook, read_sheets
from cells.exchange.removing import BuiltUpon, delete, list_keys
from cells.importing.files import (
    PEOPLE,
    Missing,
    all_of,
    forget_files,
    forget_other_plans,
    store_plan,
    upload_path,
    written_rows,
)
from cells.importing.rosters import NoTable, in_its_words, understand
from cells.importing.scoping import Below
from cells.jobs.claiming import held
from cells.jobs.ending import count_error, give_back
from cells.jobs.models import JobState
from cells.jobs.working import work_on
from cells.models import ImportBatch, Person
from cells.reach import with_reach

logger = logging.getLogger(__name__)

Phase, Step = ImportBatch.Phase, ImportBatch.Step
MOST_TRIES = 3
MOST_LINES = 20  # of a refused undo
PROGRESS_EVERY = 0.5  # seconds
READING_SHARE, COMPARING_SHARE = 30, 60  # percent
MANY_ROWS = 20_000


class Unwanted(Exception):
    """Another worker has taken over."""


def work(pk: int) -> bool:
    """Work on the import if it is due; False if it was not (done, another's, gone)."""
    return work_on(ImportBatch, pk, attempt)


def attempt(batch: ImportBatch, lost) -> None:
    try:
        refuse_without_right(batch)
        PHASES[batch.phase](batch, Steps(batch, lost))
    except Unwanted:
        logger.info("import %s: taken over by another worker", batch.pk)
    except (Refused, UnreadableWorkbook, NoTable) as refusal:
        count_error(batch, str(refusal), is_final=True)
        if batch.phase == Phase.PLAN:
            forget_refused(batch)
    except Exception as error:  # noqa: BLE001 - whatever it is, the uploader gets a reason and the log a place
        logger.error("import %s: %s in %s", batch.pk, type(error).__name__, place_of(error))
        count_error(batch, _("Có lỗi bất ngờ. Nếu thử lại vẫn lỗi, hãy báo người quản trị số %s.") % batch.pk)
    except BaseException:
        give_back(batch)
        raise


def forget_refused(batch: ImportBatch) -> None:
    """A file that cannot be read is of no use to anybody, and may be a hostile one."""
    if ImportBatch.unscoped.filter(pk=batch.pk, state=JobState.FAILED).update(forgotten_at=Now()):
        forget_files(batch)


def refuse_without_right(batch: ImportBatch) -> None:
    user = with_reach(User.objects.get(pk=batch.uploaded_by_id))
    if not user.is_active or not ImportBatch.objects.for_user(user).filter(pk=batch.pk).exists():
        raise Refused(_("Người tải tệp lên không còn quyền nhập dữ liệu này."))
    batch.uploaded_by = user


class Steps:
    """Tells the row how far the work has come, not more often than a person can read; stops when the row is lost."""

    def __init__(self, batch: ImportBatch, lost):
        self.batch, self.lost = batch, lost
        self.step = ""
        self.done = self.sheets = 0
        self.next_at = 0.0

    def begin(self, label: str, total: int) -> None:
        self.done = 0
        if self.step == Step.COMPARING:
            self.sheets += 1
            self.tell(READING_SHARE + min(self.sheets, len(SHEETS) + 1) * COMPARING_SHARE // (len(SHEETS) + 1))

    def advance(self, count: int = 1) -> None:
        self.done += count
        if self.step == Step.READING and self.done % 500 == 0:
            self.tell(READING_SHARE * self.done // (self.done + MANY_ROWS))

    def at(self, step: str, percent: int) -> None:
        self.step, self.sheets, self.next_at = step, 0, 0.0
        self.tell(percent)

    def tell(self, percent: int) -> None:
        if self.lost.is_set():
            raise Unwanted
        if time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + PROGRESS_EVERY
        if not held(self.batch).update(step=self.step, progress=percent, total=100):
            raise Unwanted


def plan(batch: ImportBatch, steps: Steps) -> None:
    revision = revising.current()
    stored = planned(batch, steps)[1]
    put(batch, phase=Phase.PLAN, revision=revision, plan_number=F("plan_number") + 1, **stored)


def planned(batch: ImportBatch, steps: Steps) -> tuple[Plan, dict]:
    """The plan, and what the row is to know of it once it stands on the disk."""
    steps.at(Step.READING, 1)
    path = upload_path(batch)
    raw_sheets = read_sheets(path, steps.advance)
    steps.at(Step.COMPARING, READING_SHARE)
    if batch.kind == ImportBatch.Kind.ROSTER:
        made, understood = roster_plan(batch, raw_sheets, steps)
    elif batch.kind == ImportBatch.Kind.SHEET:
        made, understood = sheet_plan(batch, raw_sheets, steps), {}
    else:
        reach = batch.uploaded_by.reach
        scope = None if reach.is_administrator else Below(reach, raw_sheets)
        made, understood = make_plan(raw_sheets, steps, scope), {}
    stored = store_plan(batch, made, raw_sheets)
    stored["summary"]["understood"] = understood
    return made, stored


def roster_plan(batch: ImportBatch, raw_sheets: list[RawSheet], steps: Steps) -> tuple[Plan, dict]:
    roster = understand(raw_sheets, batch.cell, batch.first_day, batch.public_id.hex[-6:].upper())
    made = make_plan([roster.sheet], steps)
    for problem in roster.problems:
        made.problems.append(problem)
        made.wrong[problem.sheet].add(problem.row)
    made.wrong[roster.understood["sheet"]] |= made.wrong[roster.sheet.title]
    made.problems = sorted(in_its_words(made.problems, roster), key=lambda problem: problem.row)
    made.warnings = in_its_words(made.warnings, roster)
    return made, roster.understood


def sheet_plan(batch: ImportBatch, raw_sheets: list[RawSheet], steps: Steps) -> Plan:
    """Other sheets are refused as wholes: a file with more in it may have been meant for another page."""
    own = [raw for raw in raw_sheets if clean_line(raw.title) == batch.sheet]
    made = make_plan(own, steps, sheet_called(batch.sheet).alone.scope(batch.sheet_key))
    for raw in raw_sheets:
        if raw not in own and len(raw.rows) > 1:
            text = _("ở đây chỉ nhập trang “%(own)s”; hãy bỏ trang “%(other)s” khỏi tệp")
            made.refuse(batch.sheet, 0, "", raw.title, text % {"own": batch.sheet, "other": shown(raw.title)})
    if not own:
        made.refuse(batch.sheet, 0, "", "", _("tệp không có trang này; hãy dùng tệp mẫu tải từ đây"))
    return made


def put(batch: ImportBatch, **fields) -> None:
    """The fenced step that ends an attempt well; undone with its transaction if the row was lost."""
    over = {"state": JobState.DONE, "step": "", "lease_until": None, "deadline": None, "error": "", "finished": Now()}
    if not held(batch).update(**over | fields):
        raise Unwanted
    transaction.on_commit(partial(forget_other_plans, batch, fields.get("plan_name", batch.plan_name)), robust=True)


def write(batch: ImportBatch, steps: Steps) -> None:
    """Write exactly the plan that was confirmed; if the file would do something else by now, show that instead."""
    for _attempt in range(MOST_TRIES):
        revision = revising.current()
        made, stored = planned(batch, steps)
        if stored["plan_sha256"] != batch.plan_sha256:
            outdated(batch, revision, stored)
            return
        steps.at(Step.WRITING, READING_SHARE + COMPARING_SHARE)
        try:
            write_confirmed(batch, made, revision, stored)
        except revising.Outdated:
            continue
        return
    raise Refused(_("Dữ liệu đang được người khác thay đổi liên tục. Hãy thử lại sau ít phút."))


def outdated(batch: ImportBatch, revision: int, stored: dict) -> None:
    stored["summary"]["replaced"] = batch.summary["counts"]
    detail = {"plan": batch.plan_number}
    with transaction.atomic():
        put(batch, phase=Phase.PLAN, revision=revision, plan_number=F("plan_number") + 1, **stored)
        record("import.outdated", actor=batch.uploaded_by, target=batch, detail=detail)


@transaction.atomic
def write_confirmed(batch: ImportBatch, made: Plan, revision: int, stored: dict) -> None:
    revising.advance(expected=revision)
    made.steps = Silent()  # the row itself is written last, so that its lease can be extended meanwhile
    write_rows(made)
    counts = {title: counts for title, counts in stored["summary"]["counts"].items() if any(counts.values())}
    record("import.written", actor=batch.uploaded_by, target=batch, detail=counts)
    put(batch, written_at=Now(), plan_name=stored["plan_name"])


def undo(batch: ImportBatch, steps: Steps) -> None:
    """Take back all that was written, unless something newer stands on it: then say what, and leave all as it is."""
    steps.at(Step.READING, 5)
    try:
        written = written_rows(batch)
        people = [line["person"] for line in all_of(batch, PEOPLE)]
    except Missing:
        raise Refused(_("Tệp ghi lại lần nhập này không còn, nên không hoàn tác được nữa.")) from None
    for _attempt in range(MOST_TRIES):
        revision = revising.current()
        steps.at(Step.COMPARING, READING_SHARE)
        back = make_plan_back(written, steps)
        lines = [in_words(problem) for problem in back.problems]
        steps.at(Step.WRITING, READING_SHARE + COMPARING_SHARE)
        try:
            if lines:
                raise BuiltUpon(lines)
            write_back(batch, back, people, revision)
        except BuiltUpon as error:
            summary = batch.summary | {
                "in_the_way": error.lines[:MOST_LINES],
                "more_in_the_way": len(error.lines) > MOST_LINES,
            }
            put(batch, phase=Phase.WRITE, summary=summary)
        except revising.Outdated:
            continue
        return
    raise Refused(_("Dữ liệu đang được người khác thay đổi liên tục. Hãy thử lại sau ít phút."))


def in_words(problem) -> str:
    place = f"{problem.sheet}, {problem.found}" if problem.found else problem.sheet
    return f"{place}: {problem.text}"


@transaction.atomic
def write_back(batch: ImportBatch, back: Plan, people: list[str], revision: int) -> None:
    revising.advance(expected=revision)
    back.steps = Silent()
    write_rows(back)
    delete(Person, list_keys(Person, people))
    counts = {title: len(rows) for title, rows in (*back.removed.items(), *back.rows.items()) if rows}
    record("import.undone", actor=batch.uploaded_by, target=batch, detail=counts)
    put(batch, phase=Phase.UNDO, undone_at=Now())


PHASES = {Phase.PLAN: plan, Phase.WRITE: write, Phase.UNDO: undo}


def place_of(error: BaseException) -> str:
    """File and line only: the text of an error may hold names."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
