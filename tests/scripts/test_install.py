"""`scripts/install.py` as a fresh machine meets it; packages are the only thing it does not really fetch here."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

IMPOSSIBLE = f"no-such-package-of-ours==1.0 --hash=sha256:{'0' * 64}\n"


@pytest.fixture
def install(tmp_path, monkeypatch):
    """The script, at work in an empty folder with an empty lock and no index to ask."""
    specification = importlib.util.spec_from_file_location("install", settings.BASE_DIR / "scripts" / "install.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "VENV_PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "installed")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "requirements.txt").write_text("")
    return module


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Puts made-up programs on the path, and nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM", raising=False)

    def add(name, exit_code):
        program = folder / name
        program.write_text(f"#!/bin/sh\nexit {exit_code}\n")
        program.chmod(0o755)
        return str(program)

    return add


@pytest.mark.slow
def test_an_install_that_failed_is_not_taken_for_done(install, tmp_path, capfd):
    lock = tmp_path / "requirements.txt"

    install.install_packages(["requirements.txt"])
    assert install.installed(["requirements.txt"])

    lock.write_text(IMPOSSIBLE)
    assert not install.installed(["requirements.txt"])
    with pytest.raises(install.CannotInstall, match="the same command tries again"):
        install.install_packages(["requirements.txt"])
    lock.write_text("")
    assert not install.installed(["requirements.txt"])

    install.install_packages(["requirements.txt"])
    assert install.installed(["requirements.txt"])
    assert capfd.readouterr().out.count("making .venv") == 1


def test_a_half_made_venv_does_not_count(install, tmp_path):
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    install.write_stamp(["requirements.txt"])

    assert not install.installed(["requirements.txt"])


def test_an_old_python_is_told_which_one_is_needed(install, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))

    with pytest.raises(install.CannotInstall) as refusal:
        install.check_python()

    assert str(refusal.value) == (
        "Python 3.11 or newer is needed, this is 3.9; name another: make run PYTHON=python3.11"
    )


def test_an_ordinary_user_is_told_what_to_install(install, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(install.CannotInstall) as refusal:
        install.install_system_packages(["libpango-1.0-0", "fontconfig"], "typesetting PDFs")

    assert str(refusal.value) == "needed for typesetting PDFs: sudo apt-get install -y libpango-1.0-0 fontconfig"


def test_a_library_counts_when_it_loads(install):
    assert install.loadable("libc.so.6")
    assert not install.loadable("libno-such-thing.so.0")


def test_the_first_browser_that_starts_is_taken(install, programs):
    programs("chromium-browser", exit_code=1)  # like Ubuntu's, which only tells to install a snap
    chrome = programs("google-chrome", exit_code=0)

    assert install.find_browser() == chrome


def test_a_named_browser_is_the_only_one_asked(install, programs, monkeypatch):
    programs("chromium", exit_code=0)
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")

    with pytest.raises(install.CannotInstall) as refusal:
        install.install_browser()

    assert str(refusal.value) == (
        "CHROMIUM=/nowhere/chromium does not start; name one with CHROMIUM=/path/to/chromium, "
        "or leave its tests out: make test BROWSER=no"
    )


def test_without_a_browser_an_ordinary_user_is_told_both_ways_out(install, programs, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(install.CannotInstall) as refusal:
        install.install_browser()

    assert str(refusal.value) == (
        "needed for the browser stories: sudo apt-get install -y chromium; or name one with "
        "CHROMIUM=/path/to/chromium, or leave its tests out: make test BROWSER=no"
    )


def test_where_the_light_browser_has_no_package_the_whole_one_is_installed(install, programs, monkeypatch):
    def only_chromium(packages, purpose):
        if packages != ["chromium"]:
            raise install.CannotInstall(f"no package {packages}")
        programs("chromium", exit_code=0)

    monkeypatch.setattr(install, "install_system_packages", only_chromium)

    install.install_browser()

    assert Path(install.find_browser()).name == "chromium"
