import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from config.static_files import KEPT_VERSIONS, publish, version

pytestmark = pytest.mark.once


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "app.css").write_text("a { color: red }\n" * 100)
    (folder / "Tinos.ttf").write_bytes(b"for paper")
    return folder


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_address_changes_with_the_content(source):
    before = version(source)
    assert version(source) == before

    (source / "css" / "app.css").write_text("a { color: blue }")

    assert version(source) != before


def test_text_is_compressed_and_what_is_for_paper_is_left_out(source, tmp_path):
    publish(source, tmp_path / "static" / "1")

    assert files(tmp_path / "static") == ["1/css/app.css", "1/css/app.css.br", "1/css/app.css.gz"]


def test_processes_that_start_together_do_not_disturb_each_other(source, tmp_path):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: publish(source, tmp_path / "static" / "1"), range(8)))

    assert files(tmp_path / "static") == ["1/css/app.css", "1/css/app.css.br", "1/css/app.css.gz"]


def test_old_versions_go(source, tmp_path):
    for number in range(6):
        publish(source, tmp_path / "static" / str(number))

    assert len(list((tmp_path / "static").iterdir())) == KEPT_VERSIONS


def test_borrowed_files_are_what_was_fetched():
    root = Path(settings.BASE_DIR)
    for line in (root / "static/vendor/FRONTEND.sha256").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((root / name).read_bytes()).hexdigest() == digest, name
