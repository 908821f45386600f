"""The supervisor with children that only sleep: it starts again what dies and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.conf import settings

pytestmark = pytest.mark.once

# Each child has a child of its own, one of them in a session of its own, where no group signal finds it.
PROGRAM = """
import os, sys
from reports.supervising import Child, Supervisor

nap = "import time; time.sleep(60)"
parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {nap!r}], start_new_session={{}})"
supervisor = Supervisor(dict(os.environ), lambda text: print(text, flush=True))
for name, apart in (("web", True), ("worker", False)):
    supervisor.add(Child(name, [sys.executable, "-c", parent.format(apart)]))
print("code", supervisor.run_once([sys.executable, "-c", "raise SystemExit(3)"]), flush=True)
try:
    supervisor.run()
finally:
    supervisor.stop()
print("ended", flush=True)
"""


@pytest.fixture
def supervisor():
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    everything = psutil.Process(process.pid)
    assert process.stdout.readline() == "code 3\n"
    until(lambda: len(everything.children(recursive=True)) == 4)
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def below(process) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def all_gone(processes) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


def test_a_killed_child_is_started_again(supervisor):
    killed = psutil.Process(supervisor.pid).children()[0].pid

    os.kill(killed, signal.SIGKILL)

    assert supervisor.stdout.readline() == "web ended (signal 9); starting it again in 1 s\n"
    until(lambda: len(psutil.Process(supervisor.pid).children()) >= 2)
    assert killed not in {process.pid for process in below(supervisor)}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_every_process(supervisor, number):
    running = below(supervisor)

    supervisor.send_signal(number)

    assert supervisor.wait(10) == 0
    assert supervisor.stdout.read() == "stopping ...\nended\n"
    assert all_gone(running)


def test_a_killed_supervisor_takes_its_children_along(supervisor):
    children = psutil.Process(supervisor.pid).children()

    supervisor.kill()
    supervisor.wait()

    until(lambda: all_gone(children))


def test_the_parent_of_a_process_is_read_whatever_its_name(tmp_path):
    from reports.supervising import read_parent

    folder = Path(tmp_path) / "4711"
    folder.mkdir()
    (folder / "stat").write_text("4711 (a ) S (b) S 42 4711 0")

    assert read_parent(folder) == (4711, 42)
