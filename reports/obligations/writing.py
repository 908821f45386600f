"""What letters say: worked out when they are sent, with their reader's rights of then, without names of people."""

import datetime as dt
from collections import Counter, defaultdict

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from cells.reach import AT_THE_CELL, reach_of
from reports.obligations import owing
from reports.obligations.models import Letter, ReminderChoice, Subject
from reports.obligations.owing import Obligation
from reports.obligations.presenting import state_of, title_of
from reports.obligations.reminding import ABOVE
from sessions.naming import Names

MOST_NAMED = 30


def subject_of(letter: Letter) -> str:
    if letter.kind == Letter.Kind.WEEKLY:
        return _("Sổ Chi bộ: tổng hợp việc quá hạn, tuần từ %s") % f"{letter.day:%d/%m/%Y}"
    return _("Sổ Chi bộ: việc đến hạn, ngày %s") % f"{letter.day:%d/%m/%Y}"


def text_of(letter: Letter, on: dt.date) -> str | None:
    """None where there is nothing left to say: done meanwhile, post ended, or wish taken back."""
    user = letter.user
    wish = "weekly" if letter.kind == Letter.Kind.WEEKLY else "by_mail"
    unwilling = ReminderChoice.unscoped.filter(user=user, **{wish: False}).exists()
    if unwilling or not user.is_active or not user.email:
        return None
    lines = digest_lines(user, on) if letter.kind == Letter.Kind.WEEKLY else reminded_lines(letter, on)
    if not lines:
        return None
    context = {
        "user": user,
        "lines": lines,
        "due": settings.SITE_ADDRESS + reverse("reports:due"),
        "choice": settings.SITE_ADDRESS + reverse("reports:reminders"),
        "is_digest": letter.kind == Letter.Kind.WEEKLY,
    }
    return render_to_string("reports/obligations/letter.txt", context)


def reminded_lines(letter: Letter, on: dt.date) -> list[str]:
    """Of what is still open; `Chi bộ một: sinh hoạt định kỳ tháng 11/2026 – hạn 03/11/2026, quá hạn 2 ngày`."""
    wanted = set(letter.reminders.values_list("organisation_id", "key"))
    reach = reach_of(letter.user, on)
    places = reach.at(AT_THE_CELL | ABOVE) & {place for place, _key in wanted}
    found = [one for one in owing.of_own(places, on=on) if one.is_open and (one.organisation, one.key) in wanted]
    names = Names(places)
    return [f"{names.of(one.organisation, on)}: {in_words(one, on)}" for one in found]


def in_words(one: Obligation, on: dt.date) -> str:
    told = {"what": title_of(one, with_names=False), "day": f"{one.due:%d/%m/%Y}", "state": state_of(one, on).lower()}
    return _("%(what)s – hạn %(day)s, %(state)s") % told


def digest_lines(user, on: dt.date) -> list[str]:
    """What is late below, by subject and in how many organisations, and what has become late within the week."""
    tops = reach_of(user, on).at(ABOVE)
    late = [one for top in sorted(tops) for one in owing.overdue(top, on=on)]
    late = list({(one.organisation, one.key): one for one in late}.values())
    counts, places = Counter(one.subject for one in late), defaultdict(set)
    new = Counter(one.subject for one in late if one.days_late(on) <= 7)
    for one in late:
        places[one.subject].add(one.organisation)
    names = Names({one.organisation for one in late})
    lines = []
    for subject in Subject.values:
        if subject in counts:
            told = {"what": Subject(subject).label, "count": counts[subject], "new": new[subject]}
            lines.append(_("%(what)s: %(count)d việc quá hạn, %(new)d việc mới trong tuần") % told)
            named = sorted(names.of(place, on) for place in places[subject])
            lines.append("   " + "; ".join(named[:MOST_NAMED]) + (" …" if len(named) > MOST_NAMED else ""))
    return lines
