"""The levels with which every installation begins; its administrator changes them."""

import datetime as dt

from speakers.models import Level

FOUNDED = dt.date(1930, 2, 3)
REGULATION = "Quy chế 973-QĐ/BTGTW ngày 15/12/2021"
TWO_LEVELS = "Mô hình chính quyền địa phương hai cấp từ ngày 01/7/2025; tên gọi ở địa phương cần đối chiếu"
LEVELS = (
    (Level.CENTRAL, FOUNDED, None, REGULATION),
    (Level.PROVINCE, FOUNDED, None, REGULATION),
    (Level.DISTRICT, FOUNDED, dt.date(2025, 6, 30), f"{REGULATION}; cấp huyện kết thúc ngày 30/6/2025"),
    (Level.COMMUNE, dt.date(2025, 7, 1), None, TWO_LEVELS),
    (Level.GRASSROOTS, FOUNDED, None, f"{REGULATION}: cơ sở có tuyên truyền viên"),
    (Level.CELL, FOUNDED, None, "Chi bộ tự lập đội, tổ nòng cốt"),
)


def seed(apps) -> None:
    spans = apps.get_model("speakers", "LevelSpan")
    known = set(spans._base_manager.values_list("level", flat=True))
    spans._base_manager.bulk_create(
        spans(level=level, first_day=first_day, last_day=last_day, source=source)
        for level, first_day, last_day, source in LEVELS
        if level not in known
    )
