"""What the demo cell wrote down in its last sessions: agenda, record, votes, and tasks that are carried over."""

import datetime as dt

from cells.models import Organisation, Person
from reports.sample.demo import DEMO_CELL
from sessions import arranging, noting, rating, tasking
from sessions.measuring import plain
from sessions.models import Session, SessionTask, TaskState
from sessions.voting import COUNTS, base_of, store_vote

LAST_MONTHS = 3
LACKING, SPOKE = 6, 6
SUMMARY = (
    "Chi bộ nhất trí với đánh giá của chi ủy. Nhiều ý kiến đề nghị rút ngắn thời gian báo cáo, "
    "dành thêm thời gian cho thảo luận."
)
CONCLUSION = "Thống nhất các nhiệm vụ tháng tới và thời hạn hoàn thành."
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
    wanted = {
        "chair_name": people[0],
        "minute_taker_name": people[1],
        "dues": "Đã đóng đủ",
        "summary": SUMMARY,
        "conclusion": CONCLUSION,
    }
    page = noting.page_of(session)
    for block in page.blocks:
        wanted[noting.block_field(block, "minutes")] = str(block.planned_minutes)
    noting.save(session, wanted, page.tokens, actor=None)
    for line in page.tasks[:1]:
        tasking.tell_in(session, line.task, DONE, actor=None)
    base = base_of(session)
    counts = dict.fromkeys(COUNTS, 0) | {"in_favour": base.present}
    store_vote(session, {"subject": "Thông qua nghị quyết tháng của chi bộ", **counts}, actor=None)
    give(session, task, people[2])
    rate(session)


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
