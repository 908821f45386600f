"""Which rows are the sample: those whose keys were given while it was loaded."""

from django.apps import apps
from django.db import models
from django.db.models import Max

from accounts.models import AuditEntry, User

LOADED, REMOVED = "sample.loaded", "sample.removed"
APPS = ("cells", "speakers", "resolutions", "cell_sessions", "reports")


def current_entry() -> AuditEntry | None:
    """The trail of the sample that is there now."""
    last = AuditEntry.objects.filter(action__in=(LOADED, REMOVED)).order_by("pk").last()
    return last if last and last.action == LOADED else None


def was_removed() -> bool:
    """Once it made way for a real office it does not come back by itself, with log-ins that everybody knows."""
    return AuditEntry.objects.filter(action=REMOVED).exists()


def our_models() -> list[type[models.Model]]:
    found = [model for label in APPS for model in apps.get_app_config(label).get_models()]
    return [model for model in found if isinstance(model._meta.pk, models.AutoField)]


def rows_of(model) -> models.QuerySet:
    return model._base_manager.all()


def highest_keys() -> dict[str, int]:
    return {
        model._meta.label: rows_of(model).aggregate(highest=Max("pk"))["highest"] or 0
        for model in (*our_models(), User)
    }


def given_since(before: dict[str, int]) -> dict[str, tuple[int, int]]:
    """{model: (highest key before, highest key now)} of those that got rows."""
    return {label: (before[label], key) for label, key in highest_keys().items() if key > before[label]}
