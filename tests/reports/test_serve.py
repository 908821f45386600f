"""`manage.py serve` as a whole: it serves, survives the death of a part, and ends without a trace."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.conf import settings

pytestmark = pytest.mark.once

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environment(tmp_path, port):
    """A fresh installation: nothing set but the data folder and the port."""
    ours = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return {**ours, "DATA_DIR": str(tmp_path / "data"), "PORT": str(port)}


@pytest.fixture
def serve(environment, tmp_path):
    started = []

    def serve(*options):
        with (tmp_path / "log").open("wb") as log:
            process = subprocess.Popen([*MANAGE, "serve", *options], env=environment, stdout=log, stderr=log)
        started.append(process)
        return process

    yield serve
    for process in started:
        process.kill()  # its children follow it
        process.wait()


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def answers(port) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def part(process, name) -> psutil.Process | None:
    children = psutil.Process(process.pid).children()
    return next((child for child in children if name in command_of(child)), None)


def command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has ended
        return ""


@pytest.mark.slow
def test_a_first_start_shows_a_report_and_ends_without_a_trace(serve, environment, port, tmp_path):
    log = tmp_path / "log"

    process = serve("--sample")
    until(lambda: "Ctrl-C ends everything" in log.read_text() or process.poll() is not None, seconds=240)
    told = log.read_text()

    [path] = re.findall(r"^first report: the report of \d{4}-Q[1-4] is (.+)$", told, re.MULTILINE)
    assert Path(path).is_relative_to(environment["DATA_DIR"])
    assert Path(path).read_bytes().startswith(b"%PDF-")
    until(lambda: answers(port))  # its first answer of all may take longer than one try waits
    assert re.search(r"^  hoa +\S+ +bí thư", told, re.MULTILINE)

    everything = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0
    assert [child for child in everything if child.is_running()] == []

    serve("--sample")
    until(lambda: "Ctrl-C ends everything" in log.read_text())
    assert re.findall(r"^first report: .+ is (.+)$", log.read_text(), re.MULTILINE) == [path]
    assert "requested" not in log.read_text()


@pytest.mark.slow
def test_a_sample_that_was_removed_does_not_come_back(serve, environment, port, tmp_path):
    for command in (["migrate", "-v0"], ["load_sample"], ["remove_sample"]):
        subprocess.run([*MANAGE, *command], env=environment, check=True, capture_output=True)

    serve("--sample")
    until(lambda: "Mở địa chỉ này" in (tmp_path / "log").read_text())

    told = (tmp_path / "log").read_text()
    assert "sample data" not in told
    assert "demo log-ins" not in told
    assert "first report" not in told


@pytest.mark.slow
def test_parts_that_are_killed_come_back(serve, port):
    process = serve()
    until(lambda: answers(port) and part(process, "config beat"))
    killed = [part(process, name) for name in ("gunicorn", "config worker", "config beat")]

    for child in killed:
        child.kill()

    until(lambda: not any(child.is_running() for child in killed))
    until(lambda: all(part(process, name) for name in ("gunicorn", "config worker", "config beat")) and answers(port))


@pytest.mark.slow
def test_a_killed_supervisor_leaves_nobody_behind(serve, port):
    process = serve()
    until(lambda: answers(port) and part(process, "config worker"))
    until(lambda: len(part(process, "config worker").children()) == 1)
    everything = psutil.Process(process.pid).children(recursive=True)

    process.kill()
    process.wait()

    until(lambda: not any(child.is_running() for child in everything), seconds=20)


def test_a_port_in_use_is_told_in_one_line(environment, port):
    with socket.create_server(("127.0.0.1", port)):
        answer = subprocess.run([*MANAGE, "serve"], env=environment, capture_output=True, text=True)

    assert answer.returncode == 1
    assert answer.stderr == (
        f"CommandError: port {port} cannot be used (Address already in use); choose another with PORT=8001\n"
    )


def test_a_second_supervisor_on_the_same_data_is_refused(environment):
    data = Path(environment["DATA_DIR"])
    data.mkdir()

    with (data / "serve.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = subprocess.run([*MANAGE, "serve"], env=environment, capture_output=True, text=True)

    assert answer.returncode == 1
    assert answer.stderr == f"CommandError: another `serve` runs on the data of {data}; end it first\n"
