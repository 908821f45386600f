"""Reports of the sample on every step of their way, made through the doors that the pages use.

Of the demo cell: a draft with its words, one that waits for the signature, one taken in above, one sent back with its
replacement on the way, and one whose sources were corrected since. The committee's waits at the propaganda board; that
of its year was laid before its executive committee, which the other committees have still to do.
"""

import datetime as dt
import uuid

from django.utils import timezone

from accounts.models import User
from cells.jobs.claiming import claim
from cells.models import Organisation
from cells.papers import pdf
from reports import answering, issuing, laying, writing
from reports.building import counted, folder, publish
from reports.composing import compose
from reports.issuing import Signature
from reports.models import UNSIGNED, Notice, Report, SignerPost
from reports.periods import Period
from reports.requesting import request_report
from reports.sample.demo import DEMO_CELL
from sessions import closing, marking
from sessions.models import AdoptedPaper, Mark, Session

COMMITTEE = "M-DCQ"
SEAT = "Đồi Chè"
TWO_MONTHS = dt.timedelta(days=60)
SHORTCOMINGS = (
    "Có buổi bắt đầu muộn, thời gian thảo luận còn ít.\n"
    "Nguyên nhân: tài liệu đến tay đảng viên chậm; một số đồng chí đi công tác dài ngày."
)
NEXT_TASKS = (
    "Gửi tài liệu trước buổi sinh hoạt ít nhất một ngày.\n"
    "Chuẩn bị chuyên đề quý sau, phân công người trình bày trước ngày 15."
)
MORE_TASKS = f"{NEXT_TASKS}\nTổng hợp kết quả học tập Chỉ thị 50-CT/TW của từng đảng viên."
SENT_BACK = "Mục IV chưa nêu việc học tập Chỉ thị 50-CT/TW; đề nghị bổ sung rồi gửi lại."
CORRECTED = "Ghi nhầm một đồng chí có mặt, thực tế vắng có lý do"


def write_papers(today: dt.date) -> None:
    """After sessions, terms and roll-up are stored: figures are counted from them."""
    places = {one.code: one for one in Organisation.unscoped.filter(code__in=[DEMO_CELL, COMMITTEE])}
    lan, hoa, minh = (User.objects.get(username=name) for name in ("lan", "hoa", "minh"))
    cell = places[DEMO_CELL]
    month, before, earlier = (month_back(today, back) for back in (1, 2, 3))
    quarter, past = (quarter_back(today, back) for back in (1, 2))

    taken_in = sent(written(cell, before, lan), hoa)
    answering.receive(taken_in, actor=minh)
    changed = sent(written(cell, past, lan), hoa)
    answering.receive(changed, actor=minh)
    correct_a_session(cell, past, hoa)
    replace_what_came_back(sent(written(cell, earlier, lan), hoa), lan, hoa, minh)
    sent(written(places[COMMITTEE], past, minh), minh)  # waits at the board of the province
    lay_the_year(places[COMMITTEE], today, minh)
    issuing.submit(written(cell, quarter, lan), actor=lan)
    tell(written(cell, month, lan), hoa, next_tasks=MORE_TASKS)  # what Lan wrote can be read and taken back
    # What is not signed needs no file yet: the worker makes it when nobody waits for anything else.
    Report.unscoped.filter(organisation=cell, stage__in=UNSIGNED).update(priority=Report.Priority.RUN)


def month_back(today: dt.date, back: int) -> Period:
    number = today.year * 12 + today.month - 1 - back
    return Period.parse(f"{number // 12}-{number % 12 + 1:02}")


def quarter_back(today: dt.date, back: int) -> Period:
    number = today.year * 4 + (today.month - 1) // 3 - back
    return Period.parse(f"{number // 4}-Q{number % 4 + 1}")


def written(organisation: Organisation, period: Period, writer: User) -> Report:
    """A draft with what people say in III and IV."""
    report = request_report(organisation, period, writer)
    tell(report, writer, shortcomings=SHORTCOMINGS, next_tasks=NEXT_TASKS)
    return report


def tell(report: Report, writer: User, **texts: str) -> None:
    report.refresh_from_db()
    writing.save(report, texts, writing.Page(report).tokens, actor=writer)


def sent(report: Report, signer: User) -> Report:
    return issuing.send(signed(report, signer), actor=signer)


def signed(report: Report, signer: User) -> Report:
    content = compose(Report.unscoped.get(pk=report.pk))
    signature = Signature(SEAT, str(signer), SignerPost.SECRETARY)
    report = issuing.sign(report, signature, seen=issuing.digest_of_draft(content), actor=signer)
    return printed(report)


def lay_the_year(committee: Organisation, today: dt.date, signer: User) -> None:
    """Of the year that is over, or will be in two months."""
    year = (today + TWO_MONTHS).year - 1
    report = signed(written(committee, Period.parse(f"{year}", min(today, dt.date(year, 12, 31))), signer), signer)
    laying.lay(report, timezone.localdate(report.signed_at), version=0, actor=signer)


def printed(report: Report) -> Report:
    """Its file, as the worker makes it, but here, where the typesetter is warm and nobody waits for a queue."""
    report = claim(Report, report.pk, uuid.uuid4())
    content = counted(report)
    draft = folder() / f".tmp-{report.token.hex}"
    try:
        draft.write_bytes(pdf.render(content))
        publish(report, draft, content.get("figures"))
    finally:
        draft.unlink(missing_ok=True)
    Notice.unscoped.filter(report=report).delete()  # nobody is waiting to be told
    report.refresh_from_db()
    return report


def replace_what_came_back(report: Report, writer: User, signer: User, receiver: User) -> None:
    answering.send_back(report, SENT_BACK, actor=receiver)
    replacement = issuing.begin_replacement(report, actor=writer)
    tell(replacement, writer, next_tasks=MORE_TASKS)
    sent(replacement, signer)


def correct_a_session(cell: Organisation, period: Period, secretary: User) -> None:
    """One present member becomes one excused, long after the report of that quarter was signed."""
    adopted = AdoptedPaper.unscoped.filter(withdrawn_at=None).values("session")
    held = Session.unscoped.closed().filter(cell=cell, day__range=(period.first_day, period.last_day))
    session = held.exclude(pk__in=adopted).order_by("day", "pk")[0]
    times = {"start": session.start, "end": session.end}
    guests = {"guests": session.guests, "guests_estimate": session.guests_estimate}
    session = closing.reopen(session, CORRECTED, actor=secretary)
    line = next(one for one in marking.sheet_of(session).expected if one.marked.mark == Mark.PRESENT)
    absent = {line.person: marking.Marked(Mark.EXCUSED, "đi công tác")}
    session = marking.save_marks(
        session, absent, version=session.version, base={line.person: line.marked}, actor=secretary
    )
    closing.mark_closed(session, **times, **guests, actor=secretary)
