"""The migrated database, made once and copied: by the workers of one run and, on SQLite, by later runs as well.

Migrating takes each process about as long as fifty tests. What was kept is used again only as long as the migrations
and the rows they sow read the same.
"""

import fcntl
import hashlib
import os
import shutil
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

APPS = ("accounts", "cells", "speakers", "resolutions", "sessions", "reports")
TEMPLATE = "migrated"


@contextmanager
def one_at_a_time():
    with (Path(os.environ["TEST_FOLDER"]) / "migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fetch(shelf: Path):
    """Lays the kept database where the tests will look for theirs, if there is one."""
    if connection.vendor == "sqlite":
        if (kept := kept_file(shelf)).exists():
            Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(kept, test_name())
    elif run("SELECT 1 FROM pg_database WHERE datname = %s", TEMPLATE):
        run(f'CREATE DATABASE "{test_name()}" TEMPLATE {TEMPLATE}')


def keep(shelf: Path):
    """Keeps the database that was just migrated, unless it came from here."""
    if connection.vendor == "sqlite":
        keep_file(kept_file(shelf))
    elif not run("SELECT 1 FROM pg_database WHERE datname = %s", TEMPLATE):
        connection.close()
        run(f'CREATE DATABASE {TEMPLATE} TEMPLATE "{connection.settings_dict["NAME"]}"')


def keep_file(kept: Path):
    if kept.exists():
        return
    fresh = kept.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(fresh)])
    fresh.rename(kept)
    connection.close()


def kept_file(shelf: Path) -> Path:
    texts = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for app in APPS:
        files = {*(settings.BASE_DIR / app).glob("migrations/*.py"), *(settings.BASE_DIR / app).glob("*seed*.py")}
        for file in sorted(files):
            texts.update(f"{app}/{file.name}".encode() + file.read_bytes())
    return shelf / f"{texts.hexdigest()[:16]}.sqlite3"


def test_name() -> str:
    """As Django will call it; once it is set up, the settings say so."""
    return str(connection.creation._get_test_db_name())


def run(statement: str, *values) -> list:
    """Asks the server itself; a database cannot be copied from within it."""
    import psycopg2

    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
