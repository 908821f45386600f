"""The rules about what is owed with which every installation begins; its administrator changes them.

What is not certain, or is set locally, says so itself (`sureness`), and the pages show it.
"""

import datetime as dt

from reports.obligations.models import LAST_OF_MONTH, Subject
from sessions.models import Sureness
from sessions.seeding import CT_50, HD_12, HD_42

SURE, FAIRLY, CHECK = Sureness.HIGH, Sureness.MEDIUM, Sureness.LOW
CELLS = ["grassroots_cell", "cell"]
WITH_STANDING = ["province", "bloc", "district", "commune", "grassroots_committee"]
GRASSROOTS = ["grassroots_committee", "grassroots_cell"]
CHARTER = dt.date(2011, 1, 19)
SINCE_HD_12, SINCE_HD_42 = dt.date(2018, 7, 6), dt.date(2025, 10, 28)
REGULATION = dt.date(2021, 12, 15)
PROGRAMME = dt.date(2021, 1, 1)
DEADLINES = dt.date(2026, 10, 1)  # the first quarter that a new installation asks a report for

LOCAL = "Quy chế làm việc của từng nơi; mốc ngày theo ví dụ Công văn 15-CV/ĐU ngày 24/9/2010, cần đối chiếu"
TO_EXECUTIVE = (
    "Chương trình 11-CTr/ĐUK: hằng năm Ban Thường vụ báo cáo Ban Chấp hành, không nêu ngày. "
    "Hạn 31/01 năm sau là mốc đặt sẵn; cần đối chiếu quy chế từng nơi"
)
SPEAKERS_RULES = "Quy chế 973-QĐ/BTGTW ngày 15/12/2021; kỳ hạn khai ở sổ tuyên giáo của từng nơi"

RULES = (
    {
        "subject": Subject.REGULAR,
        "kinds": CELLS,
        "months": 1,
        "days_ahead": 7,
        "source_note": "Điều lệ Đảng; ngày sinh hoạt theo Quy định về sinh hoạt",
        "first_day": CHARTER,
    },
    {
        "subject": Subject.THEMATIC,
        "kinds": CELLS,
        "months": 3,
        "days_ahead": 30,
        "source_note": f"{HD_12}; nay là {HD_42} và {CT_50}",
        "first_day": SINCE_HD_12,
    },
    {"subject": Subject.MATERIALS, "kinds": CELLS, "source_note": HD_42, "sureness": FAIRLY, "first_day": SINCE_HD_42},
    {"subject": Subject.RESULT, "kinds": CELLS, "source_note": HD_42, "sureness": FAIRLY, "first_day": SINCE_HD_42},
    {
        "subject": Subject.CONFERENCE,
        "kinds": GRASSROOTS,
        "months": 3,
        "days_ahead": 30,
        "source_note": "Chương trình 11-CTr/ĐUK (Thanh Hóa, nhiệm kỳ 2020–2025); nơi khác cần đối chiếu",
        "sureness": CHECK,
        "first_day": PROGRAMME,
    },
    *(
        {
            "subject": subject,
            "days_ahead": 14,
            "source_note": SPEAKERS_RULES,
            "sureness": FAIRLY,
            "first_day": REGULATION,
        }
        for subject in (Subject.MEETING, Subject.BRIEFING, Subject.TRAINING, Subject.REVIEW)
    ),
    {
        "subject": Subject.EXPIRING,
        "days_ahead": 60,
        "source_note": "Quy chế 973-QĐ/BTGTW ngày 15/12/2021: công nhận có thời hạn",
        "sureness": FAIRLY,
        "first_day": REGULATION,
    },
    {
        "subject": Subject.FOLLOW_UP,
        "days_ahead": 14,
        "source_note": "Kế hoạch học tập, quán triệt của từng nghị quyết",
        "first_day": REGULATION,
    },
    {
        "subject": Subject.REPORT,
        "months": 3,
        "due_day": 20,
        "days_ahead": 10,
        "source_note": LOCAL,
        "sureness": CHECK,
        "first_day": DEADLINES,
    },
    {
        "subject": Subject.REPORT,
        "kinds": GRASSROOTS,
        "months": 6,
        "due_day": LAST_OF_MONTH,
        "days_ahead": 15,
        "source_note": "Chương trình 11-CTr/ĐUK: báo cáo 6 tháng về Ban Thường vụ, qua Ban Tuyên giáo; cần đối chiếu",
        "sureness": CHECK,
        "first_day": DEADLINES,
    },
    {
        "subject": Subject.REPORT,
        "kinds": GRASSROOTS,
        "months": 12,
        "due_day": LAST_OF_MONTH,
        "days_ahead": 15,
        "source_note": "Chương trình 11-CTr/ĐUK: báo cáo năm về Ban Thường vụ, qua Ban Tuyên giáo; cần đối chiếu",
        "sureness": CHECK,
        "first_day": DEADLINES,
    },
    {
        "subject": Subject.EXECUTIVE,
        "kinds": WITH_STANDING,
        "months": 12,
        "due_month": 1,
        "due_day": LAST_OF_MONTH,
        "days_ahead": 30,
        "source_note": TO_EXECUTIVE,
        "sureness": CHECK,
        "first_day": DEADLINES,
    },
)


def seed(apps) -> None:
    """Fills a table that is empty, and touches none that somebody has written in."""
    rules = apps.get_model("reports", "ObligationRule")
    if not rules._base_manager.exists():
        rules._base_manager.bulk_create(rules(**row) for row in RULES)
