"""The national rules, holidays and methods with which every installation begins; its administrator changes them.

What is not certain says so itself (`sureness`), and the pages show it.
"""

import datetime as dt

from sessions.models import RuleSubject, Shift, Sureness

SURE, FAIRLY, CHECK = Sureness.HIGH, Sureness.MEDIUM, Sureness.LOW
HD_12 = "Hướng dẫn 12-HD/BTCTW ngày 06/7/2018"
HD_42 = "Hướng dẫn 42-HD/BTCTW ngày 28/10/2025"
CT_50 = "Chỉ thị 50-CT/TW ngày 23/7/2025"
OLD, NEW = (dt.date(2018, 7, 6), dt.date(2025, 10, 27)), (dt.date(2025, 10, 28), None)

# subject, number, (first day, last day), source, sureness, cells may differ
NATIONAL = (
    (RuleSubject.MINUTES_REGULAR, 90, OLD, HD_12, SURE, False),
    (RuleSubject.MINUTES_THEMATIC, 90, OLD, HD_12, FAIRLY, False),
    (RuleSubject.THEMATIC_PER_QUARTER, 1, OLD, HD_12, FAIRLY, False),
    (
        RuleSubject.SESSION_DAY,
        3,
        (dt.date(2025, 7, 23), None),
        f"{CT_50}; cách dời khi trùng ngày nghỉ cần đối chiếu",
        FAIRLY,
        True,
    ),
    (RuleSubject.MINUTES_REGULAR, 90, NEW, HD_42, FAIRLY, False),
    (RuleSubject.MINUTES_THEMATIC, 90, NEW, HD_42, FAIRLY, False),
    (RuleSubject.MINUTES_COMBINED, 120, NEW, HD_42, FAIRLY, False),
    (RuleSubject.THEMATIC_PER_QUARTER, 1, NEW, f"{CT_50}; {HD_42}", SURE, False),
    (RuleSubject.MATERIALS_DAYS, 1, NEW, HD_42, FAIRLY, False),
    (RuleSubject.RESULT_DAYS, 2, NEW, HD_42, FAIRLY, False),
)

METHODS = (
    "thuyết trình",
    "kể chuyện",
    "sân khấu hóa",
    "trình chiếu",
    "tham quan",
    "tọa đàm, thảo luận",
    "xem phim tư liệu",
)

NEW_YEAR, TET, KINGS = "Tết Dương lịch", "Tết Nguyên đán", "Giỗ Tổ Hùng Vương"
VICTORY, LABOUR, NATIONAL_DAY = "Ngày Chiến thắng 30/4", "Quốc tế Lao động 1/5", "Quốc khánh"
CULTURE = "Ngày Văn hóa Việt Nam"
IN_LIEU, EXCHANGED = "nghỉ bù", "hoán đổi"
LABOUR_CODE = "Bộ luật Lao động, Điều 112"
ANNOUNCED = "Thông báo lịch nghỉ lễ, Tết năm {year} cho cán bộ, công chức"
EXPECTED = "Suy theo Bộ luật Lao động, chưa đối chiếu thông báo chính thức"

# "dd/mm" or "dd/mm-dd/mm" of the year before them; days in lieu, and exchanged for a Saturday, as they were announced.
HOLIDAYS = {
    2020: [("01/01", NEW_YEAR), ("23/01-29/01", TET), ("02/04", KINGS), ("02/09", NATIONAL_DAY)],
    2021: [
        *[("01/01", NEW_YEAR), ("10/02-16/02", TET), ("21/04", KINGS)],
        *[("03/05", f"{LABOUR} ({IN_LIEU})"), ("02/09-03/09", NATIONAL_DAY)],
    ],
    2022: [
        *[("01/01", NEW_YEAR), ("03/01", f"{NEW_YEAR} ({IN_LIEU})"), ("31/01-04/02", TET)],
        *[("10/04", KINGS), ("11/04", f"{KINGS} ({IN_LIEU})")],
        *[("02/05-03/05", f"{VICTORY} và 1/5 ({IN_LIEU})"), ("01/09-02/09", NATIONAL_DAY)],
    ],
    2023: [
        *[("01/01", NEW_YEAR), ("02/01", f"{NEW_YEAR} ({IN_LIEU})"), ("20/01-26/01", TET)],
        *[("29/04", KINGS), ("02/05-03/05", f"{KINGS} và 30/4 ({IN_LIEU})")],
        *[("01/09-02/09", NATIONAL_DAY), ("04/09", f"{NATIONAL_DAY} ({IN_LIEU})")],
    ],
    2024: [
        *[("01/01", NEW_YEAR), ("08/02-14/02", TET), ("18/04", KINGS)],
        *[("29/04", f"{VICTORY} ({EXCHANGED})"), ("02/09-03/09", NATIONAL_DAY)],
    ],
    2025: [
        *[("01/01", NEW_YEAR), ("27/01-31/01", TET), ("07/04", KINGS)],
        *[("02/05", f"{LABOUR} ({EXCHANGED})"), ("01/09-02/09", NATIONAL_DAY)],
    ],
    2026: [
        *[("01/01", NEW_YEAR), ("02/01", f"{NEW_YEAR} ({EXCHANGED})"), ("16/02-20/02", TET)],
        *[("26/04", KINGS), ("27/04", f"{KINGS} ({IN_LIEU})")],
        *[("31/08", f"{NATIONAL_DAY} ({EXCHANGED})"), ("01/09-02/09", NATIONAL_DAY), ("24/11", CULTURE)],
    ],
    2027: [
        *[("01/01", NEW_YEAR), ("05/02-09/02", TET), ("10/02-11/02", f"{TET} ({IN_LIEU})"), ("16/04", KINGS)],
        *[("03/05", f"{LABOUR} ({IN_LIEU})"), ("02/09-03/09", NATIONAL_DAY), ("24/11", CULTURE)],
    ],
}
EVERY_YEAR = [("30/04", VICTORY), ("01/05", LABOUR)]
# The days that the law itself names. The second day of the National Day is announced each year, exchanges too.
BY_LAW = {NEW_YEAR, KINGS, VICTORY, LABOUR}
NOT_YET_ANNOUNCED = 2027


def seed(apps) -> None:
    """Fills tables that are empty, and touches none that somebody has written in."""
    write(apps.get_model("cell_sessions", "SessionRule"), national_rules())
    write(apps.get_model("cell_sessions", "Holiday"), holidays())
    methods = ({"name": name, "position": position} for position, name in enumerate(METHODS, 1))
    write(apps.get_model("cell_sessions", "ThemeMethod"), methods)


def write(model, rows) -> None:
    if not model._base_manager.exists():
        model._base_manager.bulk_create(model(**row) for row in rows)


def national_rules():
    for subject, number, (first_day, last_day), source, sureness, cells_may_differ in NATIONAL:
        yield {
            "subject": subject,
            "number": number,
            "shift": Shift.NEXT if subject == RuleSubject.SESSION_DAY else "",
            "cells_may_differ": cells_may_differ,
            "source": source,
            "sureness": sureness,
            "first_day": first_day,
            "last_day": last_day,
        }


def holidays():
    for year, entries in HOLIDAYS.items():
        for days, name in [*entries, *EVERY_YEAR]:
            source, sureness = ground_of(name, year)
            for day in days_of(days, year):
                yield {"day": day, "name": name, "source": source, "sureness": sureness}


def ground_of(name: str, year: int) -> tuple[str, str]:
    if name == CULTURE:
        return "Nghị quyết 80-NQ/TW ngày 07/01/2026; chưa đối chiếu luật sửa đổi", CHECK
    if name in BY_LAW:
        return LABOUR_CODE, SURE
    if year == NOT_YET_ANNOUNCED:
        return EXPECTED, CHECK
    return ANNOUNCED.format(year=year), FAIRLY


def days_of(days: str, year: int):
    first, _dash, last = days.partition("-")
    day, end = (dt.datetime.strptime(f"{text}/{year}", "%d/%m/%Y").date() for text in (first, last or first))  # noqa: DTZ007
    while day <= end:
        yield day
        day += dt.timedelta(days=1)
