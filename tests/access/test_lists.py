"""A list of 300 rows asks the database as often as one of a single row, or of three."""

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from cells import lineage
from cells.models import (
    ImportBatch,
    Kind,
    Membership,
    Organisation,
    OrganisationPeriod,
    Person,
    Post,
    RegisteredNumber,
    Reorganisation,
    ReorganisationPart,
    Role,
    Term,
)
from cells.models.tree import name_keys
from reports.models import ObligationRule, Report, ReportRun
from resolutions.models import (
    Document,
    FollowUp,
    Mode,
    Option,
    Outline,
    PaperHandover,
    Question,
    ReceivingSite,
    StatedTally,
    StudyConference,
)
from sessions.models import (
    Attendance,
    Mark,
    PlannedTheme,
    Rubric,
    Session,
    SessionKind,
    SessionRating,
    SessionTask,
    ThematicPlan,
)
from speakers.models import Level, SpeakerAppointment, SpeakerKind, TrainingClass
from tests.access.asking import address_of, ask, tried
from tests.access.policy import POLICY
from tests.access.sampling import in_parts
from tests.access.world import BEFORE, RUBRIC, START, World

pytestmark = [pytest.mark.django_db, pytest.mark.once]

READERS = ("secretary", "committee")


def readers(page) -> list[str]:
    return page.readers or [name for name in READERS if page.get.get(name)] or ["administrator"]


LISTS = [(name, reader) for name, page in POLICY.items() if page.rows for reader in readers(page)]
SIZES = [(1, 3), pytest.param((1, 3, 300), marks=pytest.mark.slow)]
ASKED = "?span=Y&year=2024"


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("listed", in_parts(LISTS, 2, "lists"), ids="-".join)
def test_a_list_asks_as_often_for_many_rows_as_for_one(listed, sizes, world, clients):
    name, reader = listed
    page = POLICY[name]
    place = world["own_cell" if reader == "secretary" else "own_committee"]
    address = address_of(name, place.objects[page.of] if page.of else None) + (ASKED if page.of else "")

    counts = {
        size: queries_with(size, page.rows, world, partial(ask, clients[reader], "GET", address)) for size in sizes
    }

    assert len(set(counts.values())) == 1, counts


def queries_with(size: int, rows: str, world: World, look: Callable) -> int:
    with tried():
        MORE[rows](world, size)
        look()  # what is loaded once and kept is loaded now
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = look()
    assert answer.status == 200
    return len(queries)


def more_sessions(world: World, count: int) -> list[Session]:
    made = Session.unscoped.bulk_create(
        Session(
            cell=world["own_cell" if number % 2 else "deep"].organisation,
            code=f"THEM-{number}",
            day=BEFORE,
            kind=SessionKind.REGULAR,
            state=Session.State.CLOSED,
            expected=1,
            present=1,
        )
        for number in range(count)
    )
    sheet = Rubric.unscoped.get(public_id=RUBRIC)
    SessionRating.unscoped.bulk_create(
        SessionRating(session=session, rubric=sheet, is_main=True, total=90, level="Tốt") for session in made
    )
    person = Person.unscoped.first()
    Attendance.unscoped.bulk_create(Attendance(session=session, person=person, mark=Mark.PRESENT) for session in made)
    return made


def more_rubrics(world: World, count: int) -> None:
    place = world["own_cell"].organisation
    Rubric.unscoped.bulk_create(Rubric(organisation=place, name="Phiếu", first_day=BEFORE) for _ in range(count))


def more_obligation_rules(world: World, count: int) -> None:
    place = world["own_cell"].organisation
    ObligationRule.unscoped.bulk_create(
        ObligationRule(organisation=place, subject="review", source_note="A", first_day=BEFORE + dt.timedelta(number))
        for number in range(count)
    )


def more_tasks(world: World, count: int) -> None:
    for number, session in enumerate(more_sessions(world, 2 if count > 1 else 1)):
        SessionTask.unscoped.bulk_create(
            SessionTask(session=session, cell=session.cell, title="Việc") for _ in range(count // (number + 1))
        )


def more_documents(world: World, count: int) -> None:
    made = Document.unscoped.bulk_create(
        Document(issuer="Tỉnh ủy", type="NQ", symbol=f"{number}", subject="Về", owner=world["top"].organisation)
        for number in range(count)
    )
    Outline.unscoped.bulk_create(
        Outline(document=document, title="Đề cương", file_name="a.pdf", stored_name=f"{number}.pdf", size=1)
        for number, document in enumerate(made)
    )


def more_waiting_outlines(world: World, count: int) -> None:
    Outline.unscoped.bulk_create(
        Outline(
            document=Document.unscoped.get(public_id=world[place].objects["document"]),
            title=f"Ảnh {number}",
            state="waiting",
            file_name="a.png",
            stored_name=f"{place}-{number}.png",
            size=1,
        )
        for place in ("own_cell", "own_committee")
        for number in range(count)
    )


def more_handovers(world: World, count: int) -> None:
    PaperHandover.unscoped.bulk_create(
        PaperHandover(
            organisation=world[place].organisation,
            number=1000 + number,
            day=BEFORE,
            copies=1,
            handed_by="Lê Giao",
            received_by="Lê Nhận",
        )
        for place in ("own_cell", "own_committee")
        for number in range(count)
    )


def more_conferences(world: World, count: int) -> None:
    made = StudyConference.unscoped.bulk_create(
        StudyConference(
            code=f"THEM-{number}",
            organisation=world["own_cell" if number % 2 else "own_committee"].organisation,
            day=BEFORE,
            subject="Về",
            mode=Mode.ONLINE,
            expected=1,
            present=1,
        )
        for number in range(count)
    )
    ReceivingSite.unscoped.bulk_create(ReceivingSite(conference=one, name="A", expected=1, present=1) for one in made)


def more_sites(world: World, count: int) -> None:
    for place in ("own_cell", "own_committee"):
        conference = StudyConference.unscoped.get(public_id=world[place].objects["conference"])
        ReceivingSite.unscoped.bulk_create(
            ReceivingSite(conference=conference, name=f"Thêm {number}", expected=1, present=number % 2)
            for number in range(count)
        )


def more_tallies(world: World, count: int) -> None:
    StatedTally.unscoped.bulk_create(
        StatedTally(organisation=world[place].organisation, year=2022, level="commune", number=1, source="Báo cáo")
        for place in ("own_cell", "own_committee")
        for _ in range(count)
    )


def more_questions(world: World, count: int) -> None:
    for place in ("own_cell", "own_committee"):
        document = Document.unscoped.get(public_id=world[place].objects["document"])
        made = Question.unscoped.bulk_create(
            Question(document=document, owner=world[place].organisation, text="Hỏi") for _ in range(count)
        )
        Option.unscoped.bulk_create(Option(question=one, position=1, text="Đáp", is_right=True) for one in made)


def more_follow_ups(world: World, count: int) -> None:
    FollowUp.unscoped.bulk_create(
        FollowUp(
            conference=StudyConference.unscoped.get(public_id=world[place].objects["conference"]),
            organisation=world[place].organisation,
            given_by=world["own_committee"].organisation,
            kind=FollowUp.Kind.SURVEY,
            title="Khảo sát",
            due=BEFORE,
        )
        for place in ("own_cell", "own_committee")
        for _ in range(count)
    )


def more_cells(world: World, count: int) -> None:
    parent = world["own_committee"].organisation
    made = Organisation.unscoped.bulk_create(Organisation(code=f"THEM-{number}") for number in range(count))
    OrganisationPeriod.unscoped.bulk_create(
        OrganisationPeriod(
            organisation=one, kind=Kind.CELL, parent=parent, first_day=START, name=name, **name_keys(name)
        )
        for one in made
        for name in (f"Chi bộ {one.code}",)
    )
    lineage.rebuild()


def more_year_plans(world: World, count: int) -> None:
    more_cells(world, count)
    cells = Organisation.unscoped.filter(code__startswith="THEM-")
    plans = ThematicPlan.unscoped.bulk_create(
        ThematicPlan(cell=cell, year=timezone.localdate().year, first_day=START) for cell in cells
    )
    PlannedTheme.unscoped.bulk_create(PlannedTheme(plan=plan, month=3, title="Nêu gương") for plan in plans)


def more_people(count: int) -> list[Person]:
    return Person.unscoped.bulk_create(Person(code=f"THEM-{number}", full_name="Lê Thị Mới") for number in range(count))


def more_members(world: World, count: int) -> None:
    cells = [world["own_cell"].organisation, world["deep"].organisation]
    Membership.unscoped.bulk_create(
        Membership(person=person, cell=cells[number % 2], standing="official", first_day=START)
        for number, person in enumerate(more_people(count))
    )


def more_speakers(world: World, count: int) -> None:
    places = [world["own_cell"].organisation, world["own_committee"].organisation]
    SpeakerAppointment.unscoped.bulk_create(
        SpeakerAppointment(
            person=person,
            kind=SpeakerKind.SPEAKER,
            level=Level.CELL,
            organisation=places[number % 2],
            first_day=START,
        )
        for number, person in enumerate(more_people(count))
    )


def more_classes(world: World, count: int) -> None:
    places = [world["own_cell"].organisation, world["own_committee"].organisation]
    TrainingClass.unscoped.bulk_create(
        TrainingClass(
            organisation=places[number % 2],
            audience="speakers",
            name="Lớp",
            first_day=BEFORE,
            last_day=BEFORE,
            enrolled=1,
            completed=1,
        )
        for number in range(count)
    )


SENT = {"stage": "sent", "signed_at": timezone.now(), "sent_at": timezone.now()}


def more_reports(world: World, count: int) -> None:
    places = [world["own_cell"].organisation, world["own_committee"].organisation]
    Report.unscoped.bulk_create(
        Report(organisation=places[number % 2], period="2024-07", until=BEFORE, revision=number + 10, **SENT)
        for number in range(count)
    )


def more_runs(world: World, count: int) -> None:
    top = world["own_committee"].organisation
    ReportRun.unscoped.bulk_create(
        ReportRun(top=top, period=f"{day:%Y-%m}", until=day)
        for day in (BEFORE - dt.timedelta(days=number) for number in range(count))
    )


def more_numbers(world: World, count: int) -> None:
    places = [world["own_cell"], world["own_committee"]]
    terms = {place.key: Term.unscoped.get(public_id=place.objects["term"]) for place in places}
    RegisteredNumber.unscoped.bulk_create(
        RegisteredNumber(
            organisation=place.organisation,
            term=terms[place.key],
            document_type="CV",
            number=number + 1,
            symbol="01-CV/CB",
            subject="Về",
            day=BEFORE,
        )
        for number in range(count)
        for place in places
    )


def more_users(world: World, count: int) -> None:
    User.objects.bulk_create(User(username=f"them{number}", full_name="Lê Thị Mới") for number in range(count))


def more_posts(world: World, count: int) -> None:
    places = [world["own_cell"].organisation, world["own_committee"].organisation]
    user = world.users["stranger"]
    Post.unscoped.bulk_create(
        Post(user=user, organisation=place, role=Role.MINUTE_TAKER, first_day=START + dt.timedelta(days=number))
        for number in range(count)
        for place in places
    )


def more_terms(world: World, count: int) -> None:
    for place in ("own_cell", "own_committee"):
        Term.unscoped.bulk_create(
            Term(organisation=world[place].organisation, ordinal=f"{number}", first_day=dt.date(1900 + number, 1, 1))
            for number in range(count)
        )


def more_imports(world: World, count: int) -> None:
    ImportBatch.unscoped.bulk_create(
        ImportBatch(
            kind="roster" if name == "secretary" else "workbook",
            uploaded_by=world.users[name],
            cell=world["own_cell"].organisation,
            file_name=f"{number}.xlsx",
            size=1,
        )
        for number in range(count)
        for name in ("secretary", "committee")
    )


def more_reorganisations(world: World, count: int) -> None:
    made = Reorganisation.unscoped.bulk_create(
        Reorganisation(kind="rename", state="done", day=BEFORE, author=world.users["administrator"])
        for _number in range(count)
    )
    place = world["own_cell"].organisation
    ReorganisationPart.unscoped.bulk_create(
        ReorganisationPart(reorganisation=one, organisation=place, side="predecessor") for one in made
    )


MORE = {
    "reorganisations": more_reorganisations,
    "users": more_users,
    "posts": more_posts,
    "sessions": more_sessions,
    "rubrics": more_rubrics,
    "obligation_rules": more_obligation_rules,
    "documents": more_documents,
    "waiting_outlines": more_waiting_outlines,
    "handovers": more_handovers,
    "conferences": more_conferences,
    "sites": more_sites,
    "tallies": more_tallies,
    "questions": more_questions,
    "follow_ups": more_follow_ups,
    "children": more_cells,
    "cells": more_cells,
    "year_plans": more_year_plans,
    "members": more_members,
    "speakers": more_speakers,
    "classes": more_classes,
    "reports": more_reports,
    "runs": more_runs,
    "numbers": more_numbers,
    "terms": more_terms,
    "tasks": more_tasks,
    "imports": more_imports,
}
