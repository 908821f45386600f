"""An app knows only what stands to its left, and nobody knows config."""

import ast

import pytest
from django.apps import apps
from django.conf import settings

APPS = ["accounts", "cells", "speakers", "resolutions", "sessions", "reports"]


def imported(tree: ast.AST) -> set[str]:
    """Top-level packages that a module imports, at its head or late, and labels it hands to get_model()."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Call) and is_lookup(node.func) and isinstance(node.args[0], ast.Constant):
            names.add(node.args[0].value.partition(".")[0].removeprefix("cell_"))
    return names


def is_lookup(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in {"get_model", "import_module", "import_string", "get_app_config"}


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_what_stands_to_its_left(app):
    forbidden = {*APPS[APPS.index(app) + 1 :], "config", "tests"}

    wrong = {
        f"{path.relative_to(settings.BASE_DIR)} imports {name}"
        for path in (settings.BASE_DIR / app).rglob("*.py")
        for name in imported(ast.parse(path.read_text())) & forbidden
    }

    assert wrong == set()


@pytest.mark.parametrize("app", APPS)
def test_foreign_keys_point_to_the_left_too(app):
    own = {path.partition(".")[0]: config for config in apps.get_app_configs() if (path := config.name)}

    wrong = {
        f"{model.__name__}.{field.name} points to {field.related_model.__module__}"
        for model in own[app].get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        for target in [field.related_model.__module__.partition(".")[0]]
        if target in APPS and APPS.index(target) > APPS.index(app)
    }

    assert wrong == set()


def test_config_imports_no_app():
    found = {
        f"{path.name} imports {name}"
        for path in (settings.BASE_DIR / "config").rglob("*.py")
        for name in imported(ast.parse(path.read_text())) & set(APPS)
    }

    assert found == set()


def test_the_reader_of_imports_sees_late_ones_and_strings():
    source = """
def late():
    from reports.pdf import render
    return apps.get_model("cell_sessions.Session"), import_module("speakers.models")
"""

    assert imported(ast.parse(source)) == {"reports", "sessions", "speakers"}
