"""The small sample: the history told by the sources, then running months up to the day."""

import datetime as dt
from collections.abc import Iterator
from datetime import date

from cells.models import Estimate, Standing, Status
from reports.sample import demo, small_speakers, small_studies, small_tree
from reports.sample.content import Content
from reports.sample.demo import DEMO_CELL
from reports.sample.meetings import Sitting, all_present, held, planned, running_batches
from reports.sample.rosters import Rosters, covers
from sessions.models import Session, SessionKind

SEED = "small"
FIRST_TODAY = date(2026, 10, 1)  # its history ends with the reorganisation of 30/09/2026

# Six themes of the cell of Ban Dân vận in 2021, shortened.
THEMES_2021 = [
    (date(2021, 2, 5), "Đổi mới công tác dân vận chính quyền"),
    (date(2021, 4, 6), "Tấm gương làm việc trách nhiệm, khoa học, đổi mới của Bác Hồ"),
    (date(2021, 6, 4), "Dân vận gắn với thực hiện nghị quyết đại hội đảng các cấp"),
    (date(2021, 8, 5), "Triển khai Nghị quyết số 35-NQ/TW về bảo vệ nền tảng tư tưởng của Đảng"),
    (date(2021, 10, 5), "Học và làm theo Bác về ý chí tự lực, tự cường, khát vọng phát triển"),
    (date(2021, 12, 3), "Công tác dân vận ở một số đơn vị trong tỉnh"),
]
# Three themes of the culture department's cells in 2022, one a quarter.
THEMES_2022 = [
    (date(2022, 2, 22), "Giữ gìn tác phong, kỷ luật trong cuộc họp"),
    (date(2022, 5, 24), "Ứng xử văn hóa với đồng nghiệp"),
    (date(2022, 8, 23), "Xây dựng gia đình, xóm làng văn hóa"),
]
CULTURE_SIZES = [15, 12, 11, 14, 13, 26, 12, 15, 13, 14, 13]  # 158 members, "gần 160"
SIZES = {
    "M-BTC": 12,
    "M-PN": 21,
    "M-VP": 19,
    "M-UBKT": 11,
    "M-CTN-VP": 9,
    "M-CTN-SX": 14,
    "M-CTN-MS": 12,
    "M-H-CQ": 24,
    "M-H-UB": 26,
}


def plan(today: dt.date) -> Content:
    tree = small_tree.grow()
    rosters = Rosters(SEED, tree)
    content = Content(tree, rosters, demo.Places(neighbour="M-BTC", committee="M-DCQ", top="M-TINH"))
    content.faces = demo.introduce(rosters)
    staff_demo_cell(rosters, today)
    staff_cells(rosters)
    rosters.follow_mergers()
    vary(rosters, [person.code for person in content.faces.values()], today)
    small_speakers.appoint(content)
    small_studies.add(content, today)
    content.batches = batches(rosters, today)
    return content


def staff_demo_cell(rosters: Rosters, today: dt.date) -> None:
    """14 members through all of 2021; one moved to a village in 2024, and a probationary one came instead."""
    rosters.staff(DEMO_CELL, 9, date(2016, 1, 4), date(2020, 11, 30))
    retired = rosters.join(DEMO_CELL, date(2015, 3, 2))
    rosters.transfer(retired, "M-X1-T1", date(2024, 6, 1))
    rosters.join(DEMO_CELL, today - dt.timedelta(days=150), standing=Standing.PROBATIONARY)
    # Away from the neighbouring cell and hosted here, in days long past.
    lent = rosters.join("M-BTC", date(2017, 5, 3))
    rosters.lend(lent, DEMO_CELL, date(2022, 3, 1), date(2022, 8, 31))


def staff_cells(rosters: Rosters) -> None:
    tree = rosters.tree
    culture = [code for code in tree.cells() if code.startswith("M-VH-")]
    sizes = SIZES | dict(zip(culture, CULTURE_SIZES, strict=True))
    for code in tree.cells():
        if code == DEMO_CELL or tree.first_day(code) != small_tree.BEGINNING:
            continue
        count = sizes.get(code) or rosters.random.randint(5, 13)
        rosters.staff(code, count, small_tree.BEGINNING, date(2021, 12, 1))


def vary(rosters: Rosters, faces: list[str], today: dt.date) -> None:
    """What makes denominators interesting: exempt, away and hosted, suspended, on special duty, probationary, left."""
    for code in rosters.tree.cells():
        if code == DEMO_CELL or not rosters.tree.is_in_force(code, today):
            continue
        settled = [
            span
            for span in rosters.spans[code]
            if covers(span, today) and span.first_day < date(2024, 1, 1) and span.person.code not in faces
        ]
        if len(settled) >= 9:
            oldest = min(settled, key=lambda span: span.person.birth_year or span.person.birth_date.year)
            rosters.change(oldest, date(2025, 1, 1) + dt.timedelta(days=rosters.random.randrange(300)), Status.EXEMPT)
        if rosters.random.random() < 0.3:
            admit(rosters, code, today)
    lent, suspended, *_ = [
        span
        for span in rosters.spans["M-BTC"]
        if span.last_day is None and span.status == Status.ACTIVE and span.person.code not in faces
    ]
    rosters.lend(lent, "M-PN", today - dt.timedelta(days=100))
    rosters.change(suspended, today - dt.timedelta(days=25), Status.SUSPENDED)
    rosters.join("M-PN", today - dt.timedelta(days=60), status=Status.HOSTED)  # from an organisation not kept here
    guard = next(span for span in rosters.spans["M-UBKT"] if span.last_day is None and span.status == Status.ACTIVE)
    rosters.change(guard, today - dt.timedelta(days=200), Status.SPECIAL_DUTY)


def admit(rosters: Rosters, cell: str, today: dt.date) -> None:
    """A new member, probationary for a year: still so, or official by now."""
    admitted = max(
        today - dt.timedelta(days=rosters.random.randint(30, 600)), rosters.tree.first_day(cell), date(2023, 1, 1)
    )
    span = rosters.join(cell, admitted, standing=Standing.PROBATIONARY)
    becomes_official = admitted + dt.timedelta(days=365)
    if becomes_official <= today:
        rosters.change(span, becomes_official, standing=Standing.OFFICIAL)


def batches(rosters: Rosters, today: dt.date) -> Iterator[list[Sitting]]:
    yield fixed_sittings(rosters)
    yield from running_batches(SEED, rosters, DEMO_CELL, today)


def fixed_sittings(rosters: Rosters) -> list[Sitting]:
    cells = rosters.tree.organisations
    sittings = []
    for day, theme in THEMES_2021:
        sitting = planned(cells[DEMO_CELL], day, SessionKind.THEMATIC, theme)
        sittings.append(held(sitting, all_present(rosters, DEMO_CELL, day)))
    for day, theme in THEMES_2022:
        for code in rosters.tree.cells():
            if code.startswith("M-VH-"):
                sitting = planned(cells[code], day, SessionKind.THEMATIC, theme)
                sittings.append(held(sitting, all_present(rosters, code, day), minutes=120))
                if (code, day.month) == ("M-VH-NT", 8):
                    # A performance toured the districts: the head count is the source's estimate.
                    sitting.session.guests, sitting.session.guests_estimate = 5300, Estimate.ABOUT
    day = date(2025, 3, 4)  # the cell meets about its new name
    sittings.append(
        held(planned(cells[DEMO_CELL], day, SessionKind.EXTRAORDINARY), all_present(rosters, DEMO_CELL, day))
    )
    sittings.append(
        planned(cells["M-BTC"], date(2026, 9, 16), SessionKind.EXTRAORDINARY, state=Session.State.CANCELLED)
    )
    return sittings
