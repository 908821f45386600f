"""What happens to a member of a cell: admitted, transferred, away for a time, exempt, official, gone, corrected.

Each verb says how the spans change from a day on; cells.rewriting checks and writes. A span that was begun on that very
day is changed in place, since nobody can have been one thing in the morning and another in the evening.
"""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.refusing import Refused
from cells.changing import Changes
from cells.models import Leaving, Membership, Organisation, Person, Standing, Status
from cells.rewriting import rewrite
from cells.spans import ONE_DAY, homes_of, hosts_of, last_of

TURNS_TO = (Status.ACTIVE, Status.EXEMPT, Status.SUSPENDED, Status.SPECIAL_DUTY)


def admit(person: Person, cell: Organisation, *, standing: str, day: dt.date, **told) -> Person:
    """A new member, or one known before who comes back or arrives from a cell that let go of them."""

    def edit(spans, changes):
        for span in homes_of(spans):
            if last_of(span) >= day:
                raise Refused(
                    _("Người này đang có tên ở một chi bộ vào ngày đó; chi bộ ấy phải chuyển đi trước."), "day"
                )
            if span.leaving == Leaving.TRANSFERRED and span.arrival_confirmed is None:
                changes.change(span, arrival_confirmed=day)
        changes.create(Membership(person=person, cell=cell, standing=standing, first_day=day))

    return rewrite(person, edit, action="roster.admitted", **told)


def transfer(person: Person, cell: Organisation, *, day: dt.date, **told) -> Person:
    """Officially to another cell: the old span ends the day before, and a stay as a guest with it."""

    def edit(spans, changes):
        home = home_on(spans, day)
        if home.cell_id == cell.pk:
            raise Refused(_("Người này đang ở chính chi bộ đó."), "cell")
        refuse_later(spans, day)
        end_visits(spans, changes, day)
        end_before(changes, home, day)
        changes.create(Membership(person=person, cell=cell, standing=home.standing, first_day=day))

    return rewrite(person, edit, action="roster.transferred", **told)


def send_away(person: Person, cell: Organisation | None, *, day: dt.date, until: dt.date | None, **told) -> Person:
    """For a time to another cell, which hosts them; without a cell it is one that does not use this book."""

    def edit(spans, changes):
        home = home_on(spans, day)
        if home.status != Status.ACTIVE:
            raise Refused(_("Chỉ người đang sinh hoạt bình thường mới chuyển tạm thời được."), "day")
        refuse_later(spans, day)
        turn(changes, home, day, status=Status.AWAY, planned_last_day=until)
        if cell is not None:
            host = Membership(person=person, cell=cell, standing=home.standing, status=Status.HOSTED, first_day=day)
            host.last_day, host.planned_last_day = home.last_day, until
            changes.create(host)

    return rewrite(person, edit, action="roster.sent_away", **told)


def bring_back(person: Person, *, day: dt.date, **told) -> Person:
    def edit(spans, changes):
        home = home_on(spans, day)
        if home.status != Status.AWAY:
            raise Refused(_("Người này không đi sinh hoạt tạm thời vào ngày đó."), "day")
        refuse_later(spans, day)
        end_visits(spans, changes, day)
        turn(changes, home, day, status=Status.ACTIVE, planned_last_day=None)

    return rewrite(person, edit, action="roster.brought_back", **told)


def turn_to(person: Person, status: str, *, day: dt.date, until: dt.date | None = None, **told) -> Person:
    """Exempt, suspended, on special duty, or an ordinary member again."""

    def edit(spans, changes):
        home = home_on(spans, day)
        if home.status == Status.AWAY:
            raise Refused(_("Người này đang sinh hoạt tạm thời ở nơi khác; hãy ghi ngày trở về trước."), "day")
        if home.status == status:
            raise Refused(_("Người này đã ở tình trạng đó."), "status")
        refuse_later(spans, day)
        turn(changes, home, day, status=status, planned_last_day=until)

    return rewrite(person, edit, action=f"roster.{status}", **told)


def make_official(person: Person, *, day: dt.date, **told) -> Person:
    def edit(spans, changes):
        home = home_on(spans, day)
        if home.standing == Standing.OFFICIAL:
            raise Refused(_("Người này đã là đảng viên chính thức."), "day")
        refuse_later(spans, day)
        for span in [home, *visits_on(spans, day)]:
            turn(changes, span, day, standing=Standing.OFFICIAL)

    return rewrite(person, edit, action="roster.made_official", **told)


def leave(person: Person, leaving: str, *, day: dt.date, **told) -> Person:
    """`day` is the last one at the cell."""

    def edit(spans, changes):
        home = home_on(spans, day)
        refuse_later(spans, day)
        for visit in visits_on(spans, day):
            changes.change(visit, last_day=day)
        changes.change(home, last_day=day, leaving=leaving)

    return rewrite(person, edit, action="roster.left", **told)


def confirm_arrival(person: Person, *, day: dt.date, **told) -> Person:
    def edit(spans, changes):
        open_ones = [span for span in homes_of(spans) if is_open_transfer(span)]
        if not open_ones:
            raise Refused(_("Không có lần chuyển đi nào đang chờ xác nhận."))
        if day <= open_ones[-1].last_day:
            raise Refused(_("Ngày xác nhận phải sau ngày rời chi bộ."), "day")
        changes.change(open_ones[-1], arrival_confirmed=day)

    return rewrite(person, edit, action="roster.arrival_confirmed", **told)


def correct(person: Person, key: str, values: dict, **told) -> Person:
    """A span that was entered wrongly gets other days, standing or status; the reason is kept."""

    def edit(spans, changes):
        changes.change(span_named(spans, key), **values)

    return rewrite(person, edit, action="roster.corrected", **told)


def strike(person: Person, key: str, **told) -> Person:
    """A span that should never have been entered."""

    def edit(spans, changes):
        changes.delete(span_named(spans, key))

    return rewrite(person, edit, action="roster.struck", **told)


def key_of(span: Membership) -> str:
    """Names a span within its person, as the constraints of the table do."""
    return f"{'host' if span.status == Status.HOSTED else 'home'}-{span.first_day:%Y-%m-%d}"


def span_named(spans: list[Membership], key: str) -> Membership:
    found = next((span for span in spans if key_of(span) == key), None)
    if found is None:
        raise Refused(_("Giai đoạn này không còn nữa. Hãy xem lại hồ sơ."))
    return found


def is_open_transfer(span: Membership) -> bool:
    return span.leaving == Leaving.TRANSFERRED and span.last_day is not None and span.arrival_confirmed is None


def home_on(spans: list[Membership], day: dt.date) -> Membership:
    for span in homes_of(spans):
        if span.first_day <= day <= last_of(span):
            return span
    raise Refused(_("Ngày %s người này không có tên ở chi bộ nào.") % f"{day:%d/%m/%Y}", "day")


def visits_on(spans: list[Membership], day: dt.date) -> list[Membership]:
    return [span for span in hosts_of(spans) if span.first_day <= day <= last_of(span)]


def refuse_later(spans: list[Membership], day: dt.date) -> None:
    later = [span for span in spans if span.first_day > day]
    if later:
        text = _("Đã ghi một thay đổi sau ngày này (từ %s). Hãy chọn ngày sau đó, hoặc sửa giai đoạn ấy trước.")
        raise Refused(text % f"{later[0].first_day:%d/%m/%Y}", "day")


def end_visits(spans: list[Membership], changes: Changes, day: dt.date) -> None:
    for visit in visits_on(spans, day):
        end_before(changes, visit, day)


def end_before(changes: Changes, span: Membership, day: dt.date) -> None:
    if span.first_day == day:
        changes.delete(span)
    else:
        changes.change(span, last_day=day - ONE_DAY)


def turn(changes: Changes, span: Membership, day: dt.date, **values) -> None:
    """From `day` to its end the span is something else."""
    if span.first_day == day:
        changes.change(span, **values)
        return
    fields = ("person", "cell", "standing", "status", "last_day", "planned_last_day", "leaving", "arrival_confirmed")
    rest = Membership(first_day=day, **({name: getattr(span, name) for name in fields} | values))
    changes.change(span, last_day=day - ONE_DAY, leaving="", arrival_confirmed=None)
    changes.create(rest)
