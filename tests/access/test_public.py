"""What stands open to strangers is a short list; everything else asks for a log-in and is kept by no browser."""

import ast
import uuid
from pathlib import Path

import pytest
from django.apps import apps

from config.environment import BASE_DIR
from tests.access.asking import address_of, ask, named_urls
from tests.access.policy import POLICY
from tests.access.sampling import some

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PUBLIC = {
    *("accounts:login", "account_login", "mfa_authenticate", "accounts:logout"),
    *("cells:invitation", "cells:invitation_open"),
    *("sessions:calendar_feed", "sessions:check_in_landing", "resolutions:site_link"),
    *("accounts:one_time_code", "accounts:new_password", "accounts:forgotten"),
    *("reports:healthz", "reports:readyz"),  # and the static files
}
GUARDED = ("accounts", "cells", "speakers", "resolutions", "sessions", "reports")


def test_the_public_pages_are_the_short_list():
    assert {name for name, pattern in named_urls().items() if is_open(pattern.callback)} == PUBLIC
    assert {name for name, page in POLICY.items() if page.is_public} == PUBLIC


def is_open(view) -> bool:
    return not getattr(view, "login_required", True)


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_strangers_are_sent_to_the_log_in_from_everywhere_else(method, client):
    closed = [name for name in named_urls() if name not in PUBLIC]

    assert [name for name in closed if not ask(client, method, address_of(name, uuid.uuid4())).goes_to_log_in] == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused_everywhere(method, client):
    answered = {name: ask(client, method, address_of(name, uuid.uuid4())).status for name in named_urls()}

    assert set(answered.values()) == {405}


def test_no_browser_keeps_an_answer(world, clients):
    kept = []
    for name, page in POLICY.items():
        public_id = world[page.tried_at].objects[page.of] if page.of else None
        for principal in some(("secretary", "committee", "member"), 1, name):
            for method in ("GET", "POST"):
                answer = ask(clients[principal], method, address_of(name, public_id))
                if "no-store" not in answer.headers.get("Cache-Control", ""):
                    kept.append(f"{method} {name} as {principal}")
    assert kept == []


@pytest.mark.parametrize(
    "path", ["/media/", "/uploads/", "/data/", "/admin/", "/static/../config/settings.py", "/.env", "/db.sqlite3"]
)
def test_nothing_lies_beside_the_pages(path, client, clients):
    assert ask(clients["administrator"], "GET", path).status == 404


def test_views_and_forms_ask_for_the_rows_of_their_user():
    """Models with rows of somebody offer `objects.for_user`; `unscoped` names their plain manager."""
    files = [file for app in GUARDED for file in (BASE_DIR / app).rglob("*.py") if is_page(file)]
    scoped = {model.__name__ for model in apps.get_models() if hasattr(getattr(model, "objects", None), "for_user")}
    found = {f"{file.relative_to(BASE_DIR)}: {name}" for file in files for name in unscoped_models(file)}

    assert {line for line in found if line.partition(": ")[2] in scoped} == set()


def is_page(file: Path) -> bool:
    return file.parent.name == "views" or file.name.startswith(("views", "forms", "querying"))


def unscoped_models(file: Path):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in {"unscoped", "_base_manager", "_default_manager"}:
            yield ast.unparse(node.value)
