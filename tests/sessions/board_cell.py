"""A session of a cell of 14 members, as the cell of Ban Dân vận meets. All names are invented."""

import datetime as dt

from django.db import transaction

from cells.models import Kind, Standing, Term
from sessions import adopting, tasking
from sessions.marking import Marked, save_marks
from sessions.models import AdoptedPaper, AgendaBlock, Mark, PaperKind, Part, Session, SessionRecord
from sessions.opening import open_session
from sessions.voting import store_vote
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, SessionFactory, UserFactory
from tests.sessions.stories import finish

DAY = dt.date(2021, 2, 5)
NAMES = (
    "Nguyễn Thị Ánh",
    "Trần Văn Bảo",
    "Lê Thị Cẩm",
    "Phạm Đức Duy",
    "Hoàng Thị Giang",
    "Vũ Quốc Hiển",
    "Đặng Thị Khuyên",
    "Bùi Văn Lượng",
    "Đỗ Thị Mận",
    "Hồ Văn Nghĩa",
    "Ngô Thị Oanh",
    "Dương Văn Phước",
    "Lý Thị Quỳnh",
    "Nông Văn Sỹ",
)
GIVEN_TALK = (
    "Bốn giải pháp đổi mới công tác dân vận chính quyền: rà soát thủ tục, đối thoại định kỳ với nhân dân, "
    "phân công cán bộ theo dõi địa bàn, sơ kết hằng quý. Mỗi giải pháp có ví dụ ở một xã, nêu rõ việc đã làm được, "
    "việc còn vướng và kinh nghiệm rút ra."
)
AGENDA = (
    (Part.OPENING, "Nêu mục đích, cử thư ký, điểm danh", "", "", "", 5),
    (
        Part.REGULAR,
        "Đánh giá thực hiện nghị quyết tháng trước",
        "Trần Văn Bảo",
        "báo cáo",
        "Chi bộ hoàn thành sáu trên bảy nhiệm vụ của tháng.\nCòn một báo cáo chậm ba ngày do thiếu số liệu của cơ sở.",
        15,
    ),
    (
        Part.THEMATIC,
        "Trình bày chuyên đề",
        "Lê Thị Cẩm",
        "thuyết trình kết hợp trình chiếu",
        GIVEN_TALK,
        30,
    ),
    (Part.THEMATIC, "Đảng viên góp ý, nêu câu hỏi", "", "thảo luận", "Sáu đồng chí tham gia ý kiến.", 25),
    (Part.CLOSING, "Kết luận, giao nhiệm vụ, biểu quyết nghị quyết", "Nguyễn Thị Ánh", "", "", 10),
    (Part.CLOSING, "Tự đánh giá chất lượng buổi sinh hoạt, thông qua biên bản", "", "", "Buổi đạt yêu cầu.", 5),
)
RECORD = {
    "chair_name": "Nguyễn Thị Ánh",
    "minute_taker_name": "Ngô Thị Oanh",
    "guest_names": "Ông Hà Văn Tài, cán bộ theo dõi của đảng ủy cấp trên",
    "dues": "Đã đóng đủ tháng 02/2021",
    "summary": "Các ý kiến nhất trí với báo cáo chuyên đề và đề nghị bổ sung việc đối thoại ở xã.\n"
    "Có ý kiến đề nghị chọn hai thôn làm điểm trước khi làm rộng.",
    "conclusion": "Giao tổ chuyên môn bổ sung, hoàn chỉnh báo cáo chuyên đề trong tháng 3.\nChọn hai thôn làm điểm.",
}
TASKS = (
    ("Hoàn chỉnh báo cáo chuyên đề theo ý kiến góp ý", "Lê Thị Cẩm", dt.date(2021, 3, 5)),
    ("Lập kế hoạch đối thoại với nhân dân ở hai thôn làm điểm", "Phạm Đức Duy", dt.date(2021, 3, 20)),
)


@transaction.atomic
def held() -> Session:
    secretary = UserFactory(username="anh", full_name="Nguyễn Thị Ánh")
    above = OrganisationFactory(code="DV", name="Đảng bộ Khối các cơ quan tỉnh", kind=Kind.BLOC)
    cell = OrganisationFactory(code="DV.1", name="Chi bộ Ban Dân vận", parent=above)
    Term.unscoped.create(organisation=cell, ordinal="XX", first_day=dt.date(2020, 5, 10))
    people = [PersonFactory(code=f"DVA-{number}", full_name=name) for number, name in enumerate(NAMES)]
    for person in people:
        standing = Standing.PROBATIONARY if person.full_name == "Nông Văn Sỹ" else Standing.OFFICIAL
        MembershipFactory(person=person, cell=cell, standing=standing)
    earlier = SessionFactory(cell=cell, day=dt.date(2021, 1, 5), state=Session.State.CLOSED)
    task = {"title": "Rà soát hồ sơ đảng viên", "owner_name": "Hồ Văn Nghĩa", "due": dt.date(2021, 2, 1)}
    tasking.give(earlier, task, actor=secretary)
    theme = "Giải pháp đổi mới, nâng cao chất lượng công tác dân vận chính quyền"
    session = SessionFactory(cell=cell, day=DAY, kind="combined", theme=theme, place="Phòng họp Ban Dân vận")
    open_session(session, actor=secretary)
    lay_out(session)
    came = dict.fromkeys([person.pk for person in people], Marked(Mark.PRESENT))
    came |= {people[5].pk: Marked(Mark.EXCUSED, "ốm"), people[7].pk: Marked(Mark.EXCUSED, "đi công tác ở cơ sở")}
    session.refresh_from_db()
    save_marks(session, came, version=session.version, base={}, is_draft=False, actor=secretary)
    finish(session, secretary, guests=1)
    SessionRecord.unscoped.create(session=session, **RECORD)
    counts = {"subject": "Thông qua nghị quyết tháng 02", "in_favour": 10, "against": 0, "other": 1}
    store_vote(session, counts, actor=secretary)
    for title, owner, due in TASKS:
        tasking.give(session, {"title": title, "owner_name": owner, "due": due}, actor=secretary)
    return Session.unscoped.get(pk=session.pk)


def lay_out(session: Session) -> None:
    session.agenda.all().delete()
    names = ("part", "title", "presenter_name", "method", "note", "minutes")
    for position, told in enumerate(AGENDA, start=1):
        AgendaBlock.unscoped.create(session=session, position=position, **dict(zip(names, told, strict=True)))


def adopted(session: Session, kind: str = PaperKind.MINUTES) -> AdoptedPaper:
    seen = adopting.digest(adopting.draft(session, kind))
    actor = UserFactory(full_name="Nguyễn Thị Ánh")
    return adopting.adopt(session, kind, seen=seen, with_number=True, actor=actor)
