"""Backs up what cannot be made again, and lays it back only where nothing is and only when all of it is whole.

The audit trail's copy goes first: it may not know more than the database does. The other files go last: a row names a
file only once it is there, and files are never written again, so they hold all that the database speaks of.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.refusing import Refused

ONLY_GROWS = "audit"
WRITTEN_ONCE = ("uploads", "reports", "imports", "papers")
DATABASE, ABOUT, SUMS = "database", "about.json", "SHA256SUMS"


def back_up(place: Path) -> Path:
    """A new folder below `place`, there only when it is complete."""
    folder = place / f"{timezone.now():%Y%m%dT%H%M%S.%fZ}"
    draft = place / f".part-{folder.name}"
    draft.mkdir(mode=0o700, parents=True)
    try:
        copy_files(settings.DATA_DIR, draft, [ONLY_GROWS])
        dump(draft / DATABASE)
        copy_files(settings.DATA_DIR, draft, WRITTEN_ONCE)
        (draft / ABOUT).write_text(json.dumps(about(), cls=DjangoJSONEncoder, indent=1))
        (draft / SUMS).write_text(sums(draft))
        os.sync()
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    record("backup.made", detail={"backup": folder.name})
    return folder


def forget_old(place: Path, kept: int) -> None:
    folders = sorted(path for path in place.iterdir() if (path / SUMS).is_file())
    for folder in folders[:-kept]:
        shutil.rmtree(folder)


def restore(folder: Path) -> None:
    """Raises Refused before anything is touched."""
    told = whole(folder)
    refuse_unfit(told)
    copy_files(folder, settings.DATA_DIR, [ONLY_GROWS, *WRITTEN_ONCE])
    load(folder / DATABASE)


def whole(folder: Path) -> dict:
    """What the backup says of itself, if each of its bytes is as it was written."""
    try:
        is_whole = (folder / SUMS).read_bytes() == sums(folder).encode()
    except OSError:
        is_whole = False
    if not is_whole:
        raise Refused(_("Bản sao lưu không nguyên vẹn: có tệp bị sửa, thiếu hoặc thừa."))
    return json.loads((folder / ABOUT).read_text())


def refuse_unfit(told: dict) -> None:
    if told["database"] != connection.vendor:
        raise Refused(_("Bản sao lưu là của loại cơ sở dữ liệu khác; xem lại DATABASE_URL."))
    known = MigrationLoader(None).disk_migrations
    if not {tuple(one) for one in told["migrations"]} <= known.keys():
        raise Refused(_("Bản sao lưu do phiên bản mới hơn của chương trình lập ra; hãy cài phiên bản đó."))
    if told["key"] != key_mark():
        raise Refused(_("SECRET_KEY không phải khóa của bản sao lưu, xác thực hai lớp sẽ hỏng; hãy đặt khóa cũ trước."))
    if connection.introspection.table_names() or any(files_below(settings.DATA_DIR, [ONLY_GROWS, *WRITTEN_ONCE])):
        raise Refused(_("Nơi phục hồi đã có dữ liệu; hãy chọn DATA_DIR và cơ sở dữ liệu còn trống."))


def about() -> dict:
    return {
        "made": timezone.now(),
        "database": connection.vendor,
        "migrations": sorted(MigrationLoader(connection).applied_migrations),
        "key": key_mark(),
    }


def key_mark() -> str:
    """Tells one SECRET_KEY from another, and nothing about either."""
    return salted_hmac("accounts.backing_up", "key", algorithm="sha256").hexdigest()[:16]


def copy_files(source: Path, target: Path, names) -> None:
    for path in files_below(source, names):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # taken away meanwhile, as files of an import are after their time
            shutil.copy2(path, copy)


def files_below(folder: Path, names) -> Iterator[Path]:
    """Without drafts and locks, which are nobody's."""
    for name in names:
        found = (folder / name).rglob("*")
        yield from (path for path in sorted(found) if path.is_file() and path.name[0] != "." and path.name != "lock")


def sums(folder: Path) -> str:
    """As `sha256sum` writes it, so that it can be checked where this program is not."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / SUMS)
    return "".join(f"{digest(path)}  {path.relative_to(folder)}\n" for path in paths)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# The database


def dump(path: Path) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        return
    run_client("pg_dump", "--format=custom", f"--file={path}")


def load(path: Path) -> None:
    if connection.vendor == "sqlite":
        connections.close_all()
        own = Path(connection.settings_dict["NAME"])
        for name in (own.name, f"{own.name}-wal", f"{own.name}-shm"):
            own.with_name(name).unlink(missing_ok=True)
        shutil.copyfile(path, own)
        return
    run_client("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(path))


def run_client(program: str, *arguments: str) -> None:
    """pg_dump and pg_restore, with the password where the list of processes does not show it."""
    told = connection.settings_dict
    places = {"host": told["HOST"], "port": told["PORT"], "username": told["USER"], "dbname": told["NAME"]}
    options = [f"--{name}={value}" for name, value in places.items() if value]
    environment = os.environ | ({"PGPASSWORD": str(told["PASSWORD"])} if told["PASSWORD"] else {})
    subprocess.run([program, *options, *arguments], env=environment, check=True)
