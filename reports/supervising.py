"""Web, worker and beat as one: starts them, starts again what dies, and leaves no process behind.

Linux only: it relies on the kernel to end the children of a killed supervisor, and on /proc to find grandchildren.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

POLL = 0.1
GRACE = 10  # seconds that children get to end by themselves; a report cut off is done again by its lease
FIRST_PAUSE = 1
LONGEST_PAUSE = 30
STEADY = 60  # seconds after which a child counts as running well


@dataclass
class Child:
    """A program that is to be running; `farewell` is what it gets when the supervisor itself is killed."""

    name: str
    command: list[str]
    farewell: signal.Signals = signal.SIGTERM
    pid: int | None = None
    started: float = 0
    pause: float = 0
    due: float = field(default_factory=time.monotonic)


class Supervisor:
    """Runs its children until it is told to stop, by Ctrl-C or SIGTERM."""

    def __init__(self, environment: dict[str, str], say: Callable[[str], None]):
        self.environment = environment
        self.say = say
        self.children: list[Child] = []
        self.stopping = False
        adopt_orphans()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.request_stop)

    def request_stop(self, number, frame):
        if not self.stopping:
            self.say("stopping ...")
        self.stopping = True

    def add(self, child: Child):
        self.children.append(child)
        self.step()

    def run(self):
        """Watches the children until the stop is requested."""
        while not self.stopping:
            self.step()
            time.sleep(POLL)

    def run_once(self, command: list[str]) -> int | None:
        """Runs a program to its end, watching the children meanwhile; its exit code, or None when stopped."""
        process = self.start(command, signal.SIGTERM)
        while not self.stopping:
            ended = self.step()
            if process in ended:
                return ended[process]
            time.sleep(POLL)
        return None

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Watches the children until `condition` holds; False when it did not in time, or when stopped."""
        deadline = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < deadline:
            self.step()
            if condition():
                return True
            time.sleep(POLL)
        return False

    def step(self) -> dict[int, int]:
        """Notes who has ended and starts who is due; returns the exit codes by process id."""
        ended = collect_ended()
        for child in self.children:
            if child.pid in ended:
                self.note_end(child, ended[child.pid])
            if child.pid is None and not self.stopping and time.monotonic() >= child.due:
                child.pid, child.started = self.start(child.command, child.farewell), time.monotonic()
        return ended

    def note_end(self, child: Child, code: int):
        # What it left in its group would work on beside its successor.
        signal_group(child.pid, signal.SIGKILL)
        child.pid = None
        ran_well = time.monotonic() - child.started > STEADY
        child.pause = FIRST_PAUSE if ran_well else min(max(child.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        child.due = time.monotonic() + child.pause
        if not self.stopping:
            reason = f"signal {-code}" if code < 0 else f"exit code {code}"
            self.say(f"{child.name} ended ({reason}); starting it again in {child.pause:.0f} s")

    def start(self, command: list[str], farewell: signal.Signals) -> int:
        supervisor = os.getpid()

        def die_with_supervisor():
            libc().prctl(PR_SET_PDEATHSIG, farewell)
            if os.getppid() != supervisor:  # killed before the line above
                os._exit(1)

        process = subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends the others in order
            preexec_fn=die_with_supervisor,  # safe: this process has one thread
        )
        process.returncode = 0  # collected by collect_ended(), not by the object
        return process.pid

    def stop(self):
        """Ends every process below this one: politely, and after `GRACE` seconds for good."""
        self.stopping = True
        told = set()
        deadline = time.monotonic() + GRACE
        while descendants() and time.monotonic() < deadline:
            # Each look may find new ones: orphans of a child that has just ended.
            for process in own_children() - told:
                send(process, signal.SIGTERM)
                told.add(process)
            self.step()
            time.sleep(POLL)
        while left := descendants():
            for process in left:
                send(process, signal.SIGKILL)
            collect_ended()
            time.sleep(POLL)


def libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def adopt_orphans():
    """Makes grandchildren whose parent dies children of this process, so that they can be found and ended."""
    libc().prctl(PR_SET_CHILD_SUBREAPER, 1)


def collect_ended() -> dict[int, int]:
    ended = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = os.waitstatus_to_exitcode(status)


def send(pid: int, number: signal.Signals):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def signal_group(pid: int, number: signal.Signals):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)


def descendants() -> list[int]:
    """Every process below this one, read from /proc."""
    children: dict[int, list[int]] = {}
    for pid, parent in process_parents():
        children.setdefault(parent, []).append(pid)
    found, waiting = [], [os.getpid()]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def own_children() -> set[int]:
    return {pid for pid, parent in process_parents() if parent == os.getpid()}


def process_parents() -> list[tuple[int, int]]:
    return [pair for folder in Path("/proc").glob("[0-9]*") if (pair := read_parent(folder))]


def read_parent(folder: Path) -> tuple[int, int] | None:
    try:
        stat = (folder / "stat").read_text()
    except OSError:  # it has ended meanwhile
        return None
    # The name stands in brackets and may itself hold spaces and brackets.
    return int(folder.name), int(stat.rpartition(")")[2].split()[1])
