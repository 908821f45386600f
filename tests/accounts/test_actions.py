"""Every action that the code records has a name that people understand."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from accounts.actions import ACTIONS

pytestmark = pytest.mark.once

APPS = ("accounts", "cells", "speakers", "resolutions", "sessions", "reports")


def recorded(tree: ast.AST) -> set[str]:
    """The actions a module hands to `record`: written there, in a name, or by those who call a function with one."""
    texts, names = set(), set()
    for call in calls(tree, "record"):
        if call.args:
            texts |= strings(call.args[0])
            names |= {node.id for node in ast.walk(call.args[0]) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") in names for target in node.targets):
            texts |= strings(node.value)
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        parameters = [argument.arg for argument in function.args.args]
        for name in names & set(parameters):
            place = parameters.index(name)
            for call in calls(tree, function.name):
                texts |= strings(call.args[place]) if len(call.args) > place else set()
    return texts


def calls(tree: ast.AST, name: str):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
            yield node


def strings(node: ast.AST) -> set[str]:
    branches = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return {one.value for one in branches if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def sources() -> list[Path]:
    return [path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")]


def test_every_action_has_a_name():
    found = set().union(*(recorded(ast.parse(path.read_text())) for path in sources()))

    assert {"login.ok", "session.marked", "session.reopened", "session.roster_updated"} <= found
    assert found - ACTIONS.keys() == set()


def test_the_reader_of_actions_sees_names_choices_and_what_callers_hand_in():
    source = """
ACTION = "a.one"
def note(action):
    record(action)
def work():
    chosen = "a.two" if x else "a.three"
    record(chosen)
    record(ACTION)
    auditing.record("a.four", target=x)
    note("a.five")
"""

    assert recorded(ast.parse(source)) == {"a.one", "a.two", "a.three", "a.four", "a.five"}
