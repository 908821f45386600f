"""Runs a command as a child that can be killed at any moment and never outlives the worker."""

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

SCRIPT = Path(__file__).with_name("confined.py")
NOT_FOR_CHILDREN = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
GLANCE = 0.2  # seconds between looks at the clock


class ChildError(Exception):
    """The child ended badly; `cause` is the word it said last, if any."""

    def __init__(self, cause: str, status: int):
        super().__init__(cause or f"status {status}")
        self.cause = cause


class ChildKilled(Exception):
    """Somebody killed the child: an operator, or the kernel that ran out of memory."""


class ChildTooSlow(Exception):
    pass


class Unwanted(Exception):
    """Nobody waits for the result any more."""


def run_confined(
    command: list[str],
    content: bytes,
    output: BinaryIO,
    *,
    seconds: float,
    memory: int,
    on_line: Callable[[str], None] = lambda line: None,
    is_unwanted: Callable[[], bool] = lambda: False,
) -> None:
    """Give `content` to the command and collect its answer in `output`; what it says on the way goes to `on_line`."""
    ends_at = time.monotonic() + seconds
    last_line = ""
    with started(command, content, output, memory) as child:
        for line in lines_until_exit(child):
            if line:
                last_line = line
                on_line(line)
            if is_unwanted():
                raise Unwanted
            if time.monotonic() > ends_at:
                raise ChildTooSlow
    if child.returncode in (-signal.SIGKILL, -signal.SIGTERM):
        raise ChildKilled
    if child.returncode:
        raise ChildError(cause(last_line), child.returncode)


@contextmanager
def started(command, content, output, memory):
    # A file as input: no pipe that fills up while the child is still writing.
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as source:
        source.write(content)
        source.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-I", "-S", str(SCRIPT), str(os.getpid()), str(memory), *command],
            stdin=source,
            stdout=output,
            stderr=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            env={name: value for name, value in os.environ.items() if name not in NOT_FOR_CHILDREN},
            process_group=0,
        )
    try:
        yield child
    finally:
        # The group first, while the child, dead or not, still keeps its number from being given to another.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stderr.close()


def lines_until_exit(child):
    """What the child says, line by line, and "" at least every GLANCE seconds; ends when the child has ended."""
    os.set_blocking(child.stderr.fileno(), False)
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stderr, selectors.EVENT_READ)
        while True:
            is_over = has_ended(child)
            said = b""
            if selector.select(0 if is_over else GLANCE):
                said = os.read(child.stderr.fileno(), 65536)
                if not said and not is_over:
                    time.sleep(GLANCE / 10)  # it closed its standard error and goes on
            *lines, rest = (rest + said).split(b"\n")
            rest = rest[-4096:]
            for line in lines:
                yield line.decode(errors="replace").strip()
            if is_over and not said:
                break
            yield ""
    yield rest.decode(errors="replace").strip()


def has_ended(child) -> bool:
    """Without reaping it: its number must stay taken until its group has been killed."""
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def cause(line: str) -> str:
    """The word after "! ", or the class in the last line of a traceback; never its text, which may quote the report."""
    if line.startswith("! "):
        return line[2:40]
    name = line.partition(":")[0].rpartition(".")[2]
    return name if name.isidentifier() else ""
