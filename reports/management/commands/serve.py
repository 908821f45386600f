"""`manage.py serve`: web, worker and beat under one supervisor; `make run` adds --sample."""

import fcntl
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from cells.models import Organisation
from reports.first_start import real_administrators
from reports.sample.keys import current_entry, was_removed
from reports.sample.people import DEMO_LOGINS
from reports.supervising import Child, Supervisor

HOST = "127.0.0.1"
WEB_STARTS_WITHIN = 30  # seconds


class Command(BaseCommand):
    help = "Serves web, worker and beat under one supervisor until Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument(
            "--sample",
            action="store_true",
            help="first migrate, load the sample data if there are no data, and build one report through the worker",
        )

    def handle(self, *args, sample, **options):
        sys.stdout.reconfigure(line_buffering=True)  # in step with what the children print, also into a file
        lock = lock_data_dir()
        check_port(settings.PORT)
        environment = prepare_environment()
        has_sample = sample and self.prepare_data()
        connections.close_all()
        supervisor = Supervisor(environment, self.say)
        try:
            self.serve(supervisor, has_sample)
        finally:
            supervisor.stop()
            os.close(lock)
        self.say("everything has ended")

    def say(self, text):
        self.stdout.write(f"serve: {text}")

    def prepare_data(self) -> bool:
        """Whether the sample is there: it may have made way for a real office."""
        try:
            self.migrate_and_load()
        except KeyboardInterrupt:
            raise CommandError("interrupted before serving; the next run takes it up again") from None
        return current_entry() is not None

    def migrate_and_load(self):
        self.say("migrating the database ...")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        if Organisation.unscoped.exists() or was_removed():
            return
        self.say("loading the sample data ...")
        call_command("load_sample")

    def serve(self, supervisor, has_sample):
        supervisor.add(worker())
        if has_sample:
            supervisor.run_once([sys.executable, manage_py(), "first_report"])
        supervisor.add(web())
        supervisor.add(beat())
        if supervisor.wait_for(lambda: answers(settings.PORT), WEB_STARTS_WITHIN):
            self.tell_address(has_sample)
        elif not supervisor.stopping:
            self.say(f"the web server does not answer after {WEB_STARTS_WITHIN} s; its reason stands above")
        supervisor.run()

    def tell_address(self, has_sample):
        self.say(f"open http://localhost:{settings.PORT}/  (Ctrl-C ends everything)")
        if not has_sample:
            self.tell_first_start()
            return
        self.say("demo log-ins: user name, password, role, organisation")
        for name, password, role, organisation in DEMO_LOGINS:
            self.stdout.write(f"  {name:<9} {password}  {role:<18} {organisation}")

    def tell_first_start(self):
        """Nobody who merely finds the address can claim the installation: the link stands on this console only."""
        if needs_administrator():
            call_command("first_start", stdout=self.stdout)
            connections.close_all()


def needs_administrator() -> bool:
    try:
        return not real_administrators().exists()
    except DatabaseError:
        return False  # not migrated yet; the pages say so themselves
    finally:
        connections.close_all()


def lock_data_dir() -> int:
    """Two supervisors on one folder would work off one file-system queue twice."""
    lock = os.open(settings.DATA_DIR / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(f"another `serve` runs on the data of {settings.DATA_DIR}; end it first") from None
    return lock


def check_port(port: int):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise CommandError(f"port {port} cannot be used ({reason}); choose another with PORT=8001") from None


def answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def prepare_environment() -> dict[str, str]:
    """The children's environment: fonts' caches and temporary files too stay below DATA_DIR."""
    cache, temporary = settings.DATA_DIR / "cache", settings.DATA_DIR / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)  # left by a run that was killed
    for folder in (cache, temporary, settings.DATA_DIR / "broker"):
        folder.mkdir(exist_ok=True)
    return {
        **os.environ,
        "DATA_DIR": str(settings.DATA_DIR),
        "XDG_CACHE_HOME": str(cache),
        "TMPDIR": str(temporary),
        "PYTHONUNBUFFERED": "1",
    }


def manage_py() -> str:
    return str(Path(settings.BASE_DIR) / "manage.py")


def web() -> Child:
    options = f"--bind {HOST}:{settings.PORT} --worker-class gthread --workers 2 --threads 4 --graceful-timeout 4"
    quiet = "--log-level warning --no-control-socket"
    return Child("web", python_module("gunicorn", f"{options} {quiet} config.wsgi:application"))


def worker() -> Child:
    options = "--pool=prefork --concurrency=1 --without-gossip --without-mingle --without-heartbeat"
    # SIGTERM would let it finish its report first; with the supervisor gone nobody waits for that.
    command = python_module("celery", f"--quiet -A config worker {options} --loglevel=WARNING")
    # Celery warns root because of pickled messages; ours are JSON.
    command[1:1] = ["-W", "ignore:You're running the worker with superuser:UserWarning"]
    return Child("worker", command, signal.SIGQUIT)


def beat() -> Child:
    return Child("beat", python_module("celery", "--quiet -A config beat --pidfile= --loglevel=WARNING"))


def python_module(module: str, arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments.split()]
