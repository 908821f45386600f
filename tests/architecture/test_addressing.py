"""The program speaks to its readers as they speak to each other: `đồng chí`, on every page."""

import re

import pytest
from django.conf import settings

from tests.architecture.test_directions import APPS

pytestmark = pytest.mark.once


def test_readers_are_addressed_in_one_way():
    root = settings.BASE_DIR
    told = [path for path in root.glob("templates/**/*") if path.suffix in {".html", ".txt"}]
    told += [path for app in APPS for path in (root / app).rglob("*.py")]

    assert len(told) > 500
    assert [path.name for path in told if re.search(r"\bbạn\b", path.read_text(), re.IGNORECASE)] == []
