"""The lock files say what is installed and never from where: that is each machine's own affair."""

import re

import pytest
from django.conf import settings

LINE = re.compile(
    r"[a-z0-9][a-z0-9._-]*(\[[a-z0-9,-]+\])?==[0-9][A-Za-z0-9.!+]*( ; .+)? \\"
    r"|    --hash=sha256:[0-9a-f]{64}( \\)?"
    r"|    # via( .+)?"
    r"|    #   .+"
    r"|# The following packages are considered to be unsafe in a requirements file:"
    r"|"
)
ELSEWHERE = re.compile(r"://|--\w*index|--find-links|--trusted-host")


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_holds_names_versions_and_hashes_only(lock):
    lines = (settings.BASE_DIR / lock).read_text().splitlines()

    assert [line for line in lines if not LINE.fullmatch(line) or ELSEWHERE.search(line)] == []
    assert sum("==" in line for line in lines) > 20


def test_both_locks_agree_on_what_they_share():
    versions = [dict(pinned(lock)) for lock in ("requirements.txt", "requirements-dev.txt")]
    shared = versions[0].keys() & versions[1].keys()

    assert {name: versions[0][name] for name in shared} == {name: versions[1][name] for name in shared}


def pinned(lock):
    return re.findall(r"^([a-z0-9._-]+)\S*?==(\S+)", (settings.BASE_DIR / lock).read_text(), re.MULTILINE)
