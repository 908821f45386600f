"""The shared cases: workbooks with the exact figures that they must give."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from cells.exchange.exporting import export_workbook
from cells.exchange.importing import import_workbook

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module", params=["small", "medium"])
def _case(request, django_db_setup, django_db_blocker):
    """Imported once for the module, by the public command, and taken back at its end."""
    folder = DATA / request.param
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_workbook", folder / "case.xlsx", stdout=StringIO(), stderr=StringIO())
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def case(_case, db):
    return _case


def questions(folder: Path) -> list[dict]:
    return json.loads((folder / "expected.json").read_text())


def printed_figures(question: dict) -> dict:
    out = StringIO()
    options = {name: question[name] for name in ("structure", "on", "until") if question.get(name)}
    arguments = [text for name, value in options.items() for text in (f"--{name}", value)]
    call_command("figures", question["code"], question["period"], *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_every_figure_is_exact(case):
    wrong = [q for q in questions(case) if printed_figures(q) != q["figures"]]

    assert wrong == []


def test_a_second_import_changes_nothing(case, everything):
    before = everything()

    plan = import_workbook(case / "case.xlsx")

    assert plan.is_right
    assert plan.changes_nothing
    assert everything() == before


@pytest.mark.parametrize("_case", ["small", pytest.param("medium", marks=pytest.mark.slow)], indirect=True)
def test_an_export_comes_back_unchanged(case, tmp_path, everything):
    export_workbook(tmp_path / "all.xlsx")
    before = everything()

    plan = import_workbook(tmp_path / "all.xlsx")

    assert plan.problems == []
    assert plan.changes_nothing
    assert everything() == before
