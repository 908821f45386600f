#!/usr/bin/env python3
"""Makes .venv and sees to what must be installed: `install.py [--development] [--browser]`.

Uses the standard library only and no syntax that an older Python cannot read, so that it can say what is missing.
Running it again costs a fraction of a second.
"""

import argparse
import contextlib
import ctypes
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
OLDEST_PYTHON = (3, 11)

# What WeasyPrint loads, and the Debian and Ubuntu package that brings it.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "fontconfig",
}
# The first one draws no window at all and needs less than half the work; Ubuntu has no package of it.
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
BROWSER_PACKAGES = ["chromium-headless-shell", "chromium"]


class CannotInstall(Exception):
    """Something is missing that this script may not or cannot bring; the text says in one line what to do."""


def main():
    wanted = arguments()
    try:
        check_python()
        with one_at_a_time():
            install_packages(["requirements.txt"] + ["requirements-dev.txt"] * wanted.development)
            install_libraries()
            if wanted.browser:
                install_browser()
    except CannotInstall as missing:
        sys.exit(f"install: {missing}")
    except KeyboardInterrupt:
        sys.exit("install: interrupted; the next run takes it up again")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--development", action="store_true", help="also what tests and tools need")
    parser.add_argument("--browser", action="store_true", help="also a Chromium for the browser stories")
    return parser.parse_args()


def say(text):
    print(f"install: {text}", flush=True)


@contextlib.contextmanager
def one_at_a_time():
    # Locks the folder itself: nothing to leave behind, and free again when this process ends in whatever way.
    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


# Python and its packages


def check_python():
    if sys.version_info < OLDEST_PYTHON:
        have = ".".join(map(str, sys.version_info[:2]))
        raise CannotInstall(f"Python 3.11 or newer is needed, this is {have}; name another: make run PYTHON=python3.11")


def install_packages(locks):
    if installed(locks):
        return
    if not venv_works():
        make_venv()
    say("installing the packages of " + " and ".join(locks) + ", about a minute ...")
    STAMP.unlink(missing_ok=True)
    chosen = [argument for lock in locks for argument in ("-r", lock)]
    quietly = ["--quiet", "--no-input", "--no-cache-dir", "--disable-pip-version-check"]
    pip = [str(VENV_PYTHON), "-m", "pip", "install", *quietly, "--require-hashes", *chosen]
    answer = subprocess.run(pip, cwd=ROOT, capture_output=True, text=True)
    if answer.returncode:
        print(answer.stderr.strip(), file=sys.stderr)
        raise CannotInstall("the packages could not be installed (reason above); the same command tries again")
    write_stamp(locks)


def installed(locks):
    """Whether .venv works and was last filled from these locks, byte for byte."""
    try:
        stamped = STAMP.read_text().splitlines()
    except OSError:
        return False
    return set(fingerprints(locks)) <= set(stamped) and venv_works()


def write_stamp(locks):
    # Written beside and renamed: an interrupted run leaves no stamp, or the whole one.
    draft = STAMP.with_suffix(".draft")
    draft.write_text("\n".join(fingerprints(locks)) + "\n")
    draft.rename(STAMP)


def fingerprints(locks):
    return [f"{hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()} {lock}" for lock in locks]


def venv_works():
    """False for a .venv that was never finished, was moved, or whose Python is gone or of another version."""
    if not VENV_PYTHON.exists():
        return False
    question = "import sys, pip; print(sys.prefix, *sys.version_info[:2])"
    answer = subprocess.run([str(VENV_PYTHON), "-c", question], capture_output=True, text=True)
    return answer.stdout.split() == [str(VENV), *map(str, sys.version_info[:2])]


def make_venv():
    try:
        import ensurepip  # noqa: F401, Debian ships Python without it
        import venv  # noqa: F401
    except ImportError:
        package = "python{}.{}-venv".format(*sys.version_info)
        install_system_packages([package], "making a virtual environment")
    say(f"making {VENV.name} ...")
    answer = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if answer.returncode:
        reason = (answer.stderr or answer.stdout).strip().splitlines() or ["no reason given"]
        raise CannotInstall(f"{VENV.name} could not be made: {reason[-1]}")


# What comes from the system


def install_libraries():
    missing = missing_libraries()
    if not missing:
        return
    install_system_packages([LIBRARIES[name] for name in missing], "typesetting PDFs")
    missing = missing_libraries()
    if missing:
        raise CannotInstall(f"{', '.join(missing)} cannot be loaded although its package is installed")


def missing_libraries():
    return [name for name in LIBRARIES if not loadable(name)]


def loadable(name):
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def install_browser():
    if find_browser():
        return
    way_out = "name one with CHROMIUM=/path/to/chromium, or leave its tests out: make test BROWSER=no"
    if os.environ.get("CHROMIUM"):
        raise CannotInstall(f"CHROMIUM={os.environ['CHROMIUM']} does not start; {way_out}")
    for package in BROWSER_PACKAGES:
        try:
            install_system_packages([package], "the browser stories")
            break
        except CannotInstall as refused:
            reason = refused
    else:
        raise CannotInstall(f"{reason}; or {way_out}")
    if not find_browser():
        raise CannotInstall(f"the system's chromium does not start; {way_out}")


def find_browser():
    """The path of a Chromium that starts: the one named by CHROMIUM, else one on the path."""
    named = os.environ.get("CHROMIUM")
    for name in [named] if named else BROWSERS:
        path = shutil.which(name)
        # Ubuntu's chromium-browser is a script that only tells to install a snap; so ask it.
        if path and subprocess.run([path, "--version"], capture_output=True).returncode == 0:
            return path
    return None


def install_system_packages(packages, purpose):
    """Installs Debian or Ubuntu packages if this user may; else says which, in one line."""
    by_hand = f"needed for {purpose}: sudo apt-get install -y {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise CannotInstall(by_hand)
    say(f"installing {' '.join(packages)} ...")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        answer = subprocess.run(["apt-get", "-qq", *command], env=environment, capture_output=True, text=True)
    if answer.returncode:
        reason = answer.stderr.strip().splitlines() or ["no reason given"]
        raise CannotInstall(f"{by_hand} (tried: {reason[-1]})")


if __name__ == "__main__":
    main()
