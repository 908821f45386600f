"""What people read of obligations: names, the state in words with its icon, and the button that leads on."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.models import Organisation, Role
from cells.reach import AT_THE_CELL, Reach
from reports.access import ASKS_FOR_REPORTS, followed
from reports.forms import asked_for
from reports.obligations.models import DUTIES, Subject, Waiver
from reports.obligations.owing import Obligation, State
from reports.obligations.waiving import waivable
from reports.periods import ROMAN, Period, code_of_months
from sessions.naming import Names
from speakers.keeping import KEEPERS

BADGES = {
    State.DONE: ("badge-ok", "check-circle-fill"),
    State.LATE: ("badge-bad", "x-circle-fill"),
    State.DUE: ("badge-wait", "clock"),
    State.AHEAD: ("badge-plain", "calendar-event"),
    State.WAIVED: ("badge-plain", "info-circle-fill"),
    State.LAPSED: ("badge-plain", "info-circle-fill"),
}
STATE_LABELS = {
    State.LATE: gettext_lazy("Quá hạn"),
    State.DUE: gettext_lazy("Chưa đến hạn"),
    State.DONE: gettext_lazy("Đã xong"),
    State.WAIVED: gettext_lazy("Được miễn"),
    State.AHEAD: gettext_lazy("Chưa đến kỳ"),
    State.LAPSED: gettext_lazy("Tổ chức đã kết thúc"),
}


@dataclass(frozen=True)
class Row:
    """One line of a list of obligations."""

    obligation: Obligation
    name: str  # of the organisation
    place_url: str  # "" for who may not read what else it owes
    title: str
    state: str  # in words: `Quá hạn 27 ngày`
    badge: str
    icon: str
    action: str = ""
    url: str = ""
    waive_url: str = ""
    waiver: Waiver | None = None
    take_back_url: str = ""


@dataclass(frozen=True)
class Reading:
    """What is needed to show a page of obligations to one reader; read once, however many they are."""

    reach: Reach
    on: dt.date
    places: Mapping[int, Organisation]
    names: Names
    followed: frozenset[int]  # organisations of which the reader sees all that they owe
    waivable: frozenset[tuple[int, str]]
    waivers: Mapping[str, Waiver]


def rows_of(found: Iterable[Obligation], user, on: dt.date) -> list[Row]:
    found = list(found)
    ids = {one.organisation for one in found}
    seen = Organisation.objects.for_user(user).filter(followed(user.reach), pk__in=ids)
    reading = Reading(
        reach=user.reach,
        on=on,
        places=Organisation.unscoped.in_bulk(ids),
        names=Names(ids),
        followed=frozenset(seen.values_list("pk", flat=True)),
        waivable=frozenset(waivable(user.reach, found)),
        waivers=waivers_of(found, user),
    )
    return [present(one, reading) for one in found]


def waivers_of(found: list[Obligation], user) -> dict[str, Waiver]:
    wanted = [one.waiver for one in found if one.waiver]
    rows = Waiver.objects.for_user(user).filter(public_id__in=wanted).select_related("given_by")
    return {str(row.public_id): row for row in rows}


def present(one: Obligation, reading: Reading) -> Row:
    place = reading.places[one.organisation]
    badge, icon = BADGES[State(one.state)]
    action, url = step(one, place, reading.reach)
    may_waive = (place.pk, one.key) in reading.waivable
    waiver = reading.waivers.get(one.waiver)
    return Row(
        obligation=one,
        name=reading.names.of(place.pk, min(reading.on, one.counted_on)),
        place_url=reverse("reports:due_of", args=[place.public_id]) if place.pk in reading.followed else "",
        title=title_of(one),
        state=state_of(one, reading.on),
        badge=badge,
        icon=icon,
        action=action,
        url=url,
        waive_url=reverse("reports:waive", args=[place.public_id, one.key]) if may_waive and one.is_open else "",
        waiver=waiver,
        take_back_url=reverse("reports:take_back_waiver", args=[waiver.public_id]) if waiver and may_waive else "",
    )


def title_of(one: Obligation, *, with_names: bool = True) -> str:
    """`Sinh hoạt định kỳ tháng 11/2026`, `Báo cáo quý IV/2026`; without names of people where it leaves the house."""
    if one.subject == Subject.MATERIALS:
        return _("Chuẩn bị buổi sinh hoạt ngày %s") % f"{one.last_day:%d/%m/%Y}"
    if one.subject == Subject.RESULT:
        return _("Báo kết quả buổi sinh hoạt ngày %s") % f"{one.last_day:%d/%m/%Y}"
    if one.subject == Subject.EXPIRING:
        told = one.detail if with_names else f"{one.last_day:%d/%m/%Y}"
        return _("Quyết định công nhận sắp hết hạn: %s") % told
    if one.subject == Subject.FOLLOW_UP:
        return one.detail
    if one.subject == Subject.REPORT:
        return _("Báo cáo %s") % period_of(one) + part_of(one)
    return f"{capfirst(str(Subject(one.subject).label))} {period_of(one)}"


def part_of(one: Obligation) -> str:
    """Where a period was cut by a move to another committee, up to where the report to the one left goes."""
    return _(", đến ngày %s (chuyển đơn vị)") % f"{one.cut_off:%d/%m/%Y}" if one.what else ""


def period_of(one: Obligation) -> str:
    first = one.first_day
    if one.months == 1:
        return _("tháng %(month)s/%(year)s") % {"month": first.month, "year": first.year}
    if one.months == 3:
        return _("quý %(quarter)s/%(year)s") % {"quarter": ROMAN[(first.month + 2) // 3], "year": first.year}
    if one.months == 6:
        return (_("6 tháng đầu năm %s") if first.month == 1 else _("6 tháng cuối năm %s")) % first.year
    return _("năm %s") % first.year


def state_of(one: Obligation, on: dt.date) -> str:
    if one.is_late:
        return _("Quá hạn %s ngày") % one.days_late(on)
    if one.state == State.DUE:
        left = (one.due - on).days
        return _("Còn %s ngày") % left if left else _("Hạn hôm nay")
    if one.is_done:
        day = f"{one.done_on:%d/%m/%Y}"
        return _("Đã xong %s, muộn") % day if one.was_late else _("Đã xong %s") % day
    return str(STATE_LABELS[State(one.state)])


def step(one: Obligation, place: Organisation, reach: Reach) -> tuple[str, str]:
    """(label, address) of what its reader can do about it; those above only look."""
    if not one.is_open:
        return "", ""
    if one.subject in (Subject.REGULAR, Subject.THEMATIC):
        if place.pk in reach.at(AT_THE_CELL):
            question = urlencode({"cell": place.public_id, "kind": one.subject})
            return _("Ghi buổi sinh hoạt"), f"{reverse('sessions:plan')}?{question}"
        return "", ""
    if one.subject in (Subject.MATERIALS, Subject.RESULT):
        if place.pk in reach.at(AT_THE_CELL):
            return _("Xem việc còn lại"), reverse("sessions:preparation", args=[one.what])
        return _("Xem buổi sinh hoạt"), reverse("sessions:detail", args=[one.what])
    if one.subject == Subject.FOLLOW_UP:
        return _("Xem việc"), reverse("resolutions:follow_up", args=[one.what])
    if one.subject == Subject.EXECUTIVE:
        return laying_step(one, place) if place.pk in reach.at({Role.COMMITTEE}) else ("", "")
    if one.subject == Subject.REPORT:
        return report_step(one, place) if place.pk in reach.at(ASKS_FOR_REPORTS) else ("", "")
    if place.pk not in reach.at(KEEPERS):
        return "", ""
    if one.subject == Subject.CONFERENCE:
        return _("Lên kế hoạch hội nghị"), reverse("resolutions:plan_conference")
    if one.subject == Subject.EXPIRING:
        return _("Xem danh sách"), reverse("speakers:roster", args=[place.public_id])
    if one.subject == Subject.REVIEW:
        return _("Rà soát"), reverse("speakers:begin_review", args=[place.public_id])
    if one.subject in DUTIES:
        return _("Ghi đã làm"), reverse("speakers:add_record", args=[place.public_id, "nhat-ky"])
    return "", ""


def report_step(one: Obligation, place: Organisation) -> tuple[str, str]:
    asked = asked_for(Period.parse(code_of_months(one.first_day, one.months), one.cut_off))
    question = urlencode({"organisation": place.public_id} | asked)
    return _("Lập báo cáo"), f"{reverse('reports:request')}?{question}"


def laying_step(one: Obligation, place: Organisation) -> tuple[str, str]:
    """Where the day is written once the report of the year is signed, and before that, where it is made."""
    if one.paper:
        return _("Xem báo cáo năm"), reverse("reports:detail", args=[one.paper])
    question = urlencode({"organisation": place.public_id} | asked_for(Period.parse(f"{one.first_day.year}")))
    return _("Lập báo cáo năm"), f"{reverse('reports:request')}?{question}"
