"""Imports for these tests: of a file by the reading child, or of rows as the child would hand them over."""

import pytest
from django.apps import apps

from cells.exchange import importing
from tests.cells.books import raw

KEPT = ("cells", "speakers", "resolutions", "cell_sessions", "accounts")


@pytest.fixture
def enter(db):
    """Import a book without making a file of it: most rules have nothing to do with files."""

    def enter_book(book, **options):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(importing, "read_sheets", lambda path, progress: raw(book))
            return importing.import_workbook("book.xlsx", **options)

    return enter_book


@pytest.fixture
def everything(db):
    """All rows of all tables, to compare before and after."""

    def look():
        models = [model for label in KEPT for model in apps.get_app_config(label).get_models()]
        return {model._meta.label: sorted(map(str, model._base_manager.values_list())) for model in models}

    return look
