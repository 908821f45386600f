"""What the environment says, read once. Nonsense stops the start here, not at midnight."""

import datetime as dt
import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()


def data_dir() -> Path:
    """The one folder this installation writes to; made if it is not there."""
    folder = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR {folder} cannot be made: {error.strerror}") from error
    return folder


def hours(name: str, default: str) -> tuple[dt.time, dt.time]:
    """`21:00-07:00`; both the same: no such hours."""
    text = env.str(name, default=default)
    try:
        first, last = (dt.time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must look like 21:00-07:00, not {text!r}") from error
    return first, last


def address(hosts: list[str], port: int, is_demo: bool) -> str:
    """Where links in mails lead, if SITE_ADDRESS does not say it."""
    host = next((one.lstrip(".") for one in hosts), "localhost")
    return f"http://{host}:{port}" if is_demo else f"https://{host}"


def secret_key(folder: Path) -> str:
    """SECRET_KEY of the environment, else a key made once and kept in `folder`, readable by its owner only."""
    if given := env.str("SECRET_KEY", default=""):
        if len(given) < 50:
            raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters")
        return given
    path = folder / "secret_key"
    if not path.exists():
        make_key_once(path)
    return path.read_text().strip()


def make_key_once(path: Path) -> None:
    # Web, worker and beat may start together on an empty folder: the link decides who was first.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def database(folder: Path) -> dict:
    """DATABASES["default"]: PostgreSQL when DATABASE_URL says so, else one SQLite file in `folder`."""
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{folder / 'sochibo.sqlite3'}"
    settings = env.db_url_config(url)
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        return settings | sqlite_settings()
    if settings["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///")
    return settings | postgresql_settings(settings)


def sqlite_settings() -> dict:
    # Without WAL and IMMEDIATE 13-24 % of concurrent requests fail with "database is locked".
    return {
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
        }
    }


def postgresql_settings(settings: dict) -> dict:
    limits = "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
    return {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": settings.get("OPTIONS", {}) | {"options": limits},
    }


def broker(folder: Path) -> dict:
    """Celery's broker: Redis when REDIS_URL is set, else folders in `folder` that one worker watches."""
    if url := env.str("REDIS_URL", default=""):
        return {"url": url, "options": redis_options()}
    queue = folder / "broker" / "queue"
    control = folder / "broker" / "control"
    for path in (queue, control):
        path.mkdir(parents=True, exist_ok=True)
    return {
        "url": "filesystem://localhost",
        "options": {
            "data_folder_in": str(queue),
            "data_folder_out": str(queue),
            "control_folder": str(control),
            "polling_interval": 0.1,
        },
    }


def beat_schedule(folder: Path) -> str:
    """Where beat notes what it rang for last; its library makes no folder."""
    path = folder / "broker" / "beat-schedule"
    path.parent.mkdir(parents=True, exist_ok=True)
    return str(path)


def redis_options() -> dict:
    # The visibility timeout must exceed the hard time limit, or a long job runs twice.
    return {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }
