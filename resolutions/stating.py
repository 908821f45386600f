"""Stated numbers of conferences, typed by hand: written down, changed, taken out, and summed with their words."""

from decimal import Decimal

from django.db import transaction

from accounts.auditing import record
from accounts.models import User
from cells.models import Estimate, Organisation
from cells.papers.wording import NBSP, estimated
from resolutions.convening import ChangedMeanwhile
from resolutions.models import StatedTally

STATED = ("year", "level", "number", "number_mark", "rate", "rate_mark", "source")


@transaction.atomic
def add(organisation: Organisation, fields: dict, *, actor: User, request=None) -> StatedTally:
    tally = StatedTally.unscoped.create(organisation=organisation, **{name: fields[name] for name in STATED})
    record("tally.added", actor=actor, target=tally, after=told(tally), request=request)
    return tally


@transaction.atomic
def change(tally: StatedTally, fields: dict, *, version: int, actor: User, request=None) -> None:
    tally = locked(tally, version)
    before = told(tally)
    for name in STATED:
        setattr(tally, name, fields[name])
    tally.version += 1
    tally.save()
    record("tally.changed", actor=actor, target=tally, before=before, after=told(tally), request=request)


@transaction.atomic
def remove(tally: StatedTally, *, version: int, actor: User, request=None) -> None:
    tally = locked(tally, version)
    record("tally.removed", actor=actor, target=tally, before=told(tally), request=request)
    tally.delete()


def locked(tally: StatedTally, version: int) -> StatedTally:
    tally = StatedTally.unscoped.select_for_update(of=("self",)).filter(pk=tally.pk).first()
    if tally is None or tally.version != version:
        raise ChangedMeanwhile
    return tally


def told(tally: StatedTally) -> dict:
    return {name: getattr(tally, name) for name in STATED}


def number_printed(number: int, mark: str) -> str:
    return estimated(number, str(Estimate(mark).label) if mark else "")


def rate_printed(tally: StatedTally) -> str:
    """As it was stated, without decimals that nobody gave; never worked out into people."""
    if tally.rate is None:
        return ""
    word = f"{Estimate(tally.rate_mark).label}{NBSP}" if tally.rate_mark else ""
    rate = Decimal(tally.rate).normalize()
    return f"{word}{rate:f}".replace(".", ",") + f"{NBSP}%"
