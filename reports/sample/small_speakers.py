"""Who may speak in the small sample: rosters of the district, the communes, the province, and a cell's own team."""

from datetime import date

from cells.models import Person
from reports.sample.content import Content
from reports.sample.rosters import covers
from reports.sample.small_tree import BLOC_ENDS, DISTRICTS_END
from speakers.models import Level, SpeakerAppointment, SpeakerKind

DISTRICT_SINCE, DISTRICT_UNTIL = date(2022, 1, 10), date(2025, 6, 30)
TEAM_SINCE = date(2022, 3, 1)


def appoint(content: Content) -> None:
    appoint_district(content)
    appoint_communes(content)
    appoint_province(content)
    appoint_team(content)


def put(content: Content, people: list[Person], kind: str, level: str, code: str, decision: tuple, until=None) -> None:
    number, since = decision
    organisation = content.tree.organisations[code]
    content.appointments += [
        SpeakerAppointment(
            person=person,
            kind=kind,
            level=level,
            organisation=organisation,
            decision_number=number,
            decision_date=since,
            first_day=since,
            last_day=until,
            end_reason="kết thúc cấp tổ chức" if until else "",
        )
        for person in people
    ]


def appoint_district(content: Content) -> None:
    """31 speakers and 15 collaborators; one person is both, some are on no roster of members."""
    people = members(content, "M-H-CQ", DISTRICT_SINCE) + members(content, "M-H-UB", DISTRICT_SINCE)
    speakers = people[:24] + [content.rosters.people.new() for _ in range(7)]
    collaborators = people[23:34] + [content.rosters.people.new() for _ in range(4)]
    decision = ("112-QĐ/HU (mẫu)", DISTRICT_SINCE)
    put(content, speakers, SpeakerKind.SPEAKER, Level.DISTRICT, "M-HUYEN", decision, DISTRICT_UNTIL)
    put(content, collaborators, SpeakerKind.COLLABORATOR, Level.DISTRICT, "M-HUYEN", decision, DISTRICT_UNTIL)
    # Each commune has its team, none of a fixed size.
    for code, size in {"M-X1": 5, "M-X2": 3, "M-X3": 4, "M-X4": 2}.items():
        team = members(content, f"{code}-T1", DISTRICT_SINCE)[:size]
        decision = ("04-QĐ/ĐU (mẫu)", DISTRICT_SINCE)
        put(content, team, SpeakerKind.PROPAGANDIST, Level.GRASSROOTS, code, decision, DISTRICT_UNTIL)


def appoint_communes(content: Content) -> None:
    decision = ("03-QĐ/ĐU (mẫu)", date(2025, 8, 15))
    for code, cells in {"M-XA": ("M-XA-XDD", "M-XA-KT"), "M-XB": ("M-X3-T1", "M-X4-T1")}.items():
        people = [person for cell in cells for person in members(content, cell, DISTRICTS_END)[:3]]
        put(content, people, SpeakerKind.SPEAKER, Level.COMMUNE, code, decision)


def appoint_province(content: Content) -> None:
    since = date(2021, 12, 20)
    people = [person for cell in ("M-BTC", "M-VP", "M-UBKT") for person in members(content, cell, since)[1:4]]
    decision = ("845-QĐ/TU (mẫu)", since)
    put(content, [content.faces["son"], *people], SpeakerKind.SPEAKER, Level.PROVINCE, "M-TINH", decision)


def appoint_team(content: Content) -> None:
    """A cell's own team of 7: 4 of its committee, 3 other members. Its secretary and deputy hold other posts too."""
    team = [person for person in members(content, "M-PN", TEAM_SINCE) if person is not content.faces["son"]][:7]
    secretary, deputy, *_ = team
    put(content, team, SpeakerKind.PROPAGANDIST, Level.CELL, "M-PN", ("06-QĐ/CB (mẫu)", TEAM_SINCE))
    put(content, [secretary], SpeakerKind.SPEAKER, Level.PROVINCE, "M-TINH", ("846-QĐ/TU (mẫu)", date(2021, 5, 20)))
    core = (SpeakerKind.PROPAGANDIST, Level.GRASSROOTS)
    put(content, [deputy], *core, "M-KHOI", ("18-QĐ/ĐUK (mẫu)", date(2022, 2, 21)), date(2025, 2, 28))
    put(content, [deputy], *core, "M-DCQ", ("09-QĐ/ĐU (mẫu)", BLOC_ENDS))


def members(content: Content, cell: str, day: date) -> list[Person]:
    return [span.person for span in content.rosters.spans[cell] if covers(span, day)]
