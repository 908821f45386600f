"""Gets the rows out of a workbook file, by a child process that may be killed."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

from django.utils.translation import gettext_lazy as _

from cells.exchange.values import CellError

MOST_FILE_BYTES = 30 * 1024 * 1024
SECONDS = 150
CHILD = Path(__file__).with_name("child.py")

REFUSALS = {
    "missing": _("Không thấy tệp."),
    "not_a_workbook": _("Tệp không phải sổ Excel (.xlsx). Hãy mở bằng Excel rồi lưu lại với kiểu “Excel Workbook”."),
    "damaged": _("Tệp bị hỏng hoặc không đúng kiểu .xlsx. Hãy mở bằng Excel rồi lưu lại."),
    "encrypted": _("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi thử lại."),
    "macros": _("Tệp chứa macro. Hãy lưu lại với kiểu “Excel Workbook (.xlsx)”, không có macro."),
    "external": _("Tệp có liên kết ra ngoài. Hãy bỏ các liên kết (Data › Edit Links, siêu liên kết) rồi thử lại."),
    "embedded": _("Tệp có tệp khác gắn bên trong. Hãy bỏ tệp gắn kèm rồi thử lại."),
    "doctype": _("Tệp có khai báo DTD, không được phép."),
    "too_many_parts": _("Tệp có quá nhiều thành phần, không giống một sổ Excel thường."),
    "too_large": _("Tệp quá lớn: tối đa 30 MB, 250.000 dòng và 60 cột mỗi trang tính."),
    "too_slow": _("Đọc tệp quá lâu nên đã dừng. Hãy chia nhỏ tệp rồi thử lại."),
}


class UnreadableWorkbook(Exception):
    """The file cannot be read at all; the text says why and how to mend it."""

    def __init__(self, reason: str):
        self.reason = reason
        super().__init__(str(REFUSALS[reason]))


@dataclass
class RawSheet:
    title: str
    rows: list[list] = field(default_factory=list)  # [row number, cell, cell, …], blank rows left out


def read_sheets(path: Path, progress: Callable[[int], None] = lambda rows: None) -> list[RawSheet]:
    """All sheets of the file with their cells as Python values. Raises UnreadableWorkbook."""
    try:
        size = path.stat().st_size
    except OSError:
        raise UnreadableWorkbook("missing") from None
    if size > MOST_FILE_BYTES:
        raise UnreadableWorkbook("too_large")
    sheets: list[RawSheet] = []
    texts: dict[str, str] = {}
    for line in child_lines(path):
        found = json.loads(line)
        if isinstance(found, list):
            sheets[-1].rows.append([found[0], *(as_python(cell, texts) for cell in found[1:])])
            progress(1)
        elif "refused" in found:
            raise UnreadableWorkbook(found["refused"])
        else:
            sheets.append(RawSheet(found["sheet"]))
    return sheets


def child_lines(path: Path) -> Iterator[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-I", str(CHILD), str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    deadline = Deadline(child)
    try:
        yield from child.stdout
        if child.wait() != 0:
            raise UnreadableWorkbook(reason_of_death(child, deadline))
    finally:
        deadline.cancel()
        child.kill()
        child.wait()
        child.stdout.close()


def reason_of_death(child: subprocess.Popen, deadline: "Deadline") -> str:
    if deadline.passed:
        return "too_slow"
    # A negative code is a signal: the limits on memory or processor time struck.
    return "too_large" if child.returncode < 0 else "damaged"


class Deadline:
    """Kills the child when its time is over, so that reading its lines ends."""

    def __init__(self, child: subprocess.Popen):
        self.child = child
        self.passed = False
        self.timer = Timer(SECONDS, self.strike)
        self.timer.daemon = True
        self.timer.start()

    def strike(self) -> None:
        self.passed = True
        self.child.kill()

    def cancel(self) -> None:
        self.timer.cancel()


def as_python(cell, texts: dict[str, str]):
    if isinstance(cell, str):
        # Codes and marks come back a hundred thousand times: one object for each text keeps memory low.
        return texts.setdefault(cell, cell)
    if not isinstance(cell, dict):
        return cell
    ((kind, value),) = cell.items()
    if kind == "odd":
        return CellError({"error": "#N/A, #REF! …", "formula": "=…"}[value])
    return CONVERTERS[kind](value)


CONVERTERS = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "seconds": lambda value: dt.timedelta(seconds=value),
}
