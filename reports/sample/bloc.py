"""The bloc sample: a province bloc as large as the one of the sources, with 24 months of sessions."""

import datetime as dt
import random
from collections.abc import Iterator
from datetime import date, time

from cells.models import Kind, OrganisationFunction, Standing, Status, Term
from reports.sample import demo, documents
from reports.sample.content import Content
from reports.sample.demo import DEMO_CELL
from reports.sample.meetings import Sitting, months_up_to, running_batches
from reports.sample.rosters import Rosters
from reports.sample.tree import MARK, ONE_DAY, Tree
from resolutions.models import Mode, ReceivingSite, StudyConference
from speakers.models import Level, SpeakerAppointment, SpeakerKind

SEED = "bloc"
FIRST_TODAY = date(2023, 1, 1)
SINCE, COUNTED = date(2020, 2, 28), date(2020, 12, 31)
DECISION = "3638-QĐ/TU 28/02/2020"
ROOT = "M-KHOI"

COMMITTEES, GRASSROOTS_CELLS, SECTIONS, CELLS, MEMBERS = 121, 56, 23, 1274, 15463
CELLS_OF_FIRST = 30
FEWEST_CELLS, FEWEST_MEMBERS = 3, 4
DEMO_CELLS = {
    DEMO_CELL: "Chi bộ Ban Dân vận Tỉnh ủy",
    "M-BTC": "Chi bộ Ban Tổ chức Tỉnh ủy",
    "M-PN": "Chi bộ Hội Liên hiệp Phụ nữ tỉnh",
}
DEMO_CELL_MEMBERS = 14

BODIES = [
    "Sở",
    "Chi cục",
    "Trung tâm",
    "Công ty Cổ phần",
    "Công ty TNHH",
    "Ban Quản lý",
    "Bệnh viện",
    "Trường Cao đẳng",
]
FIELDS = [
    "Nông nghiệp",
    "Xây dựng",
    "Giao thông",
    "Công thương",
    "Y tế",
    "Giáo dục",
    "Tài nguyên",
    "Thủy lợi",
    "Lâm nghiệp",
    "Du lịch",
    "Điện lực",
    "Cấp nước",
    "Môi trường",
    "Khoáng sản",
    "Dệt may",
    "Bưu chính",
]
ROOMS = [
    "Văn phòng",
    "Phòng Tổ chức",
    "Phòng Tài chính",
    "Phòng Kế hoạch",
    "Phòng Kỹ thuật",
    "Phòng Nghiệp vụ",
    "Thanh tra",
    "Ban Dự án",
    "Xưởng Cơ khí",
    "Trạm Dịch vụ",
    "Đội Thi công",
    "Tổ Vận hành",
]


def plan(today: dt.date) -> Content:
    tree = grow()
    rosters = Rosters(SEED, tree)
    content = Content(tree, rosters, demo.Places(neighbour="M-BTC", committee=ROOT, top=ROOT))
    content.faces = demo.introduce(rosters)
    staff(rosters)
    vary(rosters, today)
    add_bodies(content)
    documents.add(content)
    appoint(content)
    add_conferences(content, today)
    content.batches = batches(rosters, today)
    return content


def batches(rosters: Rosters, today: dt.date) -> Iterator[list[Sitting]]:
    return running_batches(SEED, rosters, DEMO_CELL, today)


def grow() -> Tree:
    tree = Tree()
    tree.put(ROOT, "Đảng bộ Khối Cơ quan và Doanh nghiệp tỉnh (dữ liệu mẫu)", Kind.BLOC, None, SINCE, DECISION)
    names = unit_names()
    for code, name in DEMO_CELLS.items():
        tree.put(code, name, Kind.GRASSROOTS_CELL, ROOT, SINCE)
    for number in range(len(DEMO_CELLS) + 1, GRASSROOTS_CELLS + 1):
        tree.put(f"M-C{number:03d}", f"Chi bộ {next(names)}", Kind.GRASSROOTS_CELL, ROOT, SINCE)
    committees = [f"M-D{number:03d}" for number in range(1, COMMITTEES + 1)]
    for code in committees:
        tree.put(code, f"Đảng bộ {next(names)}", Kind.GRASSROOTS_COMMITTEE, ROOT, SINCE)
    sections = [f"M-P{number:03d}" for number in range(1, SECTIONS + 1)]
    for number, code in enumerate(sections):
        # Two sections each in every fifth committee.
        parent = committees[2 + number // 2 * 5]
        name = f"Đảng bộ bộ phận số {number % 2 + 1} {unit(tree, parent)}"
        tree.put(code, name, Kind.SECTIONAL_COMMITTEE, parent, SINCE)
    put_cells(tree, committees[0], [*committees[1:], *sections])
    return tree


def unit_names() -> Iterator[str]:
    for number in (1, 2):
        for body in BODIES:
            for area in FIELDS:
                yield f"{body} {area}" if number == 1 else f"{body} {area} số {number}"


def put_cells(tree: Tree, first: str, others: list[str]) -> None:
    sizes = [CELLS_OF_FIRST, *shares(CELLS - CELLS_OF_FIRST, len(others), FEWEST_CELLS, "cells")]
    number = 0
    for parent, size in zip([first, *others], sizes, strict=True):
        for place in range(size):
            number += 1
            room, turn = ROOMS[place % len(ROOMS)], place // len(ROOMS) + 1
            room = f"{room} {turn}" if turn > 1 else room
            tree.put(f"M-{number:04d}", f"Chi bộ {room} {unit(tree, parent)}", Kind.CELL, parent, SINCE)


def unit(tree: Tree, code: str) -> str:
    """`Đảng bộ Sở Y tế (mẫu)` → `Sở Y tế`."""
    return tree.periods[code][0].name.removeprefix("Đảng bộ ").removesuffix(f" {MARK}")


def shares(total: int, count: int, fewest: int, seed: str) -> list[int]:
    """`count` numbers of at least `fewest` that add up to `total`."""
    draw = random.Random(f"{SEED}/{seed}")
    numbers = [fewest] * count
    weights = [draw.uniform(0.3, 1.7) for _ in numbers]
    for place in draw.choices(range(count), weights, k=total - fewest * count):
        numbers[place] += 1
    return numbers


def staff(rosters: Rosters) -> None:
    others = [code for code in rosters.tree.cells() if code != DEMO_CELL]
    sizes = shares(MEMBERS - DEMO_CELL_MEMBERS, len(others), FEWEST_MEMBERS, "members")
    for code, size in zip([DEMO_CELL, *others], [DEMO_CELL_MEMBERS, *sizes], strict=True):
        rosters.staff(code, size - len(rosters.spans[code]), SINCE, COUNTED)


def vary(rosters: Rosters, today: dt.date) -> None:
    """Statuses change and people change places, but never the number of members."""
    cells = [code for code in rosters.tree.cells() if code not in DEMO_CELLS]
    for place, code in enumerate(cells):
        spans = list(rosters.spans[code])
        if len(spans) >= 9:
            rosters.change(spans[0], date(2022, 1, 1) + dt.timedelta(days=place % 300), Status.EXEMPT)
        if place % 5 == 0:
            succeed(rosters, spans[1], today - dt.timedelta(days=20 + place % 600), today)
        if place % 25 == 1:
            rosters.lend(spans[2], cells[place - 1], today - dt.timedelta(days=60 + place % 200))
        if place % 170 == 3:
            rosters.change(spans[2], today - dt.timedelta(days=15 + place % 30), Status.SUSPENDED)


def succeed(rosters: Rosters, leaver, day: date, today: date) -> None:
    """One member moves out of the bloc, a probationary one comes the next day."""
    leaver.last_day = day - ONE_DAY
    newcomer = rosters.join(leaver.cell.code, day, standing=Standing.PROBATIONARY)
    if day + dt.timedelta(days=365) <= today:
        rosters.change(newcomer, day + dt.timedelta(days=365), standing=Standing.OFFICIAL)


def add_bodies(content: Content) -> None:
    bloc = content.tree.organisations[ROOT]
    body_name = f"Ban Tuyên giáo Đảng ủy Khối {MARK}"
    function = OrganisationFunction.Function.PROPAGANDA
    content.functions.append(
        OrganisationFunction(organisation=bloc, function=function, body_name=body_name, first_day=SINCE)
    )
    content.terms.append(Term(organisation=bloc, ordinal="XX", first_day=date(2020, 6, 15)))


def appoint(content: Content) -> None:
    """One propagandist of every grassroots committee's first cell; the bloc's speakers come from its own cells."""
    since = date(2022, 1, 10)
    rows = [(content.faces["son"], SpeakerKind.SPEAKER, Level.PROVINCE, ROOT)]
    for code in content.tree.cells():
        parent = content.tree.periods[code][0].parent.code
        person = content.rosters.spans[code][0].person
        if parent == ROOT:
            rows.append((person, SpeakerKind.SPEAKER, Level.GRASSROOTS, ROOT))
        else:
            rows.append((person, SpeakerKind.PROPAGANDIST, Level.CELL, code))
    for person, kind, level, code in rows:
        row = SpeakerAppointment(person=person, kind=kind, level=level, first_day=since, decision_date=since)
        row.organisation, row.decision_number = content.tree.organisations[code], "112-QĐ/ĐUK (mẫu)"
        content.appointments.append(row)


def add_conferences(content: Content, today: dt.date) -> None:
    """One a quarter, online, with every grassroots committee at a site of its own."""
    draw = random.Random(f"{SEED}/conferences")
    committees = [code for code in content.tree.periods if content.tree.kind(code) == Kind.GRASSROOTS_COMMITTEE]
    for month in months_up_to(today):
        day = month.replace(day=24)
        if month.month % 3 != 2 or day >= today:
            continue
        subject = f"Thông tin thời sự, phổ biến văn bản mới {day:%m/%Y} {MARK}"
        conference = StudyConference(code=f"M-HN-{day:%Y%m%d}", day=day, subject=subject, mode=Mode.ONLINE)
        conference.organisation = content.tree.organisations[ROOT]
        conference.expected, conference.present = 200, draw.randint(190, 200)
        conference.start, conference.end = time(7, 30), time(11, 0)
        content.conferences.append(conference)
        for code in committees:
            site = ReceivingSite(conference=conference, organisation=content.tree.organisations[code])
            site.name = f"Điểm cầu {content.tree.periods[code][0].name}"
            site.expected = draw.randint(20, 90)
            site.present = site.expected - draw.randint(0, 5)
            content.sites.append(site)
