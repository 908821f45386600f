"""What came of the sample's conferences: audience and presenter, a site that says nothing, follow-ups, a quiz."""

import datetime as dt

from accounts.models import User
from cells.models import Organisation, OrganisationPeriod
from reports.sample.tree import MARK
from resolutions.models import (
    ConferenceNotice,
    Document,
    FollowUp,
    Mode,
    Question,
    QuizParticipation,
    ReceivingSite,
    StatedTally,
    StudyConference,
)
from speakers.models import Level, SpeakerAppointment, SpeakerKind

TOP, COMMITTEE, DISTRICT = "M-TINH", "M-DCQ", "M-HUYEN"
CELLS = ("M-BDV", "M-BTC", "M-VP")
LEVELS = {TOP: Level.PROVINCE, DISTRICT: Level.DISTRICT, COMMITTEE: Level.GRASSROOTS, "M-UBT": Level.GRASSROOTS}
STUDIED = "50-CT/TW"
QUESTIONS = (
    (
        "single",
        "Ngày sinh hoạt chi bộ định kỳ hằng tháng được thống nhất trong cả nước là ngày nào?",
        (("Ngày 3", True), ("Ngày 15", False), ("Ngày cuối tháng", False)),
    ),
    (
        "single",
        "Sinh hoạt chuyên đề được tổ chức ít nhất bao nhiêu lần?",
        (("Mỗi quý một lần", True), ("Mỗi năm một lần", False), ("Không quy định", False)),
    ),
    (
        "multiple",
        "Trước buổi sinh hoạt, những việc nào cần làm xong?",
        (("Gửi tài liệu cho đảng viên", True), ("Chi ủy họp chuẩn bị", True), ("Thu điện thoại của đảng viên", False)),
    ),
)


def write_conferences_work(today: dt.date) -> None:
    places = {one.code: one for one in Organisation.unscoped.filter(code__in=[*LEVELS, *CELLS])}
    tell_more(places)
    conference = hold_with_a_missing_site(places, today)
    give_follow_ups(conference, places, today)
    state_tallies(places)
    ask_questions(places, today)


def tell_more(places: dict[str, Organisation]) -> None:
    """Levels, audience and presenters, which the first records do not have."""
    for code, level in LEVELS.items():
        rows = StudyConference.unscoped.filter(organisation=places[code])
        rows.update(level=level, audience=["key_officials", "members"])
    speakers = SpeakerAppointment.unscoped.filter(organisation=places[TOP], kind=SpeakerKind.SPEAKER).order_by("pk")
    if first := speakers.first():
        StudyConference.unscoped.filter(organisation=places[TOP]).update(presenter=first.person)


def hold_with_a_missing_site(places: dict[str, Organisation], today: dt.date) -> StudyConference:
    """Hybrid, put off once, three cells as its sites; one of them has not said how many came."""
    day = today - dt.timedelta(days=3)
    conference = StudyConference.unscoped.create(
        code="M-HN-DCQ-KH",
        organisation=places[COMMITTEE],
        day=day,
        start=dt.time(7, 30),
        end=dt.time(11, 0),
        subject=f"Học tập, quán triệt Chỉ thị 50-CT/TW {MARK}",
        level=Level.GRASSROOTS,
        audience=["key_officials", "members"],
        venue="Hội trường cơ quan",
        presenter_name="Trưởng Ban Xây dựng Đảng",
        document_symbols=STUDIED,
        mode=Mode.HYBRID,
        expected=60,
        present=58,
    )
    conference.documents.set(Document.unscoped.filter(symbol=STUDIED))
    for code, heads in zip(CELLS, ((14, 13), (12, 11), (19, 0)), strict=True):
        period = OrganisationPeriod.unscoped.on(day).get(organisation=places[code])
        ReceivingSite.unscoped.create(
            conference=conference,
            name=f"Điểm cầu {period.name}",
            organisation=places[code],
            expected=heads[0],
            present=heads[1],
            estimate="nearly" if code == "M-BTC" else "",
        )
    if giver := User.objects.filter(username="minh").first():
        ConferenceNotice.unscoped.create(
            conference=conference,
            kind=ConferenceNotice.Kind.POSTPONED,
            old_day=day - dt.timedelta(days=7),
            new_day=day,
            reason="Trùng lịch họp của cấp trên",
            given_by=giver,
        )
    return conference


def give_follow_ups(conference: StudyConference, places: dict[str, Organisation], today: dt.date) -> None:
    """Due soon at the demo cell, done next door, late at the third; an inspection whose report is missing."""
    soon, late = today + dt.timedelta(days=7), today - dt.timedelta(days=1)
    make = FollowUp.unscoped.create
    common = {"conference": conference, "given_by": places[COMMITTEE]}
    for code, more in zip(
        CELLS,
        (
            {"due": soon},
            {"due": soon, "state": "done", "done_on": today, "link": "https://vi-du.example/bai-thu-hoach"},
            {"due": late},
        ),
        strict=True,
    ):
        make(organisation=places[code], kind="write_up", title=f"Nộp bài thu hoạch {MARK}", **common, **more)
    make(
        organisation=places[COMMITTEE],
        kind="programme",
        title=f"Ban hành chương trình hành động thực hiện Chỉ thị {MARK}",
        owner_name="Ban Xây dựng Đảng",
        due=today + dt.timedelta(days=20),
        **common,
    )
    make(
        organisation=places[COMMITTEE],
        kind="inspection",
        title=f"Kiểm tra việc học tập ở các chi bộ {MARK}",
        due=soon,
        inspected_on=late,
        **common,
    )


def state_tallies(places: dict[str, Organisation]) -> None:
    source = f"Báo cáo năm 2022 {MARK}"
    of_district = {"organisation": places[TOP], "year": 2022, "source": source}
    StatedTally.unscoped.create(level=Level.DISTRICT, number=12, rate=98, **of_district)
    StatedTally.unscoped.create(
        level=Level.COMMUNE, number=800, number_mark="nearly", rate=90, rate_mark="nearly", **of_district
    )


def ask_questions(places: dict[str, Organisation], today: dt.date) -> None:
    document = Document.unscoped.filter(symbol=STUDIED).first()
    for kind, text, options in QUESTIONS:
        question = Question.unscoped.create(document=document, owner=places[TOP], kind=kind, text=f"{text} {MARK}")
        for position, (answer, is_right) in enumerate(options, start=1):
            question.options.create(position=position, text=answer, is_right=is_right)
    for user in User.objects.filter(username__in=["lan", "phuong", "nam"]).select_related("person"):
        cell = user.person.memberships.on(today).values_list("cell", flat=True).first()
        QuizParticipation.unscoped.create(document=document, user=user, cell_id=cell)
