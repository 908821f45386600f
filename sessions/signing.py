"""The paper sheet that those present sign: everybody expected by name, and the others as what they are."""

from django.utils.translation import gettext as _

from cells.models import OrganisationPeriod, Standing, Status
from cells.papers import letterhead
from cells.papers.blocks import column, note, table
from cells.papers.wording import day as printed_day
from sessions.listing import Listed, listed_on
from sessions.models import Session

EMPTY_ROWS = 2  # for somebody whom the list lacks


def composed(session: Session) -> dict:
    """For `cells.papers`; four queries, however many members."""
    people = listed_on(session)
    periods = OrganisationPeriod.unscoped.on(session.day)
    period = periods.filter(organisation=session.cell_id).select_related("parent").get()
    parent = periods.filter(organisation=period.parent).first() if period.parent else None
    return {
        "layout": "hd05_2026",
        "title": title_of(session),
        "letterhead": {
            "phrase": "ĐẢNG CỘNG SẢN VIỆT NAM",
            "parent": letterhead.parent_line(parent.name) if parent else "",
            "issuer": letterhead.body_name(period.name, period.kind),
            "number": None,
            "dated": "",
        },
        "type": _("DANH SÁCH KÝ TÊN"),
        "subject": _("sinh hoạt chi bộ %(kind)s, ngày %(day)s")
        % {"kind": session.get_kind_display(), "day": printed_day(session.day)},
        "span": session.theme,
        "blocks": list(blocks(people)),
    }


def title_of(session: Session) -> str:
    return _("Danh sách ký tên ngày %s") % f"{session.day:%d-%m-%Y}"


def blocks(people: list[Listed]):
    columns = [
        column(_("TT"), 12, "centre"),
        column(_("Họ và tên"), 63),
        column(_("Ghi chú"), 40),
        column(_("Ký tên"), 50),
    ]
    expected = [person for person in people if person.is_expected]
    rows = [[str(number), person.name, remark(person), ""] for number, person in enumerate(expected, start=1)]
    rows += [["", person.name, remark(person), ""] for person in people if person.status == Status.EXEMPT]
    rows += [["", "", "", ""]] * EMPTY_ROWS
    yield table(columns, rows) | {"is_tall": True}
    yield note(_("Phải có mặt: %d người. Có mặt: ……; vắng: ……; khách mời: …….") % len(expected))
    if others := [f"{person.name} ({person.status_label})" for person in people if person.is_left_out]:
        yield note(_("Không tính vào số phải có mặt: %s.") % ", ".join(others))


def remark(person: Listed) -> str:
    if person.status == Status.EXEMPT:
        return _("được miễn")
    words = [person.status_label] if person.status == Status.HOSTED else []
    if person.standing == Standing.PROBATIONARY:
        words.append(str(Standing.PROBATIONARY.label))
    return ", ".join(words)
