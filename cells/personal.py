"""Who somebody is: entered, corrected, found again under the same name. Never more than domain.md 1.8 allows."""

import datetime as dt
import secrets

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from accounts.text import spelling_key
from cells import revising
from cells.models import Person
from cells.rewriting import ChangedMeanwhile, locked

FIELDS = ("full_name", "birth_date", "birth_year", "sex", "phone", "email")
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read for another


def as_fields(told: dict) -> dict:
    """`birth` as the table keeps it: a day, or a year alone."""
    birth = told.get("birth")
    fields = {name: told[name] for name in ("full_name", "sex", "phone", "email") if name in told}
    fields["birth_date"] = birth if isinstance(birth, dt.date) else None
    fields["birth_year"] = birth if isinstance(birth, int) else None
    return fields


def values_of(person: Person) -> dict:
    return {name: getattr(person, name) for name in FIELDS}


def as_typed(person: Person) -> dict:
    """As the form takes it: `birth` is the day or the year alone."""
    return values_of(person) | {"birth": person.birth_date or person.birth_year, "version": person.version}


def known_as(user, told: dict) -> list[Person]:
    """Who this may be already: within the user's reach by name and birth; beyond it only by code *and* name.

    Whoever holds the paper of a transfer knows both; nobody learns of strangers by trying names.
    """
    name = spelling_key(told["full_name"])
    alike = Person.objects.for_user(user).filter(search=search_of(told["full_name"])).distinct()
    found = [one for one in alike if spelling_key(one.full_name) == name and births_agree(one, told["birth"])]
    if told.get("code"):
        named = Person.unscoped.filter(code=told["code"])
        found += [one for one in named if spelling_key(one.full_name) == name and one not in found]
    return found


def search_of(full_name: str) -> str:
    person = Person(full_name=full_name)
    person.fill_keys()
    return person.search


def births_agree(person: Person, birth: dt.date | int | None) -> bool:
    """Nothing known of either speaks against it; a year agrees with a day in it."""
    own = person.birth_date or person.birth_year
    if not own or not birth:
        return True
    if isinstance(own, dt.date) and isinstance(birth, dt.date):
        return own == birth
    return year_of(own) == year_of(birth)


def year_of(birth: dt.date | int) -> int:
    return birth.year if isinstance(birth, dt.date) else birth


def enter(told: dict) -> Person:
    """A new person, inside the transaction that puts them on a roster."""
    person = Person(code=told.get("code") or new_code(), **as_fields(told))
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("Mã này không dùng được. Hãy kiểm tra lại, hoặc để trống."), "code") from error
    return person


def new_code() -> str:
    return "DV-" + "".join(secrets.choice(LETTERS) for _letter in range(8))


@transaction.atomic
def amend(person: Person, told: dict, *, version: int, actor: User | None, reason: str = "", request=None) -> Person:
    """Another name, birth or contact; the second of two who saved at once is told (ChangedMeanwhile)."""
    revising.advance()
    person = locked(person, None)
    fields = as_fields(told)
    before = values_of(person)
    changed = {name: value for name, value in fields.items() if before[name] != value}
    if not changed:
        return person
    for name, value in changed.items():
        setattr(person, name, value)
    person.fill_keys()
    keys = {"sort_key": person.sort_key, "search": person.search}
    rows = Person.unscoped.filter(Q(pk=person.pk, version=version))
    if not rows.update(version=F("version") + 1, **changed, **keys):
        raise ChangedMeanwhile
    person.refresh_from_db()
    record(
        "person.amended",
        actor=actor,
        target=person,
        detail={"version": person.version, "fields": sorted(changed)},
        before={name: before[name] for name in changed},
        after=changed | ({"reason": reason} if reason else {}),
        request=request,
    )
    return person
