"""The rating sheets with which every installation begins (domain.md 1.2); its administrator copies and changes them.

The weights of groups and the sub-scales are of two localities, whose sheets differ: that is why sheets are data.
Where the split of a group into lines is ours, the sheet says "cần kiểm tra lại".
"""

import datetime as dt

from sessions.models import Measure, SessionKind, Sureness
from sessions.seeding import HD_12, HD_42

OLD, NEW = (dt.date(2018, 7, 6), dt.date(2025, 10, 27)), (dt.date(2025, 10, 28), None)
ALL_KINDS = [SessionKind.REGULAR, SessionKind.THEMATIC, SessionKind.COMBINED]
LEVELS = [
    {"name": "Tốt", "from": "90"},
    {"name": "Khá", "from": "70"},
    {"name": "Trung bình", "from": "50"},
    {"name": "Kém", "from": "0"},
]

DURATION, ATTENDANCE, PREPARATION = "Thời lượng", "Tham dự", "Chuẩn bị"
HOLDING, CONDUCT, PRINCIPLES = "Tổ chức buổi sinh hoạt", "Chủ trì, thư ký", "Nguyên tắc sinh hoạt đảng"
RESULTS, CLOSING = "Kết quả", "Kết thúc"


def band(points, quantity="", op="", value="") -> dict:
    found = {"points": str(points)}
    return found | {"quantity": quantity, "op": op, "value": str(value)} if op else found


DURATION_BANDS = [
    band(5, "short", "<=", 0),
    band(4, "short", "<=", 15),
    band(3, "short", "<=", 30),
    band(2, "percent", ">=", 50),
    band(1),
]
ATTENDANCE_BANDS = [
    band(1, "unexcused", ">", 0),
    band(4, "percent", ">=", 90),
    band(3, "percent", ">=", 75),
    band(2, "percent", ">=", 65),
    band(1),
]
SPOKE_BANDS = [
    band(5, "percent", ">", 50),
    band(4, "percent", ">=", 40),
    band(3, "percent", ">=", 30),
    band(2),
]


def nobody(points) -> list[dict]:
    return [band(points, "number", "<=", 0), band(0)]


def done(points) -> list[dict]:
    return [band(points, "number", ">", 0), band(0)]


def in_time(points, days=1) -> list[dict]:
    return [band(points, "days", ">=", days), band(0)]


LARGE_CELLS = {"large": {"members": 30, "minutes": 120}}  # a local rule
AN_PHU = (
    (DURATION, "Bảo đảm thời lượng sinh hoạt", 5, Measure.DURATION, DURATION_BANDS, False, LARGE_CELLS),
    (ATTENDANCE, "Tỷ lệ đảng viên tham dự, không ai vắng không lý do", 4, Measure.ATTENDANCE, ATTENDANCE_BANDS),
    (ATTENDANCE, "Không ai vắng có lý do quá 3 lần liên tiếp trong năm", 1, Measure.STREAK, nobody(1)),
    (PREPARATION, "Chi ủy thống nhất nội dung, chuẩn bị dự thảo nghị quyết", 6, "", []),
    (PREPARATION, "Gửi tài liệu cho đảng viên trước buổi sinh hoạt", 4, Measure.MATERIALS, in_time(4)),
    (HOLDING, "Thực hiện đủ nội dung, trình tự; phần định kỳ và chuyên đề rõ ràng", 15, "", []),
    (HOLDING, "Thảo luận đúng trọng tâm, dân chủ, thẳng thắn", 10, "", []),
    (HOLDING, "Tỷ lệ đảng viên phát biểu ý kiến", 5, Measure.PARTICIPATION, SPOKE_BANDS),
    (CONDUCT, "Chủ trì điều hành, gợi mở, kết luận rõ", 6, "", []),
    (CONDUCT, "Thư ký ghi đủ nội dung và kết luận", 4, Measure.MINUTES, done(4)),
    (PRINCIPLES, "Tập trung dân chủ, tự phê bình và phê bình, đoàn kết", 5, "", []),
    (RESULTS, "Hoàn thành nghị quyết và nhiệm vụ tháng trước", 15, "", []),
    (RESULTS, "Nhiệm vụ tháng tới rõ người, rõ việc, rõ thời hạn", 15, "", []),
    (CLOSING, "Thông qua nghị quyết, biên bản; đánh giá buổi sinh hoạt", 5, "", []),
)
CAM_LE = (
    (DURATION, "Bảo đảm thời lượng sinh hoạt", 5, Measure.DURATION, DURATION_BANDS),
    (
        ATTENDANCE,
        "Tỷ lệ đảng viên tham dự, không ai vắng không lý do",
        5,
        Measure.ATTENDANCE,
        [
            band(1, "unexcused", ">", 0),
            band(5, "percent", ">=", 90),
            band(4, "percent", ">=", 75),
            band(2, "percent", ">=", 65),
            band(1),
        ],
    ),
    (PREPARATION, "Chi ủy thống nhất nội dung, phân công chuẩn bị", 5, "", []),
    (PREPARATION, "Gửi tài liệu cho đảng viên trước buổi sinh hoạt", 5, Measure.MATERIALS, in_time(5)),
    (HOLDING, "Thực hiện đủ nội dung, trình tự buổi sinh hoạt", 15, "", []),
    (HOLDING, "Chủ trì điều hành, kết luận rõ", 10, "", []),
    (HOLDING, "Tỷ lệ đảng viên phát biểu ý kiến", 5, Measure.PARTICIPATION, SPOKE_BANDS),
    (HOLDING, "Ghi đủ nội dung và kết luận", 10, Measure.MINUTES, done(10)),
    (PRINCIPLES, "Tập trung dân chủ, tự phê bình và phê bình, đoàn kết", 5, "", []),
    (RESULTS, "Hoàn thành nghị quyết và nhiệm vụ tháng trước", 15, "", []),
    (RESULTS, "Nhiệm vụ tháng tới rõ người, rõ việc, rõ thời hạn", 15, "", []),
    (CLOSING, "Thông qua nghị quyết, biên bản; đánh giá buổi sinh hoạt", 5, "", []),
)
NEEDED = True
SHEET_OF_2018 = (
    (DURATION, "Bảo đảm thời lượng sinh hoạt", 10, Measure.DURATION, [band(10, "short", "<=", 0), band(5)], NEEDED),
    (
        ATTENDANCE,
        "Tỷ lệ đảng viên tham dự trên 85 %",
        10,
        Measure.ATTENDANCE,
        [band(10, "percent", ">", 85), band(7, "percent", ">=", 75), band(3)],
        NEEDED,
    ),
    (ATTENDANCE, "Không ai vắng không lý do", 5, Measure.UNEXCUSED, nobody(5)),
    (ATTENDANCE, "Không ai vắng có lý do quá 3 lần liên tiếp trong năm", 5, Measure.STREAK, nobody(5)),
    (PREPARATION, "Chuẩn bị nội dung trước buổi sinh hoạt", 10, "", []),
    (HOLDING, "Thực hiện đủ nội dung, trình tự buổi sinh hoạt", 20, "", []),
    (
        HOLDING,
        "Tỷ lệ đảng viên phát biểu ý kiến",
        10,
        Measure.PARTICIPATION,
        [band(10, "percent", ">", 50), band(7, "percent", ">=", 40), band(5, "percent", ">=", 30), band(2)],
        NEEDED,
    ),
    (HOLDING, "Ghi biên bản đầy đủ", 10, Measure.MINUTES, done(10), NEEDED),
    (RESULTS, "Kết quả thực hiện nghị quyết, nhiệm vụ", 20, "", []),
)

# name, issuer, source, sureness, days, lines. Of two in force in the same place the first one is the usual one.
RUBRICS = (
    (
        "Phiếu tự đánh giá 100 điểm (mẫu An Phú)",
        "Đảng ủy phường An Phú, TP. Hồ Chí Minh",
        f"{HD_42}; thang điểm của địa phương, cách chia trong từng nhóm cần đối chiếu",
        Sureness.MEDIUM,
        NEW,
        AN_PHU,
    ),
    (
        "Phiếu tự đánh giá 100 điểm (mẫu Cẩm Lệ)",
        "Đảng ủy phường Cẩm Lệ, Đà Nẵng",
        f"{HD_42}; điểm từng nhóm của địa phương, cách chia trong nhóm cần đối chiếu",
        Sureness.MEDIUM,
        NEW,
        CAM_LE,
    ),
    (
        "Phiếu tự đánh giá theo Hướng dẫn 12",
        "Ban Tổ chức Trung ương",
        f"{HD_12}; điểm từng tiêu chí là điểm mẫu, cần đối chiếu phiếu của địa phương",
        Sureness.LOW,
        OLD,
        SHEET_OF_2018,
    ),
)


def seed(apps) -> None:
    """Fills tables that are empty, and touches none that somebody has written in."""
    rubrics = apps.get_model("cell_sessions", "Rubric")._base_manager
    if rubrics.exists():
        return
    criteria = apps.get_model("cell_sessions", "Criterion")
    for name, issuer, source, sureness, (first_day, last_day), lines in RUBRICS:
        rubric = rubrics.create(
            name=name,
            issuer=issuer,
            source=source,
            sureness=sureness,
            kinds=ALL_KINDS,
            levels=LEVELS,
            first_day=first_day,
            last_day=last_day,
        )
        criteria._base_manager.bulk_create(
            criteria(rubric=rubric, position=position, **line_of(*line)) for position, line in enumerate(lines, 1)
        )


def line_of(group, title, points, measure, bands, needed=False, settings=None) -> dict:
    return {
        "group": group,
        "title": title,
        "max_points": points,
        "measure": measure,
        "bands": bands,
        "settings": settings or {},
        "needed_for_best": needed,
    }
