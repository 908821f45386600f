"""The team of seven that a cell set up, with its coming turns, and a committee's books for the running year."""

import datetime as dt

from cells.models import Organisation, Person
from reports.sample.small_speakers import TEAM_SINCE
from speakers.books import usual_duties
from speakers.models import (
    Audience,
    ClassTarget,
    CommendedModel,
    CountedResult,
    HeldActivity,
    RecurringDuty,
    RegisteredTask,
    SpeakerAppointment,
    SpeakerTeam,
    TeamMember,
    TrainingClass,
    Turn,
)
from speakers.rotating import following

TEAM_CELL, TOP = "M-PN", "M-TINH"
OFFICERS = 4
FIELDS = ("", "kinh tế", "", "xã hội", "", "", "")
MONTHS_SPOKEN, MONTHS_PLANNED = 5, 2


def write_speakers_work(today: dt.date) -> None:
    places = {one.code: one for one in Organisation.unscoped.filter(code__in=[TEAM_CELL, TOP])}
    write_team(places[TEAM_CELL], today)
    write_books(places[TOP], today)
    RegisteredTask.unscoped.bulk_create(
        RegisteredTask(organisation=places[TEAM_CELL], year=today.year, title=title, state=state)
        for title, state in (
            ("Số hóa hồ sơ của đơn vị", RegisteredTask.State.DONE),
            ("Giúp đỡ một chi bộ thôn khó khăn", RegisteredTask.State.WORKING),
        )
    )


def write_team(cell: Organisation, today: dt.date) -> None:
    rows = SpeakerAppointment.unscoped.filter(organisation=cell).order_by("pk").select_related("person")
    face = Person.unscoped.filter(user__username="son").first()
    people = [row.person for row in rows][: 6 if face else 7] + ([face] if face else [])
    team = SpeakerTeam.unscoped.create(
        organisation=cell,
        name="Đội tuyên truyền nòng cốt",
        decision_number="06-QĐ/CB (mẫu)",
        decision_date=TEAM_SINCE,
        first_day=TEAM_SINCE,
    )
    roles = ("leader", "deputy", *["member"] * 5)
    TeamMember.unscoped.bulk_create(
        TeamMember(
            team=team, person=person, role=role, is_committee=number < OFFICERS, fields=field, first_day=TEAM_SINCE
        )
        for number, (person, role, field) in enumerate(zip(people, roles, FIELDS, strict=True))
    )
    first = following(today.replace(day=1), -MONTHS_SPOKEN)
    order = people[1:] + people[:1]  # so that one of the log-ins has a turn to come
    Turn.unscoped.bulk_create(
        Turn(team=team, month=following(first, step), person=order[step % len(order)], topic="Văn bản mới trong tháng")
        for step in range(MONTHS_SPOKEN + MONTHS_PLANNED)
    )


def write_books(top: Organisation, today: dt.date) -> None:
    year = today.year
    RecurringDuty.unscoped.bulk_create(usual_duties(top, dt.date(year, 1, 1)))
    meetings = (dt.date(year, month, 12) for month in range(1, today.month) if month != 3)
    HeldActivity.unscoped.bulk_create(
        HeldActivity(
            organisation=top,
            kind=RecurringDuty.Kind.MEETING,
            day=day,
            subject=f"Hội nghị báo cáo viên tháng {day:%m/%Y}",
            expected=42,
            present=40,
        )
        for day in meetings
    )
    for audience, target, counts in (
        (Audience.CANDIDATES, 600, (310, 291)),
        (Audience.NEW_MEMBERS, 300, (160, 148)),
    ):
        ClassTarget.unscoped.create(organisation=top, audience=audience, year=year, number=target)
        TrainingClass.unscoped.bulk_create(
            TrainingClass(
                organisation=top,
                audience=audience,
                name=f"Lớp bồi dưỡng {audience.label} khóa {number}",
                first_day=dt.date(year, 4 * number, 1),
                last_day=dt.date(year, 4 * number, 5),
                enrolled=count + 6,
                completed=count,
            )
            for number, count in enumerate(counts, start=1)
        )
    CountedResult.unscoped.bulk_create(
        CountedResult(organisation=top, kind=kind, year=year - 1, number=number)
        for kind, number in (("digital", 55), ("contest", 2), ("role_model", 15), ("village_model", 11))
    )
    CommendedModel(
        organisation=top,
        title="Loa thôn kể chuyện nêu gương",
        unit="Chi bộ thôn (mẫu)",
        year=year - 1,
        summary="Mỗi tuần một câu chuyện ngắn, đảng viên trong thôn tự viết và tự đọc.",
    ).save()
