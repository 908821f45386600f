"""Everything stored about one person, found by walking the schema: shown, handed out, made anonymous (Law 91/2025)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import CASCADE, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import KINDS
from accounts.auditing import record
from accounts.ending import end_all
from accounts.models import AuditEntry, AuditValues, LoginAttempt, User
from accounts.throttling import account_digest
from cells import revising
from cells.mentioning import mentions_of
from cells.models import Membership, Person

ANONYMOUS = gettext_lazy("Đảng viên đã ẩn danh")
# Proofs of who somebody is, and what only machines compare: of use to nobody but a thief.
SECRETS = {"password", "data", "secret", "token", "key", "digest", "session_key", "written"}
KEPT_OF_PERSONS = {"id", "public_id", "user", "version"}
KEPT_OF_USERS = {"id", "public_id", "created"}


class StillHere(Exception):
    """Only who has left is made anonymous."""

    @property
    def text(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Section:
    """The rows of one table, by the column that names the person."""

    model: type[models.Model]
    field: models.ForeignKey
    rows: models.QuerySet

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field.name}"

    @property
    def label(self) -> str:
        return capfirst(str(KINDS.get(self.model._meta.label_lower, _("dữ liệu kỹ thuật"))))

    @property
    def is_theirs(self) -> bool:
        """About the person; in other rows, of an organisation's papers, it only stands who did something when."""
        is_own = self.model in (Person, User) or self.field.name in {"person", "user"}
        return is_own or self.field.remote_field.on_delete is CASCADE

    @property
    def columns(self) -> list[models.Field]:
        known = [field for field in self.model._meta.concrete_fields if field.name not in SECRETS]
        if self.is_theirs:
            return known
        return [one for one in known if one is self.field or one.primary_key or isinstance(one, models.DateField)]

    def values(self) -> Iterator[dict]:
        for row in self.rows.order_by("pk").iterator(500):
            yield {field.attname: shown(row, field) for field in self.columns}


def shown(row: models.Model, field: models.Field):
    value = getattr(row, field.attname)
    return str(dict(field.flatchoices).get(value, value)) if field.choices else value


def references() -> list[tuple[type[models.Model], models.ForeignKey]]:
    """Every column of ours and of the packages that names a person or a user."""
    return [
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model in (Person, User) and not model._meta.proxy
    ]


def about(person: Person | None, user: User | None) -> list[Section]:
    """What is stored about somebody on a roster, somebody who logs in, or both."""
    subjects = {Person: person, User: user}
    found = [own(Person, person), own(User, user)]
    for model, field in references():
        subject = subjects[field.related_model]
        if subject and not (model is Person and field.name == "user"):
            found.append(Section(model, field, model._base_manager.filter(**{field.name: subject})))
    return [section for section in found if section and section.rows.exists()]


def own(model, row) -> Section | None:
    return Section(model, model._meta.pk, model._base_manager.filter(pk=row.pk)) if row else None


def changes_of(person: Person | None, user: User | None) -> Iterator[dict]:
    """The trail of what was done to the person's own rows, and of the own marks in roll-calls; before and after."""
    for entry in entries_about(person, user).select_related("values").order_by("pk").iterator(500):
        values = getattr(entry, "values", None)
        before_and_after = {"before": values.before, "after": values.after} if values else {}
        yield {"at": entry.at, "action": entry.action, "object": entry.object_kind} | before_and_after
    for values in marks_of(person).select_related("entry").order_by("entry").iterator(500) if person else ():
        key, entry = str(person.pk), values.entry
        before, after = ({key: side.get(key)} for side in (values.before, values.after))
        yield {"at": entry.at, "action": entry.action, "object": entry.object_kind, "before": before, "after": after}


def marks_of(person: Person):
    """Values of roll-calls are kept by the ids of persons."""
    marked = Q(before__has_key=str(person.pk)) | Q(after__has_key=str(person.pk))
    return AuditValues.objects.filter(marked, entry__object_kind="cell_sessions.session")


def entries_about(person: Person | None, user: User | None):
    condition = Q(pk__in=[])
    for section in about(person, user):
        is_own = section.model in (Person, User) or section.field.related_model is Person
        if is_own and section.model is not AuditEntry:
            ids = [str(pk) for pk in section.rows.values_list("pk", flat=True)]
            condition |= Q(object_kind=section.model._meta.label_lower, object_id__in=ids)
    return AuditEntry.objects.filter(condition)


def as_json(person: Person | None, user: User | None) -> str:
    content = {section.key: list(section.values()) for section in about(person, user)}
    content["audit"] = list(changes_of(person, user))
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def everybody():
    """For administrators, who see no rosters: the pages that ask here demand a reason first."""
    return Person.unscoped.select_related("user")


def of_user(user: User) -> Person | None:
    return Person.unscoped.filter(user=user.pk).first()


_forgetting: list[Callable[[Person], object]] = []


def forgets(act: Callable[[Person], object]) -> None:
    """Called in `AppConfig.ready`: what an app on the right erases of a person, inside the transaction."""
    if act not in _forgetting:
        _forgetting.append(act)


@transaction.atomic
def anonymise(person: Person, reason: str, *, actor: User | None, request=None) -> Person:
    """Nothing that tells who it was stays; memberships and marks do, so that all figures are as before."""
    revising.advance()
    person = Person.unscoped.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    refuse_who_is_here(person)
    place, named_in = person.audit_place, [mention.key for mention in mentions_of(person)]
    erase_values(person)
    for act in _forgetting:
        act(person)
    drop_what_is_only_theirs(person)
    if person.user:
        disguise_user(person.user)
    blank(person, KEPT_OF_PERSONS)
    person.full_name, person.code = str(ANONYMOUS), f"AD-{person.public_id.hex[-12:].upper()}"
    person.version += 1
    person.save()
    after = {"reason": reason}
    # By ids, since nobody finds these texts by the name any more.
    detail = {"named_in": named_in}
    record("person.anonymised", actor=actor, target=person, place=place, detail=detail, after=after, request=request)
    return person


def refuse_who_is_here(person: Person) -> None:
    today = timezone.localdate()
    if Membership.unscoped.overlapping(today, None).filter(person=person).exists():
        raise StillHere(_("Người này còn trong danh sách đảng viên. Hãy ghi việc rời chi bộ trước."))
    user = person.user
    if user and (user.is_administrator or user.posts.overlapping(today, None).exists()):
        raise StillHere(_("Người này còn giữ chức vụ hoặc quyền quản trị. Hãy kết thúc chức vụ trước."))


def erase_values(person: Person) -> None:
    """Before and after of the person's own rows, and of whatever else names the person there."""
    own_rows = entries_about(person, person.user).values("pk")
    AuditValues.objects.filter(entry__in=own_rows).delete()
    marks_of(person).delete()
    texts = AuditValues.objects.annotate(before_text=Cast("before", TextField()), after_text=Cast("after", TextField()))
    texts.filter(naming(person)).delete()


def naming(person: Person) -> Q:
    """SQLite stores JSON with `\\u` escapes, PostgreSQL as written."""
    names = {person.full_name, person.code}
    if person.user:
        names |= {person.user.username, person.user.full_name}
    condition = Q(pk__in=[])
    for name in filter(None, names):
        for written in (name, json.dumps(name)[1:-1]):
            condition |= Q(before_text__contains=written) | Q(after_text__contains=written)
    return condition


def drop_what_is_only_theirs(person: Person) -> None:
    subjects = {Person: person, User: person.user}
    for model, field in references():
        subject = subjects[field.related_model]
        if subject and field.remote_field.on_delete is CASCADE:
            model._base_manager.filter(**{field.name: subject}).delete()


def disguise_user(user: User) -> None:
    end_all(user)
    LoginAttempt.objects.filter(account=account_digest(user.username)).delete()
    blank(user, KEPT_OF_USERS)
    user.username = f"an-danh-{user.public_id.hex[-12:]}"
    user.full_name = str(ANONYMOUS)
    user.is_active = user.is_administrator = False
    user.set_unusable_password()
    user.save()


def left_before(day) -> list[str]:
    """Codes of those who left before and still bear their names: a person decides whether they are to be forgotten."""
    here = Membership.unscoped.overlapping(day, None).values("person")
    people = Person.unscoped.filter(memberships__isnull=False).exclude(pk__in=here).exclude(full_name=str(ANONYMOUS))
    return list(people.order_by("code").values_list("code", flat=True).distinct())


def blank(row: models.Model, kept: set[str]) -> None:
    """Every column to nothing, also those that are added to the table one day."""
    for field in row._meta.concrete_fields:
        if field.name in kept or isinstance(field, models.BooleanField):
            continue
        setattr(row, field.attname, None if field.null else field.get_default())
