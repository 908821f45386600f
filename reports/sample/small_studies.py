"""What the small sample studies: bodies, terms, conferences with receiving sites."""

import datetime as dt
from datetime import date, time

from cells.models import Estimate, OrganisationFunction, Term
from reports.sample import documents
from reports.sample.content import Content
from reports.sample.small_tree import BLOC_ENDS, BLOCS_MERGE, DISTRICTS_END
from reports.sample.tree import MARK, ONE_DAY
from resolutions.models import Mode, ReceivingSite, StudyConference

FUNCTIONS = [
    ("M-TINH", "Ban Tuyên giáo Tỉnh ủy", date(2015, 1, 1), BLOC_ENDS - ONE_DAY),
    ("M-TINH", "Ban Tuyên giáo và Dân vận Tỉnh ủy", BLOC_ENDS, None),
    ("M-KHOI", "Ban Tuyên giáo Đảng ủy Khối", BLOCS_MERGE, BLOC_ENDS - ONE_DAY),
    ("M-DCQ", "Ban Xây dựng Đảng", BLOC_ENDS, None),
    ("M-HUYEN", "Ban Tuyên giáo Huyện ủy", date(2015, 1, 1), DISTRICTS_END - ONE_DAY),
    ("M-XA", "Ban Xây dựng Đảng xã Đồi Chè", DISTRICTS_END, None),
    ("M-XB", "Ban Xây dựng Đảng xã Sông Trăng", DISTRICTS_END, None),
]
TERMS = [
    ("M-TINH", "XIX", date(2020, 10, 1), date(2025, 9, 30)),
    ("M-TINH", "XX", date(2025, 10, 1), None),
    ("M-KHOI", "XX", date(2020, 6, 15), BLOC_ENDS - ONE_DAY),
    ("M-DCQ", "I", BLOC_ENDS, None),
    ("M-UBT", "I", BLOC_ENDS, None),
    ("M-HUYEN", "XXIII", date(2020, 7, 20), DISTRICTS_END - ONE_DAY),
    ("M-XA", "I", DISTRICTS_END, None),
    ("M-XB", "I", DISTRICTS_END, None),
    ("M-BDV", "2020–2025", date(2020, 4, 10), date(2025, 4, 9)),
    ("M-BDV", "2025–2027", date(2025, 4, 10), None),
]
DISTRICT_SUBJECTS = [
    "Chuyên đề năm 2022 về học tập và làm theo Bác",
    "Nghị quyết đại hội đảng bộ tỉnh lần thứ XIX",
    "Nghị quyết đại hội đảng bộ huyện lần thứ XXIII",
    "Kết luận về xây dựng, chỉnh đốn Đảng",
    "Nghị quyết về phát triển kinh tế hợp tác",
    "Nghị quyết về sử dụng đất đai",
    "Chỉ thị về công tác dân vận",
    "Nghị quyết Hội nghị Trung ương lần thứ 5",
    "Thông tin thời sự quý III năm 2022",
    "Chương trình hành động của Tỉnh ủy",
    "Nghị quyết Hội nghị Trung ương lần thứ 6",
    "Thông tin thời sự quý IV năm 2022",
]
OLD_COMMUNES = ("M-X1", "M-X2", "M-X3", "M-X4")


def add(content: Content, today: dt.date) -> None:
    add_bodies(content)
    documents.add(content)
    add_district_conferences(content)
    add_commune_conferences(content)
    add_running_conferences(content, today)


def add_bodies(content: Content) -> None:
    organisations = content.tree.organisations
    for code, name, first_day, last_day in FUNCTIONS:
        body = OrganisationFunction(organisation=organisations[code], first_day=first_day, last_day=last_day)
        body.function, body.body_name = OrganisationFunction.Function.PROPAGANDA, f"{name} {MARK}"
        content.functions.append(body)
    for code, ordinal, first_day, last_day in TERMS:
        content.terms.append(
            Term(organisation=organisations[code], ordinal=ordinal, first_day=first_day, last_day=last_day)
        )


def hold(content: Content, code: str, number: str, day: date, subject: str, mode: str, heads: tuple, **fields):
    expected, present = heads
    conference = StudyConference(code=number, day=day, subject=f"{subject} {MARK}", mode=mode, **fields)
    conference.organisation = content.tree.organisations[code]
    conference.expected, conference.present = expected, present
    conference.start, conference.end = time(7, 30), time(11, 0)
    content.conferences.append(conference)
    return conference


def add_sites(content: Content, conference: StudyConference, heads: dict[str, tuple]) -> None:
    for code, (expected, present) in heads.items():
        site = ReceivingSite(conference=conference, expected=expected, present=present)
        site.organisation = content.tree.organisations[code]
        site.name = f"Điểm cầu {name_on(content, code, conference.day)}"
        content.sites.append(site)


def name_on(content: Content, code: str, day: date) -> str:
    return next(p.name for p in reversed(content.tree.periods[code]) if p.first_day <= day)


def add_district_conferences(content: Content) -> None:
    """The district's 12 of 2022, attended by 98 % (the source gives the rate only)."""
    for month, subject in enumerate(DISTRICT_SUBJECTS, start=1):
        number, day = f"M-HN-H2022-{month:02d}", date(2022, month, 16)
        if month % 3 == 0:
            hold(content, "M-HUYEN", number, day, subject, Mode.IN_PERSON, (150, 147))
            continue
        symbols = "05-CT/TW; 01-KL/TW" if month == 1 else ""
        conference = hold(content, "M-HUYEN", number, day, subject, Mode.ONLINE, (50, 49), document_symbols=symbols)
        add_sites(content, conference, dict.fromkeys(OLD_COMMUNES, (100, 98)))


def add_commune_conferences(content: Content) -> None:
    """Communes of old counted their people by eye."""
    for place, code in enumerate(OLD_COMMUNES, start=1):
        day, subject = date(2023, 3, 6 + place), "Chuyên đề năm 2023 về học tập và làm theo Bác"
        number = f"M-HN-{code[2:]}2023-01"
        hold(content, code, number, day, subject, Mode.IN_PERSON, (120, 107), estimate=Estimate.NEARLY)


def add_running_conferences(content: Content, today: dt.date) -> None:
    """Two a year of the province with sites below it, one a quarter of two committees, up to the day and one ahead."""
    for back in range(8):
        quarter = quarter_start(today, back)
        day = quarter + dt.timedelta(days=24)
        state = StudyConference.State.HELD if day < today else StudyConference.State.PLANNED
        for code, expected in {"M-DCQ": 60, "M-UBT": 140}.items():
            if content.tree.is_in_force(code, day):
                present = expected - 2 - (quarter.month + back) % 5 if day < today else 0
                number, subject = f"M-HN-{code[2:]}-{day:%Y%m%d}", f"Thông tin thời sự {quarter:%m/%Y}"
                hold(content, code, number, day, subject, Mode.HYBRID, (expected, present), state=state)
        if quarter.month in (1, 7):
            hold_province_conference(content, quarter + dt.timedelta(days=40), today)
    if not any(c.state == StudyConference.State.PLANNED for c in content.conferences):
        hold_province_conference(content, today + dt.timedelta(days=14), today)


def hold_province_conference(content: Content, day: date, today: date) -> None:
    state = StudyConference.State.HELD if day < today else StudyConference.State.PLANNED
    present = 1 if day < today else 0
    subject = f"Quán triệt văn bản mới, đợt {day:%m/%Y}"
    conference = hold(
        content, "M-TINH", f"M-HN-T-{day:%Y%m%d}", day, subject, Mode.ONLINE, (200, 196 * present), state=state
    )
    below = ("M-KHOI", "M-DCQ", "M-UBT", "M-HUYEN", "M-XA", "M-XB")
    heads = {code: (90, (90 - len(code)) * present) for code in below if content.tree.is_in_force(code, day)}
    add_sites(content, conference, heads)


def quarter_start(today: dt.date, back: int) -> date:
    number = (today.year * 12 + today.month - 1) // 3 - back
    return date(number * 3 // 12, number * 3 % 12 + 1, 1)
