"""A small world in which every text says where it comes from, and who may know it.

Two readers stand in it: the roles of a cell hold theirs at the cell 1.1.1, those down the tree at the committee 1.1
above it. Around them lies everything that can be taken for theirs: organisations above, beside and elsewhere, codes
that begin alike (1, 1.1, 1.10, 1.11, 11), a predecessor, and cells that moved, ended or were taken over.
"""

import datetime as dt
import hashlib
import re
import uuid
from dataclasses import dataclass, field
from functools import partial

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from cells import lineage
from cells.exchange.planning import Plan
from cells.exchange.reading import RawSheet
from cells.importing.files import store_plan, upload_path
from cells.jobs.models import JobState
from cells.models import (
    DocumentType,
    ImportBatch,
    Kind,
    Membership,
    Organisation,
    OrganisationFunction,
    OrganisationPeriod,
    Person,
    Reorganisation,
    ReorganisationPart,
    Role,
    Status,
    Term,
)
from cells.numbering import take_number
from cells.papers import blocks as blocks_of
from cells.uploads.stored import FileState
from reports.freezing import definitions
from reports.models import (
    Artifact,
    Bundle,
    ObligationRule,
    Report,
    ReportRun,
    ReportScan,
    ReportWording,
    Stage,
    Target,
    Waiver,
)
from reports.statistics import Figures
from resolutions.models import (
    ConferenceRule,
    Document,
    Evidence,
    FollowUp,
    Option,
    Outline,
    PaperHandover,
    Question,
    StatedTally,
    StudyConference,
)
from sessions.minuting import compose_minutes
from sessions.models import (
    AdoptedPaper,
    AgendaBlock,
    Attendance,
    Criterion,
    Holiday,
    Mark,
    PaperFile,
    PaperKind,
    RatingRow,
    Rubric,
    Session,
    SessionKind,
    SessionRating,
    SessionRecord,
    SessionTask,
    SessionVote,
    SignedSheet,
    ThematicPlan,
)
from sessions.voting import vote_base
from speakers.models import (
    CommendedModel,
    Level,
    LevelSpan,
    ReviewItem,
    RosterReview,
    SpeakerAbsence,
    SpeakerKind,
    SpeakerTeam,
    TeamMember,
    TeamRules,
    TrainingClass,
    Turn,
    TurnSwap,
)
from speakers.rotating import following
from tests.factories import (
    AppointmentFactory,
    ConferenceFactory,
    MembershipFactory,
    OrganisationPeriodFactory,
    PersonFactory,
    PlannedThemeFactory,
    PostFactory,
    ReceivingSiteFactory,
    SessionFactory,
    SessionRuleFactory,
    ThematicPlanFactory,
    UserFactory,
    close,
)

START = dt.date(2020, 1, 1)
CHANGE = dt.date(2025, 1, 1)  # cells move and end on the day before
BEFORE, SINCE = dt.date(2024, 7, 23), dt.date(2025, 5, 27)
PLANNED_YEAR = BEFORE.year
PDF = b"%PDF-1.7\n"
RUBRIC = uuid.UUID("5f0c7a52-0b1d-4d2e-9a51-2f6a1c0e7b11")  # the sheet of everybody, by which all were rated

CELL_PRINCIPALS = ("member", "minute_taker", "deputy", "secretary")
TREE_PRINCIPALS = ("board", "committee", "inspector")
# Nobody of the last four has a role today: no post at all, or one whose days are over or to come.
WITHOUT_ROLE = ("stranger", "former_secretary", "former_inspector", "coming_board")
PRINCIPALS = (
    "anonymous",
    *CELL_PRINCIPALS,
    "two_hats",
    "speaker",
    *TREE_PRINCIPALS,
    "administrator",
    *WITHOUT_ROLE,
)

CELL, COMMITTEE, BLOC, PROVINCE = Kind.CELL, Kind.GRASSROOTS_COMMITTEE, Kind.BLOC, Kind.PROVINCE

# key: code, kind, where it hung from the start, where since the change ("" = it ended), who took over
TREE = {
    "root": ("0", PROVINCE, None, None, None),
    "top": ("1", BLOC, "root", "root", None),
    "own_committee": ("1.1", COMMITTEE, "top", "top", None),
    "own_cell": ("1.1.1", CELL, "own_committee", "own_committee", None),
    "beside": ("1.1.2", CELL, "own_committee", "own_committee", None),
    "section": ("1.1.3", Kind.SECTIONAL_COMMITTEE, "own_committee", "own_committee", None),
    "deep": ("1.1.3.1", CELL, "section", "section", None),
    "aunt": ("1.2", CELL, "top", "top", None),
    "ten": ("1.10", COMMITTEE, "top", "top", None),
    "ten_cell": ("1.10.1", CELL, "ten", "ten", None),
    "eleven": ("1.11", COMMITTEE, "top", "top", None),
    "eleven_cell": ("1.11.1", CELL, "eleven", "eleven", None),
    "foreign": ("11", BLOC, "root", "root", None),
    "foreign_cell": ("11.1", CELL, "foreign", "foreign", None),
    "predecessor": ("P", CELL, "foreign", "", "own_cell"),
    "foreign_predecessor": ("FP", CELL, "own_committee", "", "foreign_cell"),
    "moved_out": ("MO", CELL, "own_committee", "ten", None),
    "moved_in": ("MI", CELL, "ten", "own_committee", None),
    "ended": ("E", CELL, "own_committee", "", None),
    "ended_elsewhere": ("EE", CELL, "ten", "", None),
}


@dataclass
class Place:
    """An organisation and the day of what happened there; its number stands in every text."""

    key: str
    number: int
    organisation: Organisation
    day: dt.date
    is_cell: bool
    objects: dict[str, uuid.UUID] = field(default_factory=dict)

    def says(self, kind: str) -> str:
        return f"CN{kind}{self.number:02}x"


CANARY = re.compile(r"CN([a-z]+)(\d\d)x", re.IGNORECASE)
MANY = 7000  # guests of the finished session at place 23 are 7.023: a number that tells whose it is
COUNTED = re.compile(r"(?<![\w.,#-])7\.?0(\d\d)(?![\w.,])")


def plain_words(place: Place, kind: str) -> str:
    """The same world for eyes that look at its language."""
    return f"{PLAIN[kind]} {place.number}"


PLAIN = {
    "name": "tổ chức mẫu số",
    "theme": "Chuyên đề mẫu số",
    "where": "Nhà văn hóa số",
    "absent": "Nguyễn Văn Vắng",
    "present": "Nguyễn Văn Mặt",
    "roster": "Nguyễn Văn Danh",
    "reason": "ốm lần",
    "agenda": "Mục số",
    "presenter": "Lê Văn Trình",
    "record": "Kết luận số",
    "vote": "Biểu quyết số",
    "task": "Nhiệm vụ số",
    "rated": "mức số",
    "scored": "theo số liệu",
    "preparer": "Võ Thị Soạn",
    "rulereason": "làm ca lần",
    "targetsource": "Nghị quyết chỉ tiêu số",
    "leader": "Trần Thị Lãnh",
    "document": "Trích yếu số",
    "outline": "Đề cương cho đảng viên số",
    "secretoutline": "Đề cương cho người nói số",
    "conference": "Hội nghị mẫu số",
    "site": "Điểm cầu số",
    "followup": "bài thu hoạch số",
    "question": "câu hỏi mẫu số",
    "tally": "báo cáo năm số",
    "speaker": "Phạm Thị Nói",
    "model": "Mô hình mẫu số",
    "decision": "Quyết định số",
    "failure": "Không đủ bộ nhớ lần",
    "number": "văn bản mẫu số",
    "waitingoutline": "Đề cương chờ duyệt số",
    "handover": "Ngô Văn Giao",
    "drafted": "Hạn chế đang ghi số",
    "reported": "Hạn chế đã gửi số",
    "laid": "ghi nhầm lần",
    "waiver": "diễn tập lần",
}


@dataclass
class World:
    users: dict[str, User]
    places: dict[str, Place]

    def __getitem__(self, key: str) -> Place:
        return self.places[key]

    def place_of(self, number: int) -> Place:
        return list(self.places.values())[number]


def make_world(say=Place.says) -> World:
    organisations = make_tree(say)
    places = {}
    for key, organisation in organisations.items():
        _code, kind, _parent, _later, _heir = TREE[key]
        places[key] = Place(key, len(places), organisation, BEFORE, kind == CELL)
    for key in ("moved_out", "moved_in"):
        places[f"{key}_since"] = Place(f"{key}_since", len(places), organisations[key], SINCE, True)
    users = make_users(organisations)
    make_rubric()
    for place in places.values():
        fill(place, partial(say, place), users)
    rename(places, say)
    return World(users, places)


def make_tree(say) -> dict[str, Organisation]:
    organisations = {}
    for key, (code, kind, parent, later, _heir) in TREE.items():
        organisations[key] = organisation = Organisation.unscoped.create(code=code)
        stays = parent == later
        period = partial(OrganisationPeriodFactory, organisation=organisation, kind=kind)
        first_end = None if stays else CHANGE - dt.timedelta(days=1)
        period(first_day=START, last_day=first_end, parent=organisations.get(parent), name="")
        if later and not stays:
            period(first_day=CHANGE, parent=organisations[later], name="")
    for key, (*_rest, heir) in TREE.items():
        if heir:
            organisations[key].successor = organisations[heir]
            organisations[key].save()
    lineage.rebuild()
    return organisations


def rename(places: dict[str, Place], say) -> None:
    for place in places.values():
        for period in OrganisationPeriod.unscoped.filter(organisation=place.organisation, first_day__lte=place.day):
            if period.last_day is None or period.last_day >= place.day:
                period.name = f"{'Chi bộ' if place.is_cell else 'Đảng bộ'} {say(place, 'name')}"
                period.save()


def make_users(organisations: dict[str, Organisation]) -> dict[str, User]:
    today = timezone.localdate()
    day = dt.timedelta(days=1)
    users = {name: UserFactory(username=name, full_name=f"Người {number}") for number, name in enumerate(PRINCIPALS)}
    users["administrator"].is_administrator = True
    users["administrator"].save()
    cell, committee = organisations["own_cell"], organisations["own_committee"]
    for name, role, place, days in (
        ("minute_taker", Role.MINUTE_TAKER, cell, {}),
        ("deputy", Role.DEPUTY_SECRETARY, cell, {"last_day": today + day}),
        ("secretary", Role.SECRETARY, cell, {}),
        ("two_hats", Role.SECRETARY, cell, {}),
        ("board", Role.BOARD, committee, {}),
        ("committee", Role.COMMITTEE, committee, {}),
        ("inspector", Role.INSPECTOR, committee, {"first_day": today - day, "last_day": today}),
        ("former_secretary", Role.SECRETARY, cell, {"last_day": today - day}),
        ("former_inspector", Role.INSPECTOR, committee, {"last_day": today - day}),
        ("coming_board", Role.BOARD, committee, {"first_day": today + day}),
    ):
        PostFactory(user=users[name], role=role, organisation=place, **days)
    member = PersonFactory(full_name="Nguyễn Văn Thành Viên", user=users["member"])
    MembershipFactory(person=member, cell=cell)
    both = PersonFactory(full_name="Nguyễn Văn Hai Nơi", user=users["two_hats"])
    MembershipFactory(person=both, cell=organisations["beside"])
    speaker = PersonFactory(full_name="Nguyễn Văn Nói", user=users["speaker"])
    AppointmentFactory(person=speaker, organisation=committee)
    return users


def fill(place: Place, say, users: dict[str, User]) -> None:
    leader = UserFactory(full_name=f"Lê {say('leader')}")
    role = Role.SECRETARY if place.is_cell else Role.COMMITTEE
    post = PostFactory(user=leader, organisation=place.organisation, role=role)
    place.objects |= {"account": leader.public_id, "post": post.public_id}
    speaker = PersonFactory(full_name=f"Đỗ {say('speaker')}")
    appointment = AppointmentFactory(
        person=speaker,
        organisation=place.organisation,
        kind=SpeakerKind.SPEAKER,
        decision_number=say("decision"),
        last_day=end_of(place),
    )
    place.objects["appointment"] = appointment.public_id
    make_speakers_work(place, say, appointment, users["speaker"])
    if place.is_cell:
        people = make_roster(place, say)
        place.objects["person"] = people["present"].public_id
        place.objects["rostered"] = people["roster"].public_id
        make_sessions(place, say, people)
        if place.key in TREE:  # not a second time for the days after a move
            make_year_plan(place, say)
    if place.key in TREE:
        make_rule(place, say)
        make_target(place, say)
        make_obligation_rule(place)
    make_documents(place, say)
    make_conference(place, say)
    make_reports(place, say, users)
    make_waiver(place, say, users)
    make_reorganisations(place, users)
    if not place.is_cell:
        make_function(place)
    make_number(place, say)
    if place.is_cell:
        make_imports(place, say, users)
    place.objects["organisation"] = place.organisation.public_id


def make_speakers_work(place: Place, say, appointment, user: User) -> None:
    """A team with turns, a review, a class. At the committee the team's other member is the speaker who logs in."""
    here, person = place.organisation, appointment.person
    own = Person.unscoped.get(user=user) if place.key == "own_committee" else PersonFactory(full_name="Nguyễn Văn Bạn")
    team = SpeakerTeam.unscoped.create(organisation=here, name="Đội tuyên truyền", first_day=START)
    member, _other = (TeamMember.unscoped.create(team=team, person=one, first_day=START) for one in (person, own))
    month = timezone.localdate().replace(day=1)
    turn = Turn.unscoped.create(team=team, person=own, month=following(month))
    other = Turn.unscoped.create(team=team, person=person, month=following(month, 2))
    wish = Turn.unscoped.create(team=team, person=own, month=following(month, 3), state=Turn.State.REGISTERED)
    swap = TurnSwap.unscoped.create(turn=other, other=turn, asker=person)
    absence = SpeakerAbsence.unscoped.create(person=own, first_day=month, last_day=month)
    review = RosterReview.unscoped.create(organisation=here, year=place.day.year)
    item = ReviewItem.unscoped.create(
        review=review,
        appointment=appointment,
        person=person,
        kind=appointment.kind,
        level=appointment.level,
        verdict=ReviewItem.Verdict.CONFIRM,
    )
    lesson = TrainingClass.unscoped.create(
        organisation=here,
        audience="speakers",
        name="Lớp mẫu",
        first_day=place.day,
        last_day=place.day,
        enrolled=1,
        completed=1,
    )
    CommendedModel(organisation=here, title=say("model"), unit="Đơn vị mẫu", year=place.day.year).save()
    rules, waiting = (make_rules(team, state) for state in (FileState.RELEASED, FileState.WAITING))
    for key, row in (
        ("team", team),
        ("team_member", member),
        ("turn", turn),
        ("wish", wish),
        ("swap", swap),
        ("speaker_absence", absence),
        ("speaker_review", review),
        ("review_item", item),
        ("speaker_record", lesson),
        ("team_rules", rules),
        ("waiting_rules", waiting),
    ):
        place.objects[key] = row.public_id


def make_rules(team: SpeakerTeam, state: FileState) -> TeamRules:
    name = stored(PDF, ".pdf")
    kind = {"content_type": "application/pdf", "size": len(PDF), "state": state}
    return TeamRules.unscoped.create(team=team, file_name="quy che.pdf", stored_name=name, **kind)


def make_number(place: Place, say) -> None:
    term, _is_new = Term.unscoped.get_or_create(organisation=place.organisation, ordinal="XX", first_day=START)
    subject = f"Về {say('number')}"
    entry = take_number(place.organisation, DocumentType.REPORT, place.day, subject=subject, actor=None)
    place.objects |= {"term": term.public_id, "registered_number": entry.public_id}


def end_of(place: Place) -> dt.date | None:
    return OrganisationPeriod.unscoped.filter(organisation=place.organisation).latest("first_day").last_day


def make_roster(place: Place, say) -> dict[str, Person]:
    people = {}
    for kind in ("absent", "present", "roster"):
        people[kind] = PersonFactory(full_name=f"Trần {say(kind)}")
        status = Status.EXEMPT if kind == "roster" else Status.ACTIVE
        MembershipFactory(person=people[kind], cell=place.organisation, status=status, last_day=end_of(place))
    return people


def make_sessions(place: Place, say, people: dict[str, Person]) -> None:
    texts = {"theme": f"Tìm hiểu {say('theme')}", "place": f"Hội trường {say('where')}"}
    make = partial(SessionFactory, cell=place.organisation, kind=SessionKind.COMBINED, guests=3, **texts)
    closed = close(make(day=place.day, guests=MANY + place.number), {people["absent"]: Mark.EXCUSED})
    Attendance.unscoped.filter(session=closed, person=people["absent"]).update(reason=f"Bận {say('reason')}")
    Session.unscoped.filter(pk=closed.pk).update(closed_at=timezone.now())
    opened = make(day=place.day + dt.timedelta(days=1), state=Session.State.OPEN)
    expected = Membership.unscoped.on(opened.day).expected().filter(cell=place.organisation)
    Attendance.unscoped.bulk_create([Attendance(session=opened, person_id=row.person_id) for row in expected])
    Attendance.unscoped.filter(session=opened, person=people["absent"]).update(
        mark=Mark.EXCUSED, reason=f"Bận {say('reason')}"
    )
    planned = make(day=place.day + dt.timedelta(days=2))
    place.objects |= {
        "closed_session": closed.public_id,
        "open_session": opened.public_id,
        "planned_session": planned.public_id,
    }
    for session in (closed, opened, planned):
        make_record(place, say, session)
    make_papers(place, say, close(make(day=place.day + dt.timedelta(days=3), guests=0)))
    place.objects["sheet"] = make_sheet(closed, say).public_id


def make_sheet(session: Session, say) -> SignedSheet:
    content = b"\xff\xd8\xff" + say("roster").encode()
    return SignedSheet.unscoped.create(
        session=session,
        uploaded_by=UserFactory(),
        file_name="to-ky.jpg",
        stored_name=stored(content, ".jpg"),
        content_type="image/jpeg",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def stored(content: bytes, extension: str) -> str:
    name = f"{uuid.uuid4().hex}{extension}"
    (settings.DATA_DIR / "uploads").mkdir(parents=True, exist_ok=True)
    (settings.DATA_DIR / "uploads" / name).write_bytes(content)
    return name


def make_record(place: Place, say, session: Session) -> None:
    """An agenda; from the opening on also a record, a vote and a task. Pages of these are about the last of each."""
    for position in (1, 2):
        block = AgendaBlock.unscoped.create(
            session=session,
            position=position,
            part="thematic",
            title=f"Mục {say('agenda')}",
            presenter_name=f"Lê {say('presenter')}",
        )
    place.objects["block"] = block.public_id
    if session.state == Session.State.PLANNED:
        return
    if session.state == Session.State.CLOSED:
        make_rating(session, say)
    SessionRecord.unscoped.create(session=session, conclusion=f"Thống nhất {say('record')}")
    vote = SessionVote.unscoped.create(
        session=session, subject=f"Thông qua {say('vote')}", in_favour=0, base=0, arithmetic=vote_base([]).as_stored()
    )
    task = SessionTask.unscoped.create(session=session, cell=session.cell, title=f"Làm {say('task')}")
    place.objects |= {"vote": vote.public_id, "task": task.public_id}


def make_rubric() -> None:
    levels = [{"name": "Tốt", "from": "90"}, {"name": "Chưa tốt", "from": "0"}]
    rubric = Rubric.unscoped.create(
        public_id=RUBRIC, name="Phiếu mẫu", issuer="Nơi mẫu", kinds=SessionKind.values, levels=levels, first_day=START
    )
    Criterion.unscoped.create(rubric=rubric, position=1, group="Kết quả", title="Kết quả chung", max_points=100)


def make_rating(session: Session, say) -> None:
    criterion = Criterion.unscoped.get(rubric__public_id=RUBRIC)
    rating = SessionRating.unscoped.create(
        session=session, rubric=criterion.rubric, is_main=True, total=50, level=f"Khá {say('rated')}"
    )
    RatingRow.unscoped.create(rating=rating, criterion=criterion, points=50, arithmetic=f"Tính {say('scored')}")


def make_papers(place: Place, say, session: Session) -> None:
    """Minutes adopted with the absences in them, and a scan of each kind of paper; the session stays to be adopted."""
    made = {}
    for kind in PaperKind:
        blocks = [blocks_of.paragraph(f"Kết luận {say('record')}")]
        if kind == PaperKind.MINUTES:
            blocks.append(blocks_of.named_item(f"- {say('absent')}", f"Bận {say('reason')}"))
        made[kind] = AdoptedPaper.unscoped.create(
            session=session,
            kind=kind,
            content=compose_minutes(session) | {"blocks": blocks},
            sha256="0" * 64,
            has_reasons=kind == PaperKind.MINUTES,
            adopted_at=timezone.now(),
        )
    for key, kind in (("minutes_scan", PaperKind.MINUTES), ("resolution_scan", PaperKind.RESOLUTION)):
        scan = PaperFile.unscoped.create(
            paper=made[kind], kind=PaperFile.Kind.SCAN, **stored_pdf(f"{say('record')}.pdf", say("record"))
        )
        place.objects[key] = scan.public_id
    place.objects["paper"] = made[PaperKind.MINUTES].public_id


def make_year_plan(place: Place, say) -> None:
    """Registered, the own one returned, with a theme in it; a plan is looked up by its cell and year."""
    state = ThematicPlan.State.RETURNED if place.key == "own_cell" else ThematicPlan.State.REGISTERED
    plan = ThematicPlanFactory(cell=place.organisation, year=PLANNED_YEAR, state=state, return_reason="Thiếu quý III")
    theme = PlannedThemeFactory(plan=plan, title=f"Bàn về {say('theme')}", preparer_text=f"Võ {say('preparer')}")
    place.objects |= {"year_plan": place.organisation.public_id, "planned_theme": theme.public_id}


def make_rule(place: Place, say) -> None:
    reason = f"Vì {say('rulereason')}"
    rule = SessionRuleFactory(organisation=place.organisation, reason=reason, cells_may_differ=True)
    holiday = Holiday.objects.create(day=dt.date(2099, 1, 1) + dt.timedelta(days=place.number), name="Ngày nghỉ")
    levels = [{"name": "Tốt", "from": "90"}, {"name": "Chưa tốt", "from": "0"}]
    sheet = {"name": "Phiếu của đơn vị", "issuer": "Nơi mẫu", "source": "Văn bản mẫu", "levels": levels}
    rubric = Rubric.unscoped.create(organisation=place.organisation, first_day=START, **sheet)  # of no kind of session
    place.objects |= {"rule": rule.public_id, "holiday": holiday.public_id, "rubric": rubric.public_id}


def make_target(place: Place, say) -> None:
    target = Target.unscoped.create(
        organisation=place.organisation, year=BEFORE.year, measure="attendance", number=90, source=say("targetsource")
    )
    place.objects["target"] = target.public_id


def make_documents(place: Place, say) -> None:
    document = Document.unscoped.create(
        issuer="Ban Bí thư",
        type=Document.Type.RESOLUTION,
        symbol=f"{place.number:02}-NQ/TW",
        term="khóa XIII",
        issued_on=dt.date(2024, 3, 25),
        subject=f"Về {say('document')}",
        owner=place.organisation,
    )
    place.objects["document"] = document.public_id
    for key, kind, audience in (
        ("outline", "outline", Outline.Audience.MEMBERS),
        ("speaker_outline", "secretoutline", Outline.Audience.SPEAKERS),
    ):
        outline = Outline.unscoped.create(
            document=document,
            title=f"Đề cương {say(kind)}",
            audience=audience,
            **stored_pdf(f"{say(kind)}.pdf", say(kind)),
        )
        place.objects[key] = outline.public_id
    make_waiting(place, say, document)
    question = Question.unscoped.create(document=document, owner=place.organisation, text=f"Hỏi {say('question')}")
    for position in (1, 2):
        Option.unscoped.create(question=question, position=position, text="Trả lời", is_right=position == 1)
    place.objects["question"] = question.public_id
    line = PaperHandover.unscoped.create(
        organisation=place.organisation,
        number=place.number + 1,
        day=place.day,
        copies=2,
        handed_by=f"Ngô {say('handover')}",
        received_by="Lê Văn Nhận",
    )
    place.objects["handover"] = line.public_id


def make_waiting(place: Place, say, document: Document) -> None:
    stored = f"{uuid.uuid4().hex}.png"
    (settings.DATA_DIR / "uploads" / stored).write_bytes(b"png")
    waiting = Outline.unscoped.create(
        document=document,
        title=f"Đề cương {say('waitingoutline')}",
        state=FileState.WAITING,
        file_name="ban-chup.png",
        stored_name=stored,
        content_type="image/png",
        size=3,
        sha256=hashlib.sha256(b"png").hexdigest(),
    )
    place.objects["waiting_outline"] = waiting.public_id


def stored_pdf(file_name: str, says: str) -> dict:
    content = PDF + says.encode()
    stored = f"{uuid.uuid4().hex}.pdf"
    (settings.DATA_DIR / "uploads").mkdir(parents=True, exist_ok=True)
    (settings.DATA_DIR / "uploads" / stored).write_bytes(content)
    return {
        "file_name": file_name,
        "stored_name": stored,
        "content_type": "application/pdf",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def make_conference(place: Place, say) -> None:
    conference = ConferenceFactory(
        organisation=place.organisation,
        day=place.day,
        subject=f"Quán triệt {say('conference')}",
        state=StudyConference.State.HELD,
        expected=40,
        present=39,
    )
    site = ReceivingSiteFactory(
        conference=conference,
        name=f"Điểm {say('site')}",
        organisation=place.organisation,
        expected=20,
        present=20,
        link_secret=f"secret-{place.number}",
        link_until=place.day,
    )
    missing = ReceivingSiteFactory(conference=conference, name=f"Điểm vắng {say('site')}", expected=5)
    planned = ConferenceFactory(
        organisation=place.organisation,
        day=place.day,
        subject=f"Sẽ quán triệt {say('conference')}",
        state=StudyConference.State.PLANNED,
    )
    place.objects |= {
        "conference": conference.public_id,
        "planned_conference": planned.public_id,
        "site": site.public_id,
        "missing_site": missing.public_id,
    }
    make_follow_ups(place, say, conference)
    tally = StatedTally.unscoped.create(
        organisation=place.organisation, year=place.day.year, level="commune", number=3, source=say("tally")
    )
    place.objects["tally"] = tally.public_id
    if place.key in TREE:  # as the holidays: one of its own for each place, so that every form is tried
        place.objects["level_span"] = make_level_span(place).public_id
        place.objects["conference_rule"] = ConferenceRule.unscoped.create(
            subject=ConferenceRule.Subject.MINUTES,
            number=240,
            source="Văn bản mẫu",
            first_day=dt.date(2098, 1, 1) + dt.timedelta(days=place.number),
        ).public_id


def make_level_span(place: Place) -> LevelSpan:
    day = dt.date(1900, 1, 1) + dt.timedelta(days=place.number)
    return LevelSpan.unscoped.create(level=Level.CENTRAL, first_day=day, last_day=day, source="Văn bản mẫu")


def make_follow_ups(place: Place, say, conference: StudyConference) -> None:
    """One to do, one done, an inspection without its report; a file that is released, and one that waits."""
    make = partial(
        FollowUp.unscoped.create,
        conference=conference,
        organisation=place.organisation,
        given_by=place.organisation,
        title=f"Nộp {say('followup')}",
        due=place.day,
    )
    owed = make(kind=FollowUp.Kind.WRITE_UP)
    done = make(kind=FollowUp.Kind.PROGRAMME, state=FollowUp.State.DONE, done_on=place.day)
    inspection = make(kind=FollowUp.Kind.INSPECTION, inspected_on=place.day)
    released = Evidence.unscoped.create(follow_up=done, **stored_pdf(f"{say('followup')}.pdf", say("followup")))
    waiting = Evidence.unscoped.create(
        follow_up=done, state=FileState.WAITING, **stored_pdf("ban-chup.pdf", say("followup"))
    )
    place.objects |= {
        "follow_up": owed.public_id,
        "done_follow_up": done.public_id,
        "inspection": inspection.public_id,
        "evidence": released.public_id,
        "waiting_evidence": waiting.public_id,
    }


TYPED = {
    "decision_number": ["2-QĐ"],
    "decision_day": ["01/12/2029"],
    "day": ["01/01/2030"],
    "name1": ["Chi bộ mang tên mới"],
}


def make_reorganisations(place: Place, users: dict[str, User]) -> None:
    """One that was carried out, and a draft: the committee's for what stands below it, else a stranger's."""
    done = Reorganisation.unscoped.create(
        kind=Reorganisation.Kind.RENAME,
        state=Reorganisation.State.DONE,
        decision_number="1-QĐ",
        decision_day=place.day,
        day=place.day,
        done_at=timezone.now(),
        author=users["administrator"],
    )
    done.parts.create(organisation=place.organisation, side=ReorganisationPart.Side.PREDECESSOR)
    is_below = place.key in ("own_cell", "beside", "section", "deep", "moved_in", "moved_in_since")
    draft = Reorganisation.unscoped.create(
        kind=Reorganisation.Kind.RENAME,
        author=users["committee" if is_below else "stranger"],
        order={"organisations": [str(place.organisation.public_id)], "typed": TYPED},
    )
    place.objects |= {"reorganisation": done.public_id, "reorganisation_draft": draft.public_id}


def make_function(place: Place) -> None:
    body = OrganisationFunction.unscoped.create(
        organisation=place.organisation, function="propaganda", body_name="Ban Tuyên giáo", first_day=START
    )
    place.objects["function"] = body.public_id


def make_reports(place: Place, say, users: dict[str, User]) -> None:
    until = dt.date(place.day.year, place.day.month, 28)
    make = partial(
        Report.unscoped.create,
        organisation=place.organisation,
        period=f"{until:%Y-%m}",
        until=until,
        finished=timezone.now(),
        requested_by=users["stranger"],
    )
    done = make(state=Report.State.DONE, shortcomings=say("drafted"))
    failed = make(revision=2, state=Report.State.FAILED, error=f"Không lập được: {say('failure')}")
    submitted = make(revision=3, state=Report.State.DONE, stage=Stage.SUBMITTED)
    paper = {"state": Report.State.DONE, "signed_at": timezone.now(), "content": paper_saying(say("reported"))}
    paper["figures"] = compose_nothing(place)
    signed = make(revision=4, stage=Stage.SIGNED, **paper)
    # Wherever it lies: who may answer a report is decided by whom it was sent to.
    committee = Organisation.unscoped.get(code=TREE["own_committee"][0])
    sent = make(revision=5, stage=Stage.SENT, sent_at=timezone.now(), receiver=committee, through_board=True, **paper)
    for report in (done, signed, sent):
        content = PDF + say("reported" if report == sent else "drafted").encode()
        path = f"reports/{report.public_id.hex}.pdf"
        (settings.DATA_DIR / "reports").mkdir(parents=True, exist_ok=True)
        (settings.DATA_DIR / path).write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        Artifact.unscoped.create(report=report, path=path, size=len(content), sha256=sha256)
    scan = ReportScan.unscoped.create(
        report=sent, uploaded_by=users["stranger"], **stored_pdf("ban ky.pdf", say("reported"))
    )
    make_bundles(place, sent, say, users)
    run = ReportRun.unscoped.create(top=place.organisation, period=f"{until:%Y-%m}", until=until)
    make(revision=6, run=run, state=Report.State.FAILED, error="Ổ đĩa đầy.")
    if not place.is_cell:
        signed_at = dt.datetime(until.year + 1, 1, 10, tzinfo=dt.UTC)
        about_year = paper | {"period": f"{until.year}", "until": dt.date(until.year, 12, 31), "signed_at": signed_at}
        yearly = make(revision=7, stage=Stage.SIGNED, **about_year)
        laid = {"day": signed_at.date(), "reason": f"Sửa, {say('laid')}", "entered_by": users["stranger"]}
        yearly.executive_entries.create(**laid)
        place.objects["yearly_report"] = yearly.public_id
    words = {"report": done, "part": "shortcomings", "begun": timezone.now(), "saved": timezone.now()}
    earlier = ReportWording.unscoped.create(text=f"{say('drafted')}, viết vội", writer=users["stranger"], **words)
    ReportWording.unscoped.create(text=done.shortcomings, **words)
    place.objects |= {"report_wording": earlier.public_id}
    place.objects |= {"report": done.public_id, "failed_report": failed.public_id, "run": run.public_id}
    place.objects |= {"submitted_report": submitted.public_id, "signed_report": signed.public_id}
    place.objects |= {"sent_report": sent.public_id, "report_scan": scan.public_id}


def make_bundles(place: Place, report: Report, say, users: dict[str, User]) -> None:
    """One that was made, one that failed, one that waits; asked for by somebody who looks down from one place only."""
    content, path = PDF + say("reported").encode(), f"bundles/{place.number}.pdf"
    (settings.DATA_DIR / "bundles").mkdir(parents=True, exist_ok=True)
    (settings.DATA_DIR / path).write_bytes(content)
    file = {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    asked = {
        "top": place.organisation,
        "asked_by": users["committee"],
        "papers": [[report.pk, say("reported")]],
        "count": 1,
    }
    asked |= {"period": report.period}
    made = Bundle.unscoped.create(
        state=Bundle.State.DONE, finished=timezone.now(), papers_sha256="1" * 64, **asked, **file
    )
    failure = f"Không gộp được: {say('failure')}"
    failed = Bundle.unscoped.create(state=Bundle.State.FAILED, papers_sha256="2" * 64, error=failure, **asked)
    if place.key != "own_committee":  # one user has only so many in work
        asked["asked_by"] = users["stranger"]
    waiting = Bundle.unscoped.create(papers_sha256="3" * 64, **asked)
    place.objects |= {"bundle": made.public_id, "failed_bundle": failed.public_id, "waiting_bundle": waiting.public_id}


def paper_saying(text: str) -> dict:
    head = {"phrase": "ĐẢNG CỘNG SẢN VIỆT NAM", "parent": "", "issuer": "Nơi báo cáo", "symbol": "Số 01", "dated": ""}
    ending = {"kind": "ending", "text": "Hết.", "receivers_title": "Nơi nhận:", "receivers": ["- Lưu."]}
    ending |= {"authority": "T/M", "post": "BÍ THƯ", "signer": ""}
    words = {"layout": "hd05_2026", "title": "Báo cáo", "type": "BÁO CÁO", "subject": "kết quả", "span": ""}
    return words | {"letterhead": head, "blocks": [blocks_of.paragraph(text), ending]}


def compose_nothing(place: Place) -> dict:
    """The frozen figures of a report that counted nothing."""
    days = {"from": place.day.isoformat(), "until": place.day.isoformat()}
    nothing = {"figures": Figures().as_dict(), "activity": {"counts": {}, "levels": {}, "served": []}}
    lists = {name: [] for name in ("children", "sessions", "conferences", "cells")}
    return days | nothing | lists | {"organisation": "…", "definitions": definitions(), "sha256": "0" * 64}


def make_obligation_rule(place: Place) -> None:
    """About something that nobody here owes."""
    about = {"subject": "review", "source_note": "Quy chế", "first_day": START}
    rule = ObligationRule.unscoped.create(organisation=place.organisation, **about)
    place.objects["obligation_rule"] = rule.public_id


def make_waiver(place: Place, say, users: dict[str, User]) -> None:
    """Of a session that the cell did not hold; where there is no cell, of something that nobody owes."""
    first = following(place.day.replace(day=1))
    waiver = Waiver.unscoped.create(
        organisation=place.organisation,
        subject="regular",
        first_day=first,
        last_day=following(first) - dt.timedelta(days=1),
        reason=f"Đi {say('waiver')}",
        given_by=users["stranger"],
    )
    place.objects["waiver"] = waiver.public_id


def make_imports(place: Place, say, users: dict[str, User]) -> None:
    """Of the secretary: one refused, one with a wrong row, one that waits for a word, one that was written."""
    make = partial(
        ImportBatch,
        kind=ImportBatch.Kind.ROSTER,
        uploaded_by=users["secretary"],
        cell=place.organisation,
        first_day=place.day,
        file_name="danh sách.xlsx",
        size=1,
    )
    right = {"counts": {}, "is_right": True, "changes_nothing": False}
    refused = make(state=JobState.FAILED, error=f"Không đọc được: {say('failure')}")
    wrong = make(state=JobState.DONE, plan_number=1, token=uuid.uuid4())
    waiting = make(state=JobState.DONE, plan_number=1, summary=right)
    written = make(state=JobState.DONE, phase="write", plan_number=1, summary=right, written_at=timezone.now())
    plan = Plan()
    plan.refuse("Đảng viên", 2, "Họ và tên", say("roster"), "không được để trống")
    for name, value in store_plan(wrong, plan, [RawSheet("Đảng viên", [[1, "Họ và tên"], [2, say("roster")]])]).items():
        setattr(wrong, name, value)
    for key, batch in (
        ("import", refused),
        ("wrong_import", wrong),
        ("right_import", waiting),
        ("past_import", written),
    ):
        batch.save()
        upload_path(batch).touch()
        place.objects[key] = batch.public_id
