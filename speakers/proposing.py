"""What the yearly review proposes, as a paper: each roster by itself, who stays, who follows whom, who leaves."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cells.models import CELL_KINDS, OrganisationPeriod
from cells.papers import letterhead
from cells.papers.blocks import column, heading, paragraph, table
from speakers.models import ReviewItem, RosterReview, SpeakerKind

LAYOUT = "hd05_2026"
NUMERALS = ("I", "II", "III")
Verdict = ReviewItem.Verdict


def tally(items: list[ReviewItem]) -> list[tuple[SpeakerKind, list[ReviewItem], list[tuple[str, int]]]]:
    """For each roster that has entries: (kind, its entries, [(verdict, how many)]); rosters are never added up."""
    found = []
    for kind in SpeakerKind:
        rows = [item for item in items if item.kind == kind]
        if rows:
            counts = [(label, sum(row.verdict == key for row in rows)) for key, label in Verdict.choices]
            found.append((kind, rows, counts))
    return found


def compose(review: RosterReview, items: list[ReviewItem]) -> dict:
    named = period_of(review)
    is_cell = named.kind in CELL_KINDS
    issuer = named.name if is_cell else letterhead.body_name(named.name, named.kind)
    parent = period_on(named.parent_id, named.first_day) if named.parent_id else None
    subject = _("đề nghị kiện toàn đội ngũ tuyên truyền miệng năm %d") % review.year
    return {
        "layout": LAYOUT,
        "title": _("Danh sách %(subject)s – %(name)s") % {"subject": subject, "name": named.name},
        "letterhead": {
            "phrase": "ĐẢNG CỘNG SẢN VIỆT NAM",
            "parent": letterhead.parent_line(parent.name) if parent else "",
            "issuer": issuer,
            "dated": _("…………, ngày …… tháng …… năm 20……"),
        },
        "type": _("DANH SÁCH"),
        "subject": subject,
        "span": "",
        "blocks": [*rosters(items), ending(review, issuer, is_cell, parent)],
    }


def rosters(items: list[ReviewItem]) -> list[dict]:
    blocks = []
    for numeral, (kind, rows, counts) in zip(NUMERALS, tally(items), strict=False):
        told = "; ".join(f"{label} {count:02d}" for label, count in counts if count)
        text = _("Tổng số %02d người") % len(rows)
        blocks += [heading(f"{numeral}- {kind.label.upper()}"), paragraph(f"{text}: {told}." if told else f"{text}.")]
        blocks.append(table(columns(), [line(number, row) for number, row in enumerate(rows, start=1)]))
    return blocks


def columns() -> list[dict]:
    return [
        column(_("TT"), 10, "centre"),
        column(_("Họ và tên"), 44),
        column(_("Cấp"), 18),
        column(_("Đề nghị"), 25),
        column(_("Người thay"), 36),
        column(_("Lý do"), 32),
    ]


def line(number: int, item: ReviewItem) -> list[str]:
    verdict = capfirst(item.get_verdict_display()) if item.verdict else "…"
    replacement = item.replacement.full_name if item.replacement else ""
    return [str(number), item.person.full_name, capfirst(item.get_level_display()), verdict, replacement, item.reason]


def ending(review: RosterReview, issuer: str, is_cell: bool, parent: OrganisationPeriod | None) -> dict:
    body = letterhead.body_name(parent.name, parent.kind) if parent else None
    return {
        "kind": "ending",
        "text": _("Danh sách này lập theo kết quả rà soát đội ngũ năm %d.") % review.year,
        "receivers_title": _("Nơi nhận:"),
        "receivers": letterhead.recipients(issuer, is_cell, body),
        "authority": letterhead.authority(issuer, is_cell),
        "post": _("BÍ THƯ"),
        "signer": "",
    }


def period_of(review: RosterReview) -> OrganisationPeriod:
    """What the place was called in the year of the review; of what had ended or not begun, the nearest."""
    periods = OrganisationPeriod.unscoped.filter(organisation=review.organisation)
    return periods.filter(first_day__year__lte=review.year).order_by("first_day").last() or periods.earliest(
        "first_day"
    )


def period_on(organisation: int, day) -> OrganisationPeriod | None:
    return OrganisationPeriod.unscoped.on(day).filter(organisation=organisation).first()
