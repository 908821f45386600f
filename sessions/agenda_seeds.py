"""The agendas with which every installation begins (domain.md 1.1, "Order of a session"); cells keep their own."""

import datetime as dt

from sessions.models import Part, SessionKind

SINCE = dt.date(2018, 7, 6)
SOURCE = "Hướng dẫn 12-HD/BTCTW ngày 06/7/2018; Hướng dẫn 42-HD/BTCTW ngày 28/10/2025"

OPENING = (
    (Part.OPENING, "Nêu mục đích, cử thư ký, điểm danh", 5),
    (Part.OPENING, "Tình hình đóng đảng phí, thông qua chương trình", 5),
)
MINUTES_READ = (Part.CLOSING, "Tự đánh giá chất lượng buổi sinh hoạt, thông qua biên bản", 5)
CONCLUDING = "Kết luận, giao nhiệm vụ, biểu quyết nghị quyết"


def regular(news: int, review: int, state: int, tasks: int, discussion: int):
    yield Part.REGULAR, "Thông tin thời sự, phổ biến văn bản mới", news
    yield Part.REGULAR, "Đánh giá thực hiện nghị quyết tháng trước", review
    yield Part.REGULAR, "Tình hình tư tưởng và công tác của chi bộ", state
    yield Part.REGULAR, "Nhiệm vụ tháng tới", tasks
    if discussion:
        yield Part.REGULAR, "Thảo luận", discussion


def thematic(presenting: int, comments: int, answers: int):
    yield Part.THEMATIC, "Trình bày chuyên đề", presenting
    yield Part.THEMATIC, "Đảng viên góp ý, nêu câu hỏi", comments
    yield Part.THEMATIC, "Người chuẩn bị trả lời, tiếp thu", answers
    yield Part.THEMATIC, "Chủ trì kết luận chuyên đề", 5


AGENDAS = {
    SessionKind.REGULAR: (*OPENING, *regular(20, 15, 15, 10, 10), (Part.CLOSING, CONCLUDING, 5), MINUTES_READ),
    SessionKind.THEMATIC: (*OPENING, *thematic(30, 25, 10), (Part.CLOSING, CONCLUDING, 5), MINUTES_READ),
    SessionKind.COMBINED: (
        *OPENING,
        *regular(15, 10, 15, 10, 0),
        *thematic(20, 15, 5),
        (Part.CLOSING, CONCLUDING, 10),
        MINUTES_READ,
    ),
    SessionKind.EXTRAORDINARY: (
        *OPENING,
        (Part.REGULAR, "Nội dung cần giải quyết", 30),
        (Part.REGULAR, "Thảo luận", 15),
        (Part.CLOSING, CONCLUDING, 5),
    ),
}


def seed(apps) -> None:
    """Fills the table if it is empty, and touches nothing that somebody has written."""
    templates = apps.get_model("cell_sessions", "AgendaTemplate")._base_manager
    if templates.exists():
        return
    blocks = apps.get_model("cell_sessions", "AgendaTemplateBlock")
    for kind, items in AGENDAS.items():
        template = templates.create(kind=kind, first_day=SINCE, source=SOURCE)
        blocks._base_manager.bulk_create(
            blocks(template=template, position=position, part=part, title=title, planned_minutes=minutes)
            for position, (part, title, minutes) in enumerate(items, 1)
        )
