"""A draft becomes a paper and leaves the house: submitted, signed with its number, sent; replaced by a newer one.

Every step is one transaction under the lock of the row, with a named refusal, its own line of history and its entry
in the audit trail. What is signed is never changed again.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells import numbering
from cells.jobs.ending import FRESH_COUNTERS
from cells.jobs.ringing import ring_on_commit
from cells.models import DocumentType
from cells.papers.wording import long_date
from reports.composing import compose, source_of
from reports.models import UNSIGNED, Notice, Report, ReportMove, SignerPost, Stage
from reports.routing import way_of
from reports.writing import NotADraft, locked
from sessions.adopting import digest


class AlreadySigned(Refused):
    def default(self):
        return _("Báo cáo này đã ký trước đó.")


class ChangedMeanwhile(Refused):
    def default(self):
        return _("Số liệu hoặc nội dung vừa thay đổi. Hãy đọc lại bản dưới đây rồi ký.")


class NotSubmitted(Refused):
    def default(self):
        return _("Báo cáo không ở trạng thái đã trình nên không lấy lại được.")


class NotReady(Refused):
    def default(self):
        return _("Chưa gửi được: báo cáo chưa ký, hoặc tệp PDF của bản ký chưa lập xong. Hãy đợi một lát rồi gửi.")


class NobodyAbove(Refused):
    def default(self):
        return _("Tổ chức này không có cấp ủy cấp trên trong sổ, nên không có nơi nhận báo cáo.")


class NotReplaceable(Refused):
    def default(self):
        return _("Chỉ lập bản thay thế cho báo cáo đã ký và chưa có bản thay thế.")


@dataclass(frozen=True)
class Signature:
    """Who signs, as which post, and where; the day is the day of the click."""

    seat: str
    name: str
    post: SignerPost


def moved(report: Report, stage: str, actor: User | None, request, *, reason: str = "", **detail) -> None:
    """The one way from stage to stage: the row, its history, the audit trail."""
    report.stage = stage
    report.version += 1
    report.save()
    ReportMove.unscoped.create(
        report=report, stage=stage, actor=actor, actor_name=str(actor or _("hệ thống")), reason=reason
    )
    after = {"reason": reason} if reason else None
    record(f"report.{stage}", actor=actor, target=report, detail=detail, after=after, request=request)


@transaction.atomic
def submit(report: Report, *, actor: User, request=None) -> Report:
    report = locked(report)
    if report.stage != Stage.DRAFT:
        raise NotADraft
    moved(report, Stage.SUBMITTED, actor, request)
    return report


@transaction.atomic
def take_back(report: Report, reason: str = "", *, actor: User, request=None) -> Report:
    """From the secretary's desk to the draft again, by the writer or by the secretary."""
    report = locked(report)
    if report.stage != Stage.SUBMITTED:
        raise NotSubmitted
    moved(report, Stage.DRAFT, actor, request, reason=reason)
    return report


def digest_of_draft(content: dict) -> str:
    """Of all that its signer reads, and of the figures behind it."""
    return digest({name: value for name, value in content.items() if name != "figures"} | content["figures"])


@transaction.atomic
def sign(report: Report, signature: Signature, *, seen: str, actor: User, request=None) -> Report:
    """Number, text and figures are fixed here; the PDF is made from them by the worker, once."""
    report = locked(report)
    if report.stage not in UNSIGNED:
        raise AlreadySigned
    content = compose(report)
    if digest_of_draft(content) != seen:
        raise ChangedMeanwhile
    today = timezone.localdate()
    number = numbering.take_number(
        report.organisation, DocumentType.REPORT, today, subject=content["subject"], actor=actor, request=request
    )
    report.figures = content.pop("figures")
    report.content = signed_content(content, f"{_('Số')} {number.symbol}", long_date(signature.seat, today), signature)
    report.content_sha256 = digest(report.content)
    report.number, report.signed_at, report.signed_by = number, timezone.now(), actor
    replace(earlier_versions(report).filter(sent_at=None), report, actor, request)
    to_the_worker(report)
    moved(report, Stage.SIGNED, actor, request, symbol=number.symbol, sha256=report.content_sha256)
    return report


def signed_content(content: dict, symbol: str, dated: str, signature: Signature) -> dict:
    head = content["letterhead"] | {"symbol": symbol, "dated": dated}
    told = {"post": str(signature.post.label), "signer": signature.name}
    blocks = [block | told if block["kind"] == "ending" else block for block in content["blocks"]]
    return content | {"letterhead": head, "blocks": blocks}


def to_the_worker(report: Report) -> None:
    """Its file is made anew and before all drafts; whoever was at work on the draft's loses the row."""
    for name, value in FRESH_COUNTERS.items():
        setattr(report, name, value)
    report.priority = Report.Priority.SIGNED
    report.requested_by = report.signed_by  # with whose right it is made, and who is told
    Notice.unscoped.filter(report=report).delete()
    ring_on_commit(report)


def versions_of(report: Report):
    return Report.unscoped.filter(
        organisation=report.organisation_id, period=report.period, until=report.until, conference=report.conference_id
    )


def earlier_versions(report: Report):
    return versions_of(report).filter(revision__lt=report.revision, signed_at__isnull=False)


def replace(earlier, report: Report, actor: User, request) -> None:
    """A version takes the place of those before it, which stay to be read.

    When it is signed, of those that never left the house; of those that were sent only when it is sent itself: until
    then whoever is above has them.
    """
    for one in earlier.exclude(stage=Stage.REPLACED).select_for_update():
        moved(one, Stage.REPLACED, actor, request, by=report.pk)


@transaction.atomic
def send(report: Report, *, actor: User, request=None) -> Report:
    """To whom the rule of the day of signing says, at the committee that takes it in today."""
    report = locked(report)
    if report.stage != Stage.SIGNED or report.state != Report.State.DONE:
        raise NotReady
    way = way_of(source_of(report), timezone.localdate(report.signed_at), timezone.localdate())
    if way is None:
        raise NobodyAbove
    report.receiver_id, report.through_board = way.receiver, bool(way.board)
    report.sent_at = timezone.now()
    replace(earlier_versions(report), report, actor, request)
    moved(report, Stage.SENT, actor, request, receiver=report.receiver_id, through_board=report.through_board)
    return report


@transaction.atomic
def begin_replacement(report: Report, *, actor: User, request=None) -> Report:
    """The next version, with the texts of this one, on the figures as they stand now. Asked twice, it is the same."""
    report = locked(report)
    if report.stage in UNSIGNED or report.stage == Stage.REPLACED:
        raise NotReplaceable
    replacement, is_new = Report.unscoped.get_or_create(
        organisation=report.organisation,
        period=report.period,
        until=report.until,
        conference=report.conference,
        revision=report.revision + 1,
        defaults={
            "requested_by": actor,
            "shortcomings": report.shortcomings,
            "next_tasks": report.next_tasks,
        },
    )
    if is_new:
        record("report_requested", actor=actor, target=replacement, request=request)
        ring_on_commit(replacement)
    return replacement
