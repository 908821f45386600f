"""Takes the sample out again, and nothing but the sample: rows with the keys that were given while it was loaded."""

from collections.abc import Iterator
from graphlib import TopologicalSorter

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from accounts.auditing import record
from accounts.models import AuditEntry, User
from cells import lineage, revising
from cells.models import Lineage, Organisation, Person
from reports.models import (
    Artifact,
    Bundle,
    ExecutiveEntry,
    Letter,
    Notice,
    Reminder,
    ReminderChoice,
    Report,
    ReportMove,
    ReportRun,
    ReportScan,
    ReportWording,
    Waiver,
)
from reports.sample.keys import REMOVED, current_entry, our_models, rows_of
from resolutions.models import Outline
from sessions import counting
from sessions.models import MonthlyRollup, Session

# Computed from other rows, or printed from them by whoever looked at the sample: gone with it.
DERIVED = (Lineage, MonthlyRollup)
OF_A_REPORT = (ExecutiveEntry, Notice, Artifact, ReportMove, ReportScan, ReportWording)
PRINTED = (*OF_A_REPORT, Report, Bundle, ReportRun, Reminder, Letter, ReminderChoice, Waiver)


class NoSample(Exception):
    pass


class RealData(Exception):
    """Rows that were added since stand on the sample; `found` says how many of what."""

    def __init__(self, found: list[tuple[str, int]]):
        super().__init__(", ".join(f"{count} {label}" for label, count in found))
        self.found = found


@transaction.atomic
def remove(*, actor: User | None = None, request=None) -> dict[str, int]:
    """Returns how many rows of each kind went. Log-ins of the sample that left traces are shut, not removed."""
    revising.advance()
    entry = entry_with_keys()
    keys = entry.detail["keys"]
    if found := list(standing_on(keys)):
        raise RealData(found)
    files = files_of(keys)
    Organisation.unscoped.filter(sample(Organisation, keys)).update(successor=None)
    for model in (*PRINTED, *DERIVED):
        rows_of(model).filter(touching(model, keys)).delete()
    counts = {}
    for model in dependants_first():
        count = rows_of(model).filter(sample(model, keys)).delete()[0]
        if count:
            counts[model._meta.model_name] = count
    counts["user"] = remove_users(keys)
    lineage.rebuild()
    counting.rebuild_rollup()
    record(REMOVED, actor=actor, detail={"size": entry.detail["size"], "rows": counts}, request=request)
    transaction.on_commit(lambda: unlink(files), robust=True)
    return counts


def entry_with_keys() -> AuditEntry:
    entry = current_entry()
    if entry is None or "keys" not in entry.detail:
        raise NoSample
    return entry


def counts() -> dict[str, int]:
    """How much of the main things there is to go."""
    keys = entry_with_keys().detail["keys"]
    shown = {"organisations": Organisation, "people": Person, "sessions": Session, "users": User}
    return {name: rows_of(model).filter(sample(model, keys)).count() for name, model in shown.items()}


def sample(model, keys: dict) -> Q:
    before, after = keys.get(model._meta.label, (0, 0))
    return Q(pk__gt=before, pk__lte=after)


def touching(model, keys: dict) -> Q:
    """Rows with a foreign key into the sample, over others of the same kind too (the file of a report)."""
    if model in OF_A_REPORT:
        return Q(report__in=rows_of(Report).filter(touching(Report, keys)).values("pk"))
    found = Q(pk__in=[])
    for field in foreign_keys(model):
        target = field.related_model
        if target._meta.label in keys:
            found |= Q(**{f"{field.name}__in": rows_of(target).filter(sample(target, keys)).values("pk")})
    return found


def foreign_keys(model) -> list[models.ForeignKey]:
    return [field for field in model._meta.concrete_fields if field.related_model]


def standing_on(keys: dict) -> Iterator[tuple[str, int]]:
    for model in our_models():
        if model in (*DERIVED, *PRINTED):
            continue
        count = rows_of(model).filter(touching(model, keys)).exclude(sample(model, keys)).count()
        if count:
            yield str(model._meta.verbose_name), count


def dependants_first() -> list[type[models.Model]]:
    """Each model before those it points at."""
    ours = [model for model in our_models() if model not in (*DERIVED, *PRINTED)]
    graph = TopologicalSorter()
    for model in ours:
        graph.add(model)
        for field in foreign_keys(model):
            if field.related_model in ours and field.related_model is not model:
                graph.add(field.related_model, model)
    return list(graph.static_order())


def remove_users(keys: dict) -> int:
    """The audit trail keeps whoever did something; such a log-in is shut and can be entered by nobody."""
    users = User.objects.filter(sample(User, keys))
    traced = set(AuditEntry.objects.filter(actor__in=users).values_list("actor", flat=True))
    for user in users.filter(pk__in=traced):
        user.set_unusable_password()
        user.is_active = user.is_administrator = False
        user.save(update_fields=["password", "is_active", "is_administrator"])
    free = users.exclude(pk__in=traced)
    count = free.count()
    free.delete()
    return count


def files_of(keys: dict) -> list[str]:
    outlines = rows_of(Outline).filter(sample(Outline, keys)).values_list("stored_name", flat=True)
    printed = rows_of(Artifact).filter(touching(Artifact, keys)).values_list("path", flat=True)
    scans = rows_of(ReportScan).filter(touching(ReportScan, keys)).values_list("stored_name", flat=True)
    bundles = rows_of(Bundle).filter(touching(Bundle, keys)).exclude(path="").values_list("path", flat=True)
    return [*(f"uploads/{name}" for name in (*outlines, *scans)), *printed, *bundles]


def unlink(files: list[str]) -> None:
    for path in files:
        (settings.DATA_DIR / path).unlink(missing_ok=True)
