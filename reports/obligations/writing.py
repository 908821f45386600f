"""What letters say: worked out when they are sent, with their reader's rights of then, without names of people."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.text import title_key
from cells.reach import AT_THE_CELL, reach_of
from reports.obligations import owing
from reports.obligations.models import Letter, Reminder, ReminderChoice, Subject
from reports.obligations.owing import Obligation
from reports.obligations.presenting import state_of, title_of
from reports.obligations.reminding import ABOVE, concerns
from sessions.naming import Names

MOST_NAMED = 30
A_WEEK = 7


@dataclass(frozen=True)
class Part:
    """A paragraph of a letter: a place or a subject, and a line for each thing about it."""

    heading: str
    lines: list[str]


def subject_of(letter: Letter) -> str:
    if letter.kind == Letter.Kind.WEEKLY:
        return _("Sổ Chi bộ: tổng hợp việc quá hạn, tuần từ %s") % f"{letter.day:%d/%m/%Y}"
    return _("Sổ Chi bộ: việc đến hạn, ngày %s") % f"{letter.day:%d/%m/%Y}"


def text_of(letter: Letter, on: dt.date) -> str | None:
    """None where nothing is left to say: done meanwhile, post ended, wish taken back, or a newer letter says it."""
    user, is_digest = letter.user, letter.kind == Letter.Kind.WEEKLY
    wish = "weekly" if is_digest else "by_mail"
    unwilling = ReminderChoice.unscoped.filter(user=user, **{wish: False}).exists()
    if unwilling or not user.is_active or not user.email or newer_ones(letter).exists():
        return None
    parts = digest_of(user, on) if is_digest else reminded_of(letter, on)
    if not parts:
        return None
    context = {
        "user": user,
        "parts": parts,
        "due": settings.SITE_ADDRESS + reverse("reports:due") + ("?state=late" if is_digest else ""),
        "choice": settings.SITE_ADDRESS + reverse("reports:reminders"),
        "is_digest": is_digest,
    }
    return render_to_string("reports/obligations/letter.txt", context)


def newer_ones(letter: Letter):
    """Letters that waited through an outage do not come in heaps: the newest one speaks for all of them."""
    rows = Letter.unscoped.filter(user=letter.user, kind=letter.kind, day__gt=letter.day)
    return rows.filter(state__in=[Letter.State.WAITING, Letter.State.SENT])


def unsent_until(letter: Letter):
    """It, and those before it of which none has gone out."""
    rows = Letter.unscoped.filter(user=letter.user, kind=letter.kind, day__lte=letter.day)
    sent = rows.filter(state=Letter.State.SENT).order_by("-day").values_list("day", flat=True).first()
    return rows.filter(day__gt=sent) if sent else rows


def reminded_of(letter: Letter, on: dt.date) -> list[Part]:
    """Of what is still open, under the name of each place; what is late the longest comes first."""
    told = Reminder.unscoped.filter(letter__in=unsent_until(letter))
    wanted = set(told.values_list("organisation_id", "key"))
    reach = reach_of(letter.user, on)
    posts = [(role, place) for role, place in reach.places if role in AT_THE_CELL | ABOVE]
    places = {place for _role, place in posts} & {place for place, _key in wanted}
    found = [
        one
        for one in owing.of_own(places, on=on)
        if one.is_open
        and (one.organisation, one.key) in wanted
        and any(place == one.organisation and concerns(one, role) for role, place in posts)
    ]
    names, lines = Names(places), defaultdict(list)
    for one in sorted(found, key=lambda one: one.due):
        lines[names.of(one.organisation, on)].append(in_words(one, on))
    return [Part(name, lines[name]) for name in sorted(lines, key=title_key)]


def in_words(one: Obligation, on: dt.date) -> str:
    """`Sinh hoạt định kỳ tháng 11/2026: quá hạn 2 ngày (hạn 03/11/2026)`."""
    told = {"what": title_of(one, with_names=False), "day": f"{one.due:%d/%m/%Y}", "state": state_of(one, on).lower()}
    if one.due == on:
        return _("%(what)s: %(state)s, %(day)s") % told
    return _("%(what)s: %(state)s (hạn %(day)s)") % told


def digest_of(user, on: dt.date) -> list[Part]:
    """What is late below, by subject: how much, how much of it is new in the week, and at which places."""
    tops = reach_of(user, on).at(ABOVE)
    late = [one for top in sorted(tops) for one in owing.overdue(top, on=on)]
    late = list({(one.organisation, one.key): one for one in late}.values())
    by_subject = defaultdict(list)
    for one in late:
        by_subject[one.subject].append(one)
    names = Names({one.organisation for one in late})
    return [
        Part(counted(subject, by_subject[subject], on), named(by_subject[subject], names, on))
        for subject in Subject.values
        if subject in by_subject
    ]


def counted(subject: str, late: list[Obligation], on: dt.date) -> str:
    new = sum(one.days_late(on) <= A_WEEK for one in late)
    told = {"what": capfirst(str(Subject(subject).label)), "count": len(late), "new": new}
    told["places"] = len({one.organisation for one in late})
    text = _("%(what)s: %(count)d việc quá hạn ở %(places)d đơn vị") % told
    return _("%(text)s, %(new)d việc mới quá hạn trong tuần") % {"text": text, "new": new} if new else text


def named(late: list[Obligation], names: Names, on: dt.date) -> list[str]:
    """The places in their order, with how many each has where it is more than one."""
    counts = Counter(names.of(one.organisation, on) for one in late)
    lines = [
        _("%(name)s (%(count)d việc)") % {"name": name, "count": counts[name]} if counts[name] > 1 else name
        for name in sorted(counts, key=title_key)
    ]
    rest = len(lines) - MOST_NAMED
    return [*lines[:MOST_NAMED], _("và %d đơn vị khác") % rest] if rest > 0 else lines
