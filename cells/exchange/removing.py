"""Deletes rows of an import that is taken back, unless something newer stands on them."""

from collections.abc import Collection, Iterator

from django.db import models
from django.utils.translation import gettext as _

CHUNK = 500
MOST_NAMED = 5

LABELS: dict[type[models.Model], str] = {}
DERIVED: set[type[models.Model]] = set()


class BuiltUpon(Exception):
    """Something newer stands on rows that should go; `lines` say what, in plain words."""

    def __init__(self, lines: list[str]):
        super().__init__("; ".join(lines))
        self.lines = lines


def call(model: type[models.Model], label: str) -> None:
    """What rows of this model are called when they are in the way. Each app says so when Django starts."""
    LABELS[model] = label


def is_derived(*models: type[models.Model]) -> None:
    """Rows of these go along with what they were worked out from."""
    DERIVED.update(models)


def delete(model: type[models.Model], keys: Collection[int], name: str = "code") -> None:
    """Delete these rows; `name` is the path to what their readers call them."""
    for some in chunks(list(keys)):
        if lines := list(built_upon(model, some, name)):
            raise BuiltUpon(lines)
        model._base_manager.filter(pk__in=some).delete()


def relations_to(model: type[models.Model]) -> list:
    """Also those without a name on this side, which `related_objects` leaves out."""
    return [field for field in model._meta.get_fields(include_hidden=True) if field.auto_created and not field.concrete]


def built_upon(model: type[models.Model], keys: list[int], name: str) -> Iterator[str]:
    for relation in relations_to(model):
        if (
            relation.related_model in DERIVED or relation.many_to_many
        ):  # its rows in between are a relation of their own
            continue
        rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys})
        names = rows.order_by().values_list(f"{relation.field.name}__{name}", flat=True).distinct()[: MOST_NAMED + 1]
        if found := sorted(map(str, names)):
            label = LABELS.get(relation.related_model, _("dữ liệu ghi sau"))
            more = ", …" if len(found) > MOST_NAMED else ""
            yield _("%(names)s: đã có %(label)s") % {"names": ", ".join(found[:MOST_NAMED]) + more, "label": label}


def list_keys(model: type[models.Model], codes: Collection[str]) -> list[int]:
    return [
        pk
        for some in chunks(sorted(codes))
        for pk in model._base_manager.filter(code__in=some).values_list("pk", flat=True)
    ]


def chunks(values: list) -> Iterator[list]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
