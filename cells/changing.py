"""Row changes that are thought out first, shown, written in one go, and can be taken back row by row."""

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import ProtectedError


class BuiltUpon(Exception):
    """What was written is no longer as it was left, or something newer stands on it."""


class Step(NamedTuple):
    action: str  # create, change or delete
    row: models.Model
    values: dict[str, Any]  # what changes; empty for the others


class Changes:
    """Steps in the order in which they have to be written. Rows and foreign keys may be new and without a key yet."""

    def __init__(self):
        self.steps: list[Step] = []

    def create(self, row: models.Model) -> None:
        self.steps.append(Step("create", row, {}))

    def change(self, row: models.Model, **values) -> None:
        self.steps.append(Step("change", row, values))

    def delete(self, row: models.Model) -> None:
        self.steps.append(Step("delete", row, {}))

    def of(self, model: type[models.Model]) -> list[Step]:
        return [step for step in self.steps if isinstance(step.row, model)]

    def after(self, model: type[models.Model], rows: Iterable[models.Model]) -> list[dict[str, Any]]:
        """These rows and the new ones as they will be, by column; a foreign key to a new row is that row itself."""
        stored = {row.pk: as_values(row) for row in rows}
        fresh = []
        for step in self.of(model):
            if step.action == "create":
                fresh.append(as_values(step.row))
            elif step.action == "delete":
                stored.pop(step.row.pk, None)
            elif step.row.pk in stored:
                stored[step.row.pk] |= columns(model, step.values)
        return [*stored.values(), *fresh]

    def told(self) -> list[list]:
        """Every step in words that are the same whenever the same is going to happen."""
        return [[step.action, step.row._meta.label_lower, step.row.pk, told_values(step)] for step in self.steps]

    def write(self) -> list[dict]:
        """Returns what was done, as plain data from which `take_back` undoes it."""
        done = []
        for (action, _model), steps in groupby(self.steps, key=lambda step: (step.action, type(step.row))):
            done += WRITERS[action](list(steps))
        return done


def as_values(row: models.Model) -> dict[str, Any]:
    return {field.attname: value_in(row, field) for field in row._meta.concrete_fields}


def value_in(row: models.Model, field: models.Field):
    value = getattr(row, field.attname)
    is_new = value is None and field.is_relation and field.is_cached(row)
    return field.get_cached_value(row) if is_new else value


def columns(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """{name: object or value} as {column: key or value}; an object without a key stands for itself."""
    found = {}
    for name, value in values.items():
        field = model._meta.get_field(name)
        is_stored = isinstance(value, models.Model) and value.pk is not None
        found[field.attname] = value.pk if is_stored else value
    return found


def told_values(step: Step) -> dict[str, str]:
    values = columns(type(step.row), step.values) if step.values else as_values(step.row)
    return {name: str(value) for name, value in sorted(values.items()) if name not in {"id", "public_id"}}


def created(steps: list[Step]) -> list[dict]:
    rows = [step.row for step in steps]
    type(rows[0])._base_manager.bulk_create(rows, batch_size=500)
    return [entry(row, None, stored_values(row)) for row in rows]


def changed(steps: list[Step]) -> list[dict]:
    return [changed_row(step.row, step.values) for step in steps]


def changed_row(row: models.Model, values: dict) -> dict:
    before = stored_values(row)
    for name, value in values.items():
        setattr(row, name, value)
    type(row)._base_manager.filter(pk=row.pk).update(**values)
    after = stored_values(row)
    names = [name for name in after if after[name] != before[name]]
    return entry(row, {name: before[name] for name in names}, {name: after[name] for name in names})


def deleted(steps: list[Step]) -> list[dict]:
    done = [entry(step.row, stored_values(step.row), None) for step in steps]
    for step in steps:
        type(step.row)._base_manager.filter(pk=step.row.pk).delete()
    return done


WRITERS = {"create": created, "change": changed, "delete": deleted}


def entry(row: models.Model, before: dict | None, after: dict | None) -> dict:
    return {"model": row._meta.label_lower, "pk": row.pk, "before": before, "after": after}


def stored_values(row: models.Model) -> dict:
    values = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def take_back(done: list[dict]) -> None:
    """Undo what `write` returned, last first; raises BuiltUpon, in the middle, if a row is not as it was left."""
    for one in reversed(done):
        model = apps.get_model(one["model"])
        if one["after"] is None:
            model(**from_plain(model, one["before"])).save(force_insert=True)
            continue
        row = model._base_manager.filter(pk=one["pk"]).first()
        if row is None or differs(stored_values(row), one["after"]):
            raise BuiltUpon(one["model"])
        if one["before"] is None:
            remove(row)
        else:
            model._base_manager.filter(pk=row.pk).update(**from_plain(model, one["before"]))


def differs(values: dict, expected: dict) -> bool:
    return any(values[name] != value for name, value in expected.items())


def remove(row: models.Model) -> None:
    try:
        row.delete()
    except ProtectedError as error:
        raise BuiltUpon(row._meta.label_lower) from error


def from_plain(model: type[models.Model], values: dict) -> dict:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: value_of(fields[name], value) for name, value in values.items()}


def value_of(field: models.Field, value):
    target = field.target_field if field.is_relation else field
    return target.to_python(value)
