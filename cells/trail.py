"""The audit trail as its readers may see it: administrators all of it, inspectors what concerns their subtree."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import KINDS, label_of
from accounts.models import AuditEntry, User
from cells.access import belongs_now
from cells.models import Role
from cells.naming import names_for

# Who was absent and why stays in the cell (domain.md 1.8): of these the trail shows that, not what, was changed.
KEPT_IN_THE_CELL = ("cell_sessions.",)

COLUMNS = {"action": "action", "kind": "object_kind", "object": "object_id", "address": "address"}
WORDS = {"reason": gettext_lazy("Lý do"), "name": gettext_lazy("Tên"), "cells": gettext_lazy("Chi bộ")}


def entries_for(user) -> QuerySet[AuditEntry]:
    if user.reach.is_administrator:
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(belongs_now(user.reach, "place", user.reach.at((Role.INSPECTOR,))))


def asked(values: dict) -> Q:
    """The condition for what the filters of the page say."""
    condition = Q()
    if values["who"]:
        condition &= Q(actor__in=people_like(values["who"]))
    for name, column in COLUMNS.items():
        if values[name]:
            condition &= Q(**{column: values[name]})
    if values["first_day"]:
        condition &= Q(at__gte=midnight(values["first_day"]))
    if values["last_day"]:
        condition &= Q(at__lt=midnight(values["last_day"] + dt.timedelta(days=1)))
    return condition


def people_like(text: str) -> list[int]:
    found = User.objects.filter(Q(username__iexact=text) | Q(full_name__icontains=text))
    return list(found.values_list("pk", flat=True)[:100])


def midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class TrailRow:
    entry: AuditEntry
    place: str
    shows_values: bool

    @property
    def action(self) -> str:
        return label_of(self.entry.action)

    @property
    def who(self) -> str:
        return str(self.entry.actor) if self.entry.actor else _("Hệ thống hoặc người chưa đăng nhập")

    @property
    def what(self) -> str:
        if not self.entry.object_kind:
            return ""
        return f"{capfirst(KINDS.get(self.entry.object_kind, self.entry.object_kind))} #{self.entry.object_id}"

    @property
    def same_object(self) -> str:
        return f"{reverse('cells:audit')}?kind={self.entry.object_kind}&object={self.entry.object_id}"

    @property
    def values(self):
        return getattr(self.entry, "values", None)

    @property
    def are_values_hidden(self) -> bool:
        hidden = not self.shows_values or self.entry.object_kind.startswith(KEPT_IN_THE_CELL)
        return bool(self.entry.values_digest) and hidden

    @property
    def are_values_erased(self) -> bool:
        return bool(self.entry.values_digest) and self.values is None

    @property
    def changes(self) -> list[Change]:
        if self.values is None or self.are_values_hidden:
            return []
        before, after = self.values.before, self.values.after
        names = sorted(before.keys() | after.keys())
        return [Change(self.label(name), text_of(before.get(name)), text_of(after.get(name))) for name in names]

    def label(self, name: str) -> str:
        try:
            return capfirst(apps.get_model(self.entry.object_kind)._meta.get_field(name).verbose_name)
        except (LookupError, ValueError, FieldDoesNotExist):
            return WORDS.get(name, name)  # values that stand in no column, such as reasons

    @property
    def detail(self) -> str:
        return ", ".join(f"{name}: {text_of(value)}" for name, value in sorted(self.entry.detail.items()))


def text_of(value) -> str:
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {text_of(one)}" for name, one in sorted(value.items()))
    return ", ".join(map(text_of, value)) if isinstance(value, list) else str(value)


def rows_of(entries: Iterable[AuditEntry], user) -> list[TrailRow]:
    entries = list(entries)
    names = names_for(user, {entry.place for entry in entries} - {None}, user.reach.day)
    shows_values = user.reach.is_administrator
    return [TrailRow(entry, names.get(entry.place, ""), shows_values) for entry in entries]
