"""Where papers and notes name a person in free text: listed for somebody to decide, never rewritten by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.text import capfirst

from accounts.actions import KINDS
from accounts.auditing import place_of
from accounts.models import User
from cells.models import Person
from cells.naming import names_for

SHORTEST = 100  # characters; what is shorter holds codes and numbers
MOST_OF_A_COLUMN = 50


@dataclass(frozen=True)
class Mention:
    row: models.Model
    field: models.Field

    @property
    def kind(self) -> str:
        return self.row._meta.label_lower

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.row.pk}"

    @property
    def label(self) -> str:
        return f"{capfirst(str(KINDS.get(self.kind, self.kind)))} #{self.row.pk}: {self.field.verbose_name}"


def mentions_of(person: Person) -> list[Mention]:
    """Rows whose texts hold the whole name; the words around it stay where they are read by right."""
    return [Mention(row, field) for model, field in free_texts() for row in rows_naming(model, field, person.full_name)]


def rows_naming(model: type[models.Model], field: models.Field, name: str) -> models.QuerySet:
    return model._base_manager.filter(**{f"{field.name}__contains": name}).order_by("pk")[:MOST_OF_A_COLUMN]


def free_texts() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Found by walking the schema, so that a text added one day is searched too; persons have columns of their own."""
    own = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    for model in [model for app in own for model in app.get_models() if model not in (Person, User)]:
        for field in model._meta.concrete_fields:
            if is_free_text(field):
                yield model, field


def is_free_text(field: models.Field) -> bool:
    if field.choices or not field.editable:
        return False
    is_long = isinstance(field, models.CharField) and (field.max_length or 0) >= SHORTEST
    return is_long or isinstance(field, models.TextField)


def placed(mentions: list[Mention], user, day) -> list[tuple[str, str]]:
    """(what and which column, name of the organisation that keeps it)."""
    places = {mention.key: place_of(mention.row) for mention in mentions}
    names = names_for(user, set(places.values()) - {None}, day)
    return [(mention.label, names.get(places[mention.key], "")) for mention in mentions]
