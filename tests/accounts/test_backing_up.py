"""What was backed up comes back whole, and nothing that is not whole is let in (reliability.md, 55 and 56)."""

import os
import random
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.db import connection

from accounts import backing_up, copying, sealing
from accounts.auditing import record
from accounts.models import AuditEntry, User
from accounts.refusing import Refused
from tests.servers import postgresql_client


@pytest.fixture
def backup(transactional_db, settings, tmp_path, monkeypatch):
    """Of an installation with a user, a sealed trail and two files, one of them a draft."""
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setenv("PATH", f"{postgresql_client()}{os.pathsep}{os.environ['PATH']}")
    User.objects.create_user("lan", password="a long password of hers")
    record("login.ok")
    sealing.seal()
    copying.copy_out()
    (settings.DATA_DIR / "uploads").mkdir()
    (settings.DATA_DIR / "uploads" / "0a1b").write_bytes(b"%PDF an outline")
    (settings.DATA_DIR / "uploads" / ".tmp-2c3d").write_bytes(b"half")
    return backing_up.back_up(tmp_path / "backups")


@pytest.mark.once
def test_a_backup_holds_what_cannot_be_made_again_and_no_key(backup, settings):
    names = sorted(str(path.relative_to(backup)) for path in backup.rglob("*") if path.is_file())
    trail = next((settings.DATA_DIR / "audit").glob("*.jsonl")).name

    assert names == ["SHA256SUMS", "about.json", f"audit/{trail}", "database", "uploads/0a1b"]
    assert backup.stat().st_mode & 0o077 == 0
    assert not any(settings.SECRET_KEY.encode() in path.read_bytes() for path in backup.rglob("*") if path.is_file())
    assert AuditEntry.objects.filter(action="backup.made").count() == 1


@pytest.mark.once
def test_whatever_byte_is_flipped_or_file_lost_nothing_is_laid_back(backup, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "empty"
    files = sorted(path for path in backup.rglob("*") if path.is_file())
    chance = random.Random(56)
    for path in files * 4:
        content = path.read_bytes()
        at = chance.randrange(len(content))
        for harmed in (
            content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :],
            content[:at],
        ):
            path.write_bytes(harmed)
            assert_refused(backup)
        path.unlink()
        assert_refused(backup)
        path.write_bytes(content)
    (backup / "uploads" / "4e5f").write_bytes(b"more")
    assert_refused(backup)

    (backup / "uploads" / "4e5f").unlink()
    assert backing_up.whole(backup)["database"] == connection.vendor
    assert not settings.DATA_DIR.exists()


def assert_refused(backup):
    with pytest.raises(Refused, match="không nguyên vẹn"):
        backing_up.restore(backup)


@pytest.mark.once
@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"database": "oracle"}, "loại cơ sở dữ liệu khác"),
        ({"migrations": [["accounts", "9999_of_next_year"]]}, "phiên bản mới hơn"),
        ({"key": "0" * 16}, "SECRET_KEY"),
        ({}, "đã có dữ liệu"),
    ],
)
@pytest.mark.django_db
def test_what_does_not_fit_here_is_refused(other, reason):
    with pytest.raises(Refused, match=reason):
        backing_up.refuse_unfit(backing_up.about() | other)


@pytest.mark.once
def test_the_newest_are_kept(tmp_path):
    for name in ("1", "2", "3"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "SHA256SUMS").touch()
    (tmp_path / "not-ours").mkdir()

    backing_up.forget_old(tmp_path, 2)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "3", "not-ours"]


@pytest.mark.slow
def test_it_comes_back_whole_into_an_empty_place(backup, process_environment, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = process_environment | {"DATA_DIR": str(empty), "DATABASE_URL": empty_database()}
    environment["SECRET_KEY"] = project.SECRET_KEY

    restored = manage(environment, "restore", str(backup))
    again = manage(environment, "restore", str(backup))
    verified = manage(environment, "verify_audit")
    script = (
        "from accounts.models import *; print(User.objects.create_user('mai').pk > User.objects.get(username='lan').pk)"
    )
    next_insert = manage(environment, "shell", "--no-imports", "-c", script)

    assert (restored.returncode, restored.stdout) == (0, f"Đã phục hồi {backup}.\n")
    assert (again.returncode, "đã có dữ liệu" in again.stderr) == (1, True)
    assert (empty / "uploads" / "0a1b").read_bytes() == b"%PDF an outline"
    assert (verified.returncode, verified.stdout) == (0, "2 dòng, 1 dòng đã niêm phong, 0 chỗ không khớp.\n")
    assert next_insert.stdout == "True\n"


def empty_database() -> str:
    if connection.vendor == "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS of_a_backup")
        cursor.execute("CREATE DATABASE of_a_backup TEMPLATE template0")
    return os.environ["DATABASE_URL"].rpartition("/")[0] + "/of_a_backup"


def manage(environment, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=project.BASE_DIR, env=environment, capture_output=True, text=True
    )
