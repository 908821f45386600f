import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cells.exchange.importing import import_workbook
from cells.exchange.planning import Plan, Problem, sheets_in_file_order
from cells.exchange.reading import UnreadableWorkbook
from cells.revising import Outdated

BAR = 30
EVERY = 500


class Command(BaseCommand):
    help = "Import an exchange workbook; nothing is written if any row is wrong."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what the import would do, and write nothing")

    def handle(self, *, file, dry_run, **options):
        bar = ProgressBar(self.stderr)
        try:
            plan = import_workbook(file, is_trial=dry_run, steps=bar)
        except UnreadableWorkbook as refusal:
            bar.clear()
            self.stderr.write(str(refusal))
            sys.exit(2)
        except Outdated:
            bar.clear()
            self.stderr.write(_("Dữ liệu đang được người khác thay đổi. Hãy thử lại sau ít phút."))
            sys.exit(1)
        bar.clear()
        self.print_counts(plan)
        self.print_problems(plan)
        if not plan.is_right:
            sys.exit(1)

    def print_counts(self, plan: Plan) -> None:
        for sheet in sheets_in_file_order():
            counts = plan.counts(sheet.title)
            text = _("%(sheet)s: thêm %(added)d, đổi %(changed)d, không đổi %(unchanged)d, sai %(wrong)d")
            numbers = {name: counts[name] for name in ("added", "changed", "unchanged", "wrong")}
            self.stdout.write(text % {"sheet": sheet.title, **numbers})

    def print_problems(self, plan: Plan) -> None:
        for problem in plan.problems:
            self.stdout.write(_("LỖI %s") % line_of(problem))
        for warning in plan.warnings:
            self.stdout.write(_("LƯU Ý %s") % line_of(warning))
        if plan.problems:
            self.stdout.write(_("Chưa ghi gì vào cơ sở dữ liệu. Hãy sửa các dòng trên rồi nhập lại."))


def line_of(problem: Problem) -> str:
    place = [_("trang “%s”") % problem.sheet]
    if problem.row:
        place.append(_("dòng %d") % problem.row)
    if problem.column:
        place.append(_("cột “%s”") % problem.column)
    found = _(" (đang là “%s”)") % problem.found if problem.found else ""
    return f"{', '.join(place)}{found}: {problem.text}"


class ProgressBar:
    """Progress on standard error, one line that is written over; plain lines where nobody watches a terminal."""

    def __init__(self, stream):
        self.stream = stream
        self.is_terminal = stream.isatty()
        self.label, self.total, self.done = "", 0, 0

    def begin(self, label: str, total: int) -> None:
        self.label, self.total, self.done = label, total, 0
        if self.is_terminal:
            self.draw()
        else:
            self.stream.write(f"{label} …" if not total else f"{label}: {total} …")

    def advance(self, count: int = 1) -> None:
        before, self.done = self.done, self.done + count
        if self.is_terminal and before // EVERY != self.done // EVERY:
            self.draw()

    def draw(self) -> None:
        if self.total:
            filled = min(BAR, BAR * self.done // self.total)
            bar = f"[{'#' * filled}{'.' * (BAR - filled)}] {min(self.done, self.total)}/{self.total}"
        else:
            bar = str(self.done) if self.done else ""
        self.stream.write(f"\r\033[K{self.label} {bar}", ending="")
        self.stream.flush()

    def clear(self) -> None:
        if self.is_terminal:
            self.stream.write("\r\033[K", ending="")
