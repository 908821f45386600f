"""What `deploy/` and the operations guide say is true of the program: names of settings, commands, options, limits."""

import importlib.util
import re
from itertools import chain

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve

from cells.uploads import kinds
from reports.management.commands import serve

pytestmark = pytest.mark.once

ROOT = settings.BASE_DIR
GUIDE, README = (ROOT / "docs" / "operations.md").read_text(), (ROOT / "README.md").read_text()
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
NOT_OURS = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "XDG_CACHE_HOME"}
NAME = re.compile(r"`([A-Z][A-Z_]+)`")


def names_read() -> set[str]:
    source = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "environment.py"))
    return set(re.findall(r'(?:env\.\w+|environment\.hours)\(\s*"([A-Z_]+)"', source))


def names_in_table(page: str) -> list[str]:
    table = re.search(r"## Settings\n.*?(?=\n## )", page, re.DOTALL)[0]
    first_cells = re.findall(r"^\| (`[A-Z].*?) \|", table, re.MULTILINE)
    return list(chain.from_iterable(NAME.findall(cell) for cell in first_cells))


@pytest.mark.parametrize(("page", "left_out"), [(GUIDE, set()), (README, {"DEBUG"})])
def test_each_setting_stands_once_in_the_tables(page, left_out):
    names = names_in_table(page)

    assert sorted(names) == sorted(names_read() - left_out)


def test_deployed_files_set_nothing_that_is_not_read():
    example = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "sochibo.env").read_text(), re.MULTILINE)
    units = re.findall(r"^Environment=(.*)", "\n".join(map(str.rstrip, lines_of_units())), re.MULTILINE)
    image = re.findall(r"^ENV (.*)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    named = {part.partition("=")[0] for line in units + image for part in line.split()}
    composed = set(COMPOSE["x-program"]["environment"])

    assert named | composed | set(example) <= names_read() | NOT_OURS


def lines_of_units() -> list[str]:
    paths = [*DEPLOY.glob("systemd/*.*e*"), DEPLOY / "systemd" / "sochibo-.service.d" / "common.conf"]
    return list(chain.from_iterable(path.read_text().splitlines() for path in paths if path.is_file()))


def test_the_guides_name_commands_that_exist():
    named = set(
        re.findall(r"(?:manage\.py|`sochibo|^sochibo|&& sochibo|sochibo sochibo) ([a-z_]+)", GUIDE, re.MULTILINE)
    )
    table = re.search(r"## Commands\n.*?(?=\n## )", README, re.DOTALL)[0]
    listed = set(
        re.findall(r"`([a-z_]+)[^`]*`(?=[,|` ])", "\n".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))
    )

    assert {"backup", "restore", "run_jobs", "verify_audit"} <= named
    assert named | listed | commands_run() <= get_commands().keys()


def commands_run() -> set[str]:
    units = re.findall(r"manage\.py (\w+)", "\n".join(lines_of_units()))
    services = [service.get("command", []) for service in COMPOSE["services"].values()]
    return {*units, *(command[2] for command in services if "manage.py" in command)}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_services_and_containers_start_what_serve_starts(name):
    unit = (DEPLOY / "systemd" / f"sochibo-{name}.service").read_text()
    started = re.search(r"^ExecStart=\S+ (.*)", unit, re.MULTILINE)[1].split()
    image = re.search(r"^CMD (\[.*\])", (DEPLOY / "Dockerfile").read_text().replace("\\\n", ""), re.MULTILINE)[1]
    container = COMPOSE["services"][name].get("command") or yaml.safe_load(image)
    own = getattr(serve, name)().command[1:]

    assert options(own) - {"-W"} == options(started) | ({"--bind"} if name == "web" else set())
    assert options(own) - {"-W"} == options(container[1:])
    assert own[-1] == started[-1] == container[-1]


def options(command: list[str]) -> set[str]:
    return {part.partition("=")[0] for part in command if part.startswith("-")}


def test_the_image_has_the_libraries_that_the_install_script_brings():
    specification = importlib.util.spec_from_file_location("install", ROOT / "scripts" / "install.py")
    install = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(install)

    assert set(install.LIBRARIES.values()) <= set((DEPLOY / "Dockerfile").read_text().split())


def test_nginx_lets_the_largest_upload_in_and_sends_files_from_where_the_settings_say():
    site = (DEPLOY / "nginx" / "sochibo.conf").read_text()
    example = dict(re.findall(r"^([A-Z_]+)=(.*)", (DEPLOY / "sochibo.env").read_text(), re.MULTILINE))
    largest = max(kind.most_bytes for kind in vars(kinds).values() if isinstance(kind, kinds.FileKind))

    assert int(re.search(r"client_max_body_size (\d+)m;", site)[1]) * 2**20 == settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert largest < settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert f"location {example['X_ACCEL']} {{" in site
    assert f"alias {example['DATA_DIR']}/uploads/;" in site
    for page in re.findall(r"location = /(\S+)", site):
        assert (DEPLOY / "nginx" / "pages" / page).is_file()


def test_the_addresses_for_the_monitor_exist():
    for address in re.findall(r"^\| `(/\w+)` \|", GUIDE, re.MULTILINE):
        assert resolve(address)
