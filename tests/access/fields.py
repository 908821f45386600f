"""Which names a page takes: those of its path, of the forms in the code, and of the forms that stand on it."""

import importlib
from html.parser import HTMLParser

from django import forms

from accounts.querying import QueryForm

FORM_MODULES = (
    "accounts.forms",
    "accounts.resetting_forms",
    "accounts.second_factor_forms",
    "accounts.returning",
    "cells.forms.rosters",
    "cells.forms.imports",
    "cells.querying",
    "cells.forms.numbers",
    "cells.forms.invitations",
    "cells.forms.posts",
    "cells.forms.empowering",
    "cells.forms.reorganising",
    "cells.forms.person_data",
    "sessions.forms",
    "sessions.preparing_forms",
    "sessions.paper_forms",
    "sessions.querying",
    "sessions.rating_forms",
    "sessions.rubric_forms",
    "sessions.views.handbooks",
    "speakers.forms.rosters",
    "speakers.forms.teams",
    "speakers.forms.books",
    "resolutions.forms",
    "resolutions.filing_forms",
    "resolutions.conference_forms",
    "resolutions.follow_up_forms",
    "resolutions.quiz_forms",
    "reports.forms",
    "reports.request_forms",
    "reports.forms_targets",
    "reports.forms_first_start",
    "reports.paper_forms",
    "reports.rule_forms",
)
BUTTONS = {"submit", "image", "reset", "button"}


def query_parameters() -> set[str]:
    return {name for form in forms_of(QueryForm) for name in form.base_fields}


def form_parameters() -> set[str]:
    return {name for form in forms_of(forms.Form) for name in form.base_fields} - query_parameters()


def forms_of(base) -> set[type[forms.Form]]:
    for module in FORM_MODULES:
        importlib.import_module(module)
    found = set()
    waiting = [base]
    while waiting:
        form = waiting.pop()
        found.add(form)
        waiting += form.__subclasses__()
    return {form for form in found if not form.__module__.startswith(("django.", "allauth."))}


class Filled(HTMLParser):
    """What a browser would send of all forms on a page if their owner changed nothing; the first choice of each."""

    def __init__(self, page: str):
        super().__init__()
        self.data: dict[str, str] = {}
        self.select = self.textarea = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name = given.get("name") or ""
        if tag == "select":
            self.select = name
        elif tag == "textarea" and name:
            self.textarea = name
            self.data.setdefault(name, "")
        elif tag == "option" and self.select and (self.select not in self.data or "selected" in given):
            self.data[self.select] = given.get("value") or ""
        elif tag in {"input", "button"} and name:
            self.take(name, given)

    def take(self, name: str, given: dict) -> None:
        is_choice = given.get("type") in {"radio", "checkbox"}
        if name not in self.data or (is_choice and "checked" in given):
            self.data[name] = given.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.textarea = ""

    def handle_data(self, text):
        if self.textarea:
            self.data[self.textarea] += text
