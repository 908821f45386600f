"""Holds conferences against the limits in force on their day: it tells, and forbids nothing (domain.md 1.6)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from accounts.text import folded
from cells.dated import FOREVER
from cells.models import Kind, Lineage, OrganisationPeriod
from cells.papers.wording import percent
from resolutions import citing
from resolutions.convening import ChangedMeanwhile
from resolutions.models import ConferenceRule, Mode, ReceivingSite, StudyConference
from speakers.models import Level

Subject = ConferenceRule.Subject
State = StudyConference.State
A_YEAR = dt.timedelta(days=365)
YEARLY = {Level.PROVINCE: Subject.PROVINCE_A_YEAR, Level.COMMUNE: Subject.COMMUNE_A_YEAR}
KINDS = {Level.PROVINCE: Kind.PROVINCE, Level.COMMUNE: Kind.COMMUNE}


@dataclass(frozen=True)
class Limits:
    """The rules in force on one day."""

    rules: dict[str, ConferenceRule]

    def number(self, subject: str) -> int | None:
        return self.rules[subject].number if subject in self.rules else None

    def first_day(self, subject: str) -> dt.date:
        return self.rules[subject].first_day

    def is_online(self, mode: str) -> bool:
        return mode == Mode.ONLINE or (mode == Mode.HYBRID and self.number(Subject.HYBRID_IS_ONLINE) != 0)


def limits_on(day: dt.date) -> Limits:
    return Limits({rule.subject: rule for rule in ConferenceRule.unscoped.on(day).order_by("first_day")})


def notes_on(conference: StudyConference) -> list[str]:
    """What its host should know, also before it is stored; nothing of a day before the limits were made."""
    limits = limits_on(conference.day)
    if not limits.rules or conference.state == State.CANCELLED:
        return []
    found = [
        length_note(conference, limits),
        yearly_note(conference, limits),
        share_note(conference, limits),
        broadcast_note(conference, limits),
    ]
    return [note for note in found if note]


def length_note(conference: StudyConference, limits: Limits) -> str:
    most = limits.number(Subject.MINUTES)
    length = minutes_of(conference)
    if most is None or length is None or length <= most:
        return ""
    text = _("Hội nghị dài %(length)d phút, quá nửa ngày (%(most)d phút) theo Kết luận 226-KL/TW.")
    return text % {"length": length, "most": most}


def minutes_of(conference: StudyConference) -> int | None:
    if conference.start is None or conference.end is None:
        return None
    start, end = (dt.datetime.combine(conference.day, at) for at in (conference.start, conference.end))
    return (end - start).seconds // 60


def yearly_note(conference: StudyConference, limits: Limits) -> str:
    level = level_of(conference)
    subject = YEARLY.get(level)
    most = limits.number(subject) if subject else None
    if most is None:
        return ""
    others = of_the_year(conference, limits.first_day(subject)).filter(Q(level=level) | Q(level=""))
    number = len(before(conference, others)) + 1
    if number <= most:
        return ""
    text = _("Đây là hội nghị thứ %(number)d cấp %(level)s trong năm %(year)d; Kết luận 226-KL/TW cho tối đa %(most)d.")
    return text % {"number": number, "level": Level(level).label, "year": conference.day.year, "most": most}


def level_of(conference: StudyConference) -> str:
    """As it says; of old and imported ones, by what its host was on that day."""
    if conference.level:
        return conference.level
    period = OrganisationPeriod.unscoped.on(conference.day).filter(organisation=conference.organisation_id).first()
    return next((level for level, kind in KINDS.items() if period and period.kind == kind), "")


def of_the_year(conference: StudyConference, since: dt.date):
    """Others of its host in its calendar year, planned or held, none from before the limit was made."""
    year = conference.day.year
    days = {"day__gte": max(since, dt.date(year, 1, 1)), "day__lte": dt.date(year, 12, 31)}
    others = StudyConference.unscoped.filter(organisation=conference.organisation_id, **days)
    return others.exclude(state=State.CANCELLED).exclude(pk=conference.pk)


def before(conference: StudyConference, others) -> list[StudyConference]:
    """What is only being scheduled comes after all others; of stored ones the first are the first."""
    if conference.pk is None:
        return list(others)
    own = (conference.day, conference.pk)
    return [one for one in others if (one.day, one.pk) < own]


def share_note(conference: StudyConference, limits: Limits) -> str:
    least = limits.number(Subject.ONLINE_SHARE)
    if least is None or limits.is_online(conference.mode):
        return ""
    others = of_the_year(conference, limits.first_day(Subject.ONLINE_SHARE)).values_list("mode", flat=True)
    online, total = sum(limits.is_online(mode) for mode in others), len(others) + 1
    if Fraction(online * 100, total) >= least:
        return ""
    text = _(
        "Tính cả hội nghị này, năm %(year)d có %(online)d/%(total)d hội nghị trực tuyến (%(share)s); "
        "Kết luận 226-KL/TW yêu cầu ít nhất %(least)d %%."
    )
    told = {"year": conference.day.year, "online": online, "total": total, "share": percent(online, total)}
    return text % (told | {"least": least})


def broadcast_note(conference: StudyConference, limits: Limits) -> str:
    if not limits.number(Subject.NO_REHOLDING):
        return ""
    earlier = already_broadcast([conference]).get(conference.pk)
    if earlier is None:
        return ""
    text = _(
        "Nội dung này đã được truyền trực tiếp đến đơn vị tại hội nghị ngày %(day)s (%(subject)s); "
        "Kết luận 226-KL/TW yêu cầu không tổ chức lại."
    )
    return text % {"day": f"{earlier.day:%d/%m/%Y}", "subject": earlier.subject}


def already_broadcast(conferences: list[StudyConference]) -> dict[int | None, StudyConference]:
    """{conference: an earlier one from above, within a year, about the same, with a site at its host or above it}."""
    hosts = {one.organisation_id for one in conferences}
    lines = Lineage.unscoped.filter(descendant__in=hosts).values_list("descendant", "ancestor", "first_day", "last_day")
    above = defaultdict(list)
    for host, ancestor, first, last in lines:
        above[host].append((ancestor, first, last or FOREVER))
    places = {ancestor for line in above.values() for ancestor, _first, _last in line}
    online = StudyConference.unscoped.filter(organisation__in=places, mode__in=[Mode.ONLINE, Mode.HYBRID])
    days = [one.day for one in conferences]
    online = online.filter(day__lte=max(days), day__gte=min(days) - A_YEAR).exclude(state=State.CANCELLED)
    earlier = list(online.order_by("-day", "-pk"))
    reached = defaultdict(set)
    sites = ReceivingSite.unscoped.filter(conference__in=earlier, organisation__in=places)
    for conference, place in sites.values_list("conference", "organisation"):
        reached[conference].add(place)
    found = {}
    for one in conferences:
        line = {place for place, first, last in above[one.organisation_id] if first <= one.day <= last}
        for other in earlier:
            is_above = other.organisation_id in line and other.organisation_id != one.organisation_id
            is_before = one.day - A_YEAR <= other.day <= one.day
            if is_above and is_before and reached[other.pk] & line and is_about_the_same(one, other):
                found[one.pk] = other
                break
    return found


def is_about_the_same(one: StudyConference, other: StudyConference) -> bool:
    """They study a document that may be one and the same."""
    for symbol in one.symbols:
        cited = citing.read(symbol)
        for another in other.symbols:
            if folded(symbol) == folded(another) or cited.may_be(citing.read(another)):
                return True
    return False


# ---- a year at a glance


@dataclass
class Year:
    """How the conferences of one host stand in a year."""

    organisation: int
    total: int = 0
    online: int = 0
    too_long: int = 0
    by_level: dict[str, int] = field(default_factory=dict)
    reheld: int = 0
    least_share: int | None = None
    most: dict[str, int] = field(default_factory=dict)

    @property
    def is_below_share(self) -> bool:
        return (
            self.least_share is not None and self.total and Fraction(self.online * 100, self.total) < self.least_share
        )

    @property
    def share(self) -> str:
        return percent(self.online, self.total)

    @property
    def over(self) -> list[tuple[str, int, int]]:
        """[(level, how many, how many at most)] where there were more."""
        return [
            (str(Level(level).label), count, self.most[level])
            for level, count in self.by_level.items()
            if level in self.most and count > self.most[level]
        ]

    @property
    def is_within(self) -> bool:
        return not (self.is_below_share or self.too_long or self.over or self.reheld)


def years(conferences: Iterable[StudyConference], levels: dict[int, str], limits: Limits) -> list[Year]:
    """Of planned and held conferences of one year, each host's; days before the limits are left out.

    `levels` says for hosts of which level their conferences are that do not say it themselves.
    """
    if not limits.rules:
        return []
    since = min(rule.first_day for rule in limits.rules.values())
    measured = [one for one in conferences if one.day >= since and one.state != State.CANCELLED]
    reheld = already_broadcast(measured) if measured and limits.number(Subject.NO_REHOLDING) else {}
    longest = limits.number(Subject.MINUTES)
    most = {level: limits.number(subject) for level, subject in YEARLY.items() if limits.number(subject) is not None}
    found: dict[int, Year] = {}
    for one in measured:
        year = found.setdefault(
            one.organisation_id,
            Year(one.organisation_id, least_share=limits.number(Subject.ONLINE_SHARE), most=most),
        )
        level = one.level or levels.get(one.organisation_id, "")
        year.total += 1
        year.online += limits.is_online(one.mode)
        year.too_long += longest is not None and (minutes_of(one) or 0) > longest
        year.reheld += one.pk in reheld
        if level:
            year.by_level[level] = year.by_level.get(level, 0) + 1
    return list(found.values())


# ---- the limits themselves


@transaction.atomic
def change(rule: ConferenceRule, fields: dict, *, version: int, actor: User, request=None) -> None:
    rule = ConferenceRule.unscoped.select_for_update().get(pk=rule.pk)
    if rule.version != version:
        raise ChangedMeanwhile
    if fields["last_day"] and fields["last_day"] < rule.first_day:
        raise Refused(_("Ngày cuối không được trước ngày đầu."), "last_day")
    before_change = told(rule)
    for name in ("number", "source", "last_day"):
        setattr(rule, name, fields[name])
    rule.version += 1
    rule.save()
    record("conference_rule.changed", actor=actor, target=rule, before=before_change, after=told(rule), request=request)


def told(rule: ConferenceRule) -> dict:
    return {name: getattr(rule, name) for name in ("subject", "number", "source", "first_day", "last_day")}
