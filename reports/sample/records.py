"""What the demo cell wrote down of its last sessions: agenda, record, votes, resolution, tasks that come back."""

import datetime as dt

from cells.models import Organisation, Person, Post, Role
from reports.sample.demo import DEMO_CELL
from resolutions.models import Document
from sessions import arranging, noting, rating, resolving, tasking
from sessions.measuring import plain
from sessions.models import AgendaBlock, Session, SessionTask, SignerPost, TaskState
from sessions.voting import COUNTS, base_of, store_vote

LAST_MONTHS = 3
LACKING, SPOKE = 6, 6
LEAD = (Role.SECRETARY, Role.MINUTE_TAKER)
SUMMARY = (
    "Chi bộ nhất trí với đánh giá của chi ủy. Nhiều ý kiến đề nghị rút ngắn thời gian báo cáo, "
    "dành thêm thời gian cho thảo luận."
)
CONCLUSION = "Thống nhất các nhiệm vụ tháng tới và thời hạn hoàn thành."
# title of the block: how it was presented, what of it is told
TOLD = {
    "Thông tin thời sự, phổ biến văn bản mới": (
        "báo cáo",
        "Giới thiệu những điểm mới của Hướng dẫn 42-HD/BTCTW về nâng cao chất lượng sinh hoạt chi bộ.",
    ),
    "Đánh giá thực hiện nghị quyết tháng trước": (
        "báo cáo",
        "Các nhiệm vụ tháng trước cơ bản hoàn thành.\nMột việc xin lùi thời hạn vì chờ số liệu của cơ sở.",
    ),
    "Nhiệm vụ tháng tới": ("báo cáo", "Tập trung rà soát hồ sơ, chuẩn bị chuyên đề quý sau, thăm hộ khó khăn."),
    "Trình bày chuyên đề": (
        "thuyết trình",
        "Nêu yêu cầu, cách làm và kinh nghiệm ở ba cơ quan; đề xuất hai việc chi bộ làm ngay trong quý.",
    ),
}
STUDIED, SPOKEN_ONLY = "42-HD/BTCTW", "Tình hình tư tưởng và công tác của chi bộ"
REVIEW = "Chi bộ sinh hoạt đúng ngày, đủ nội dung; đảng viên hoàn thành nhiệm vụ được giao."
NEXT = "Thực hiện các nhiệm vụ giao tại buổi này đúng hạn.\nChuẩn bị tài liệu buổi sau trước ít nhất một ngày."
SEAT = "Phường mẫu"
TASKS = (
    ("Rà soát hồ sơ đảng viên của chi bộ", 20),
    ("Chuẩn bị chuyên đề quý sau", 40),
    ("Thăm hộ gia đình khó khăn được phân công", 25),
)
DONE = tasking.Told(TaskState.DONE, "Đã hoàn thành, có báo cáo gửi chi bộ.")


def write() -> None:
    """Through the same doors as a secretary, after the sessions are stored; of an empty cell nothing."""
    cell = Organisation.unscoped.filter(code=DEMO_CELL).first()
    sessions = Session.unscoped.filter(cell=cell).exclude(state=Session.State.CANCELLED).order_by("day", "pk")
    for session in sessions.filter(state=Session.State.PLANNED):
        arranging.lay_out(session)
    held = list(sessions.closed())[-LAST_MONTHS:]
    for number, session in enumerate(held):
        arranging.lay_out(session)
        write_one(session, TASKS[number % len(TASKS)])


def write_one(session: Session, task: tuple[str, int]) -> None:
    people = list(Person.unscoped.filter(attendances__session=session).values_list("full_name", flat=True))
    chair, minute_taker = (named(session, role) or usual for role, usual in zip(LEAD, people, strict=False))
    prepare(session)
    wanted = {
        "chair_name": chair,
        "minute_taker_name": minute_taker,
        "dues": "Đã đóng đủ",
        "summary": SUMMARY,
        "conclusion": CONCLUSION,
    }
    page = noting.page_of(session)
    for block in page.blocks:
        wanted[noting.block_field(block, "minutes")] = str(block.planned_minutes)
        if told := TOLD.get(block.title):
            speaker = people[2 + block.position % 5]
            for part, text in zip(("method", "note", "presenter_name"), (*told, speaker), strict=True):
                wanted[noting.block_field(block, part)] = text
    noting.save(session, wanted, page.tokens, actor=None)
    for line in page.tasks[:1]:
        tasking.tell_in(session, line.task, DONE, actor=None)
    base = base_of(session)
    counts = dict.fromkeys(COUNTS, 0) | {"in_favour": base.present}
    store_vote(session, {"subject": "Thông qua nghị quyết tháng của chi bộ", **counts}, actor=None)
    give(session, task, people[2])
    rate(session)
    draft = {"review": REVIEW, "next_tasks": NEXT, "assignment": "", "self_rating": "", "seat": SEAT}
    draft |= {"signer": chair, "signer_post": SignerPost.SECRETARY}
    resolving.write(session, draft, version=0, actor=None)


def named(session: Session, role: str) -> str:
    """Whoever holds the post, as the roster has the name; "" where nobody logs in."""
    posts = Post.unscoped.filter(organisation=session.cell_id, role=role, user__person__isnull=False)
    return posts.values_list("user__person__full_name", flat=True).first() or ""


def prepare(session: Session) -> None:
    """A document lies beside the news; of one item nothing is written."""
    AgendaBlock.unscoped.filter(session=session, title=SPOKEN_ONLY).update(is_spoken_only=True)
    news, studied = session.agenda.filter(title__in=TOLD).first(), Document.unscoped.filter(symbol=STUDIED)
    if news:
        news.documents.set(studied[:1])


def give(session: Session, task: tuple[str, int], owner: str) -> SessionTask:
    title, days = task
    due = session.day + dt.timedelta(days=days)
    return tasking.give(session, {"title": title, "owner_name": owner, "due": due}, actor=None)


def rate(session: Session) -> None:
    """By the sheet in force: full points but for one line, and six who spoke."""
    rubric = rating.rubrics_for(session)[0]
    sheet = rating.sheet_of(session, rubric)
    wanted = {}
    for line in sheet.lines:
        if line.asks_for_points:
            wanted[line.points_field] = plain(line.criterion.max_points - (line.criterion.position == LACKING))
        if line.criterion.asks_for_count:
            wanted[line.count_field] = str(min(SPOKE, session.present))
    rating.save(session, rubric, wanted, sheet.tokens, actor=None)
