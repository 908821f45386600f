"""What the pages of rules show of each: in words, and where it comes from."""

import datetime as dt
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sessions.models import RuleSubject, SessionRule, Shift, Sureness
from sessions.naming import Names
from sessions.rules import rules_for

SURENESS_BADGES = {Sureness.HIGH: "badge-ok", Sureness.MEDIUM: "badge-plain", Sureness.LOW: "badge-wait"}


@dataclass(frozen=True)
class RuleRow:
    subject: str
    rule: SessionRule | None  # None: nobody has ruled it
    origin: str = ""  # who ruled it, in words
    is_own: bool = False
    may_rule: bool = False

    @classmethod
    def national(cls, rule: SessionRule) -> "RuleRow":
        return cls(rule.subject, rule, _("toàn quốc"), is_own=True, may_rule=True)

    @classmethod
    def stored(cls, rule: SessionRule) -> "RuleRow":
        return cls(rule.subject, rule, is_own=True)

    @property
    def label(self) -> str:
        return capfirst(RuleSubject(self.subject).label)

    @property
    def position(self) -> tuple:
        return RuleSubject.values.index(self.subject), self.rule.first_day

    @property
    def value(self) -> str:
        return value_of(self.rule) if self.rule else _("chưa có quy định")

    @property
    def badge(self) -> str:
        return SURENESS_BADGES[self.rule.sureness]

    def is_over(self, day: dt.date) -> bool:
        return self.rule.last_day is not None and self.rule.last_day < day


def value_of(rule: SessionRule) -> str:
    if rule.subject == RuleSubject.SESSION_DAY:
        day = _("ngày %s hằng tháng") % rule.number
        moved = "" if rule.shift == Shift.NONE else _(", trùng ngày nghỉ thì %s") % rule.get_shift_display()
        return day + moved
    return UNITS[rule.subject]() % rule.number


UNITS = {
    RuleSubject.MINUTES_REGULAR: lambda: _("%s phút"),
    RuleSubject.MINUTES_THEMATIC: lambda: _("%s phút"),
    RuleSubject.MINUTES_COMBINED: lambda: _("%s phút"),
    RuleSubject.THEMATIC_PER_QUARTER: lambda: _("%s buổi"),
    RuleSubject.MATERIALS_DAYS: lambda: _("chậm nhất %s ngày trước"),
    RuleSubject.RESULT_DAYS: lambda: _("chậm nhất %s ngày sau"),
}


def rows_in_force(organisation: int, day: dt.date, may_rule: frozenset[str]) -> list[RuleRow]:
    """One line a subject, with who ruled it."""
    rules = rules_for(organisation, day)
    names = Names(held.rule.organisation_id for held in rules.held.values() if not held.is_national)
    rows = []
    for subject in RuleSubject.values:
        held = rules.of(subject)
        origin = origin_of(held, names, day) if held else ""
        rows.append(RuleRow(subject, held and held.rule, origin, bool(held and held.is_own), subject in may_rule))
    return rows


def origin_of(held, names: Names, day: dt.date) -> str:
    if held.is_national:
        return _("toàn quốc")
    name = names.of(held.rule.organisation_id, day)
    return _("quy định riêng của đơn vị") if held.is_own else _("kế thừa từ %s") % name


def stored_rows(organisation: int, shown: list[RuleRow]) -> list[RuleRow]:
    """What this organisation ruled beside the rules in force: to come, and past."""
    in_force = [row.rule.pk for row in shown if row.rule]
    rows = SessionRule.unscoped.filter(organisation=organisation).exclude(pk__in=in_force)
    return [RuleRow.stored(rule) for rule in rows.order_by("-first_day")]
