"""What is due now, by role. Several roles act together; one button is the first of all."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cells.access import below_today
from cells.models import Organisation, Role
from cells.papers.wording import percent, thousands
from cells.reach import ADMINISTRATOR, AT_THE_CELL, DOWN_THE_TREE, MEMBER, Reach
from reports.access import (
    ASKS_FOR_REPORTS,
    SEES_REPORTS,
    awaiting_answer,
    awaiting_sending,
    awaiting_signature,
    prepared_for,
    sent_back_to,
)
from reports.dashboard import Number
from reports.forms import asked_for
from reports.health import ages_in_seconds, is_alarming, waiting_seconds
from reports.models import Bundle, Notice, Report, Stage
from reports.obligations import owing
from reports.obligations.models import DUTIES, Letter, Subject
from reports.obligations.owing import Obligation
from reports.obligations.presenting import rows_of
from reports.periods import Period
from reports.running import ended_quarter
from reports.statistics import figures_of, names_on
from resolutions.models import FollowUp, Outline, reports_for
from resolutions.receiving import reminders
from sessions.due import due_for
from sessions.models import Session, SessionNotice, SessionTask
from sessions.postponing import TOLD_FOR
from sessions.readiness import Unready, unready_for
from speakers.appointing import expiring
from speakers.keeping import APPOINTING, KEEPERS, READERS
from speakers.models import SpeakerAppointment, TeamMember
from speakers.noticing import Ask, asks_of

MOST_EXPIRING = 10
MOST_OWED = 5  # of the user's own; the page of what is due has them all
MOST_FOLLOW_UPS, FOLLOW_UPS_AHEAD = 5, dt.timedelta(days=14)
LOOKS_AFTER = (Role.BOARD, Role.COMMITTEE)
WORKING = (Report.State.REQUESTED, Report.State.RUNNING)


@dataclass(frozen=True)
class Task:
    """Something to do or to look at, with the button that does it."""

    title: str
    text: str
    action: str
    url: str
    icon: str = "calendar-check"
    is_done: bool = False


@dataclass(frozen=True)
class Met:
    """How many cells below have met in the running month."""

    name: str
    month: dt.date
    done: Number
    due: Number
    missing: Number
    percent: str
    url: str


@dataclass(frozen=True)
class Owed:
    """What is on the table, in numbers; the page of what is due has the rows."""

    late: int
    open: int
    late_below: int
    below_in_words: str  # `3 sinh hoạt định kỳ, 1 báo cáo định kỳ`


@dataclass(frozen=True)
class Jobs:
    """State of the work in the background, for administrators."""

    is_alarming: bool
    oldest: str  # how long the oldest unfinished report, or bundle of them, has been waiting; "" if none does
    heartbeats: list[tuple[str, str]]
    letters: list[tuple[str, int]]  # that wait for the mail server, or were refused; empty where no mail is sent


@dataclass(frozen=True)
class Home:
    first: Task | None
    tasks: list[Task]
    notices: list[Notice]
    bundles: list[Bundle]  # one's own, in work or finished since one looked
    put_off: list[SessionNotice]  # sessions of the user's cells put off or called off lately
    met: list[Met]
    working: list[Report]
    next_sessions: list[tuple]
    own_tasks: list[SessionTask]  # given to the user in sessions, and still open
    outlines: list[Outline]
    expiring: list[SpeakerAppointment]
    asks: list[Ask]  # of the speakers' work: turns to take, swaps to answer, duties missing
    speaks: bool
    looks_after_speakers: bool
    jobs: Jobs | None
    owed: Owed | None  # none: for those of whom nothing is asked
    is_empty: bool


def home_of(user, day: dt.date) -> Home:
    reach = user.reach
    table = owing.on_the_table(reach, day) if reach.holds(AT_THE_CELL | DOWN_THE_TREE) else None
    owed = counted(table, reach) if table is not None else None
    tasks = [*session_tasks(reach, day), *owed_tasks(table or [], user, day)]
    tasks += [*report_tasks(user, day), *follow_up_tasks(user, day), *new_editions(user)]
    waiting = [task for task in tasks if not task.is_done]
    met = list(met_below(reach, day))
    working = list(reports_in_work(user)) if reach.holds(ASKS_FOR_REPORTS) else []
    next_sessions = sessions_ahead(reach, day) if reach.holds([MEMBER]) else []
    own_tasks = open_tasks_of(user)
    outlines = newest_outlines(user)
    asks = asks_of(user, day)
    jobs = jobs_now() if reach.holds([ADMINISTRATOR]) else None
    if below := late_below(owed):
        tasks.append(below)
        waiting.append(below)
    first = waiting[0] if waiting else first_look(met, asks, next_sessions, outlines)
    return Home(
        first=first,
        tasks=[task for task in tasks if task is not first],
        notices=unread(user),
        bundles=list(news_of_bundles(user)) if reach.tops else [],
        put_off=put_off(reach, day),
        met=met,
        working=working,
        next_sessions=next_sessions,
        own_tasks=own_tasks,
        outlines=outlines,
        expiring=list(ending_soon(user, day)[:MOST_EXPIRING]) if reach.holds(APPOINTING) else [],
        asks=asks,
        looks_after_speakers=reach.holds(READERS),
        speaks=TeamMember.unscoped.on(day).filter(person__user=user).exists(),
        jobs=jobs,
        owed=owed,
        is_empty=not (first or tasks or own_tasks or asks or jobs),
    )


def ending_soon(user, day: dt.date) -> QuerySet:
    """Speakers below whose decision runs out within 60 days, for those who may renew it."""
    rows = SpeakerAppointment.objects.filter(below_today(user.reach, "organisation", user.reach.at(APPOINTING)))
    return expiring(rows, day).select_related("person")


def session_tasks(reach: Reach, day: dt.date) -> Iterator[Task]:
    if not reach.holds(AT_THE_CELL):
        return
    for due in due_for(reach, day):
        yield Task(due.label, f"{due.cell_name} · {due.when}", due.action, due.url, is_done=due.is_done)
    for unready in unready_for(reach, day):
        yield unready_task(unready)


OWN_SUBJECTS = frozenset({Subject.CONFERENCE, Subject.REPORT})  # follow-ups have lines of their own


def owed_tasks(table: list[Obligation], user, day: dt.date) -> Iterator[Task]:
    """What is late or near at the user's own places, beside the sessions of now, which are told with their state."""
    reach = user.reach
    keeps, cells, committees = reach.at(KEEPERS), reach.at(AT_THE_CELL), reach.at({Role.COMMITTEE})
    own = [one for one in table if one.is_near(day) and is_own(one, keeps, cells, committees, day)]
    for row in rows_of(own[:MOST_OWED], user, day):
        text = _("%(name)s · hạn %(day)s, %(state)s") % {
            "name": row.name,
            "day": f"{row.obligation.due:%d/%m/%Y}",
            "state": row.state.lower(),
        }
        yield Task(row.title, text, row.action, row.url, "clock")


def is_own(one: Obligation, keeps, cells, committees, day: dt.date) -> bool:
    if one.subject == Subject.EXECUTIVE:
        return one.organisation in committees
    if one.subject in OWN_SUBJECTS or (one.subject in DUTIES and not one.is_late):
        return one.organisation in keeps  # duties that are late and decisions about to end are told as asks
    missed = one.subject in (Subject.REGULAR, Subject.THEMATIC) and one.last_day < day
    return missed and one.organisation in cells


def counted(table: list[Obligation], reach: Reach) -> Owed:
    own = reach.at(KEEPERS) | reach.at(AT_THE_CELL)
    late = [one for one in table if one.is_late]
    below = [one for one in late if one.organisation not in own]
    words = [
        f"{thousands(count)} {Subject(subject).label}" for subject, count in Counter(o.subject for o in below).items()
    ]
    return Owed(len(late), sum(one.is_open for one in table), len(below), ", ".join(words))


def late_below(owed: Owed | None) -> Task | None:
    """The one button of those who look after others."""
    if owed is None or not owed.late_below:
        return None
    title = _("%s việc quá hạn ở các đơn vị trực thuộc") % thousands(owed.late_below)
    address = f"{reverse('reports:due')}?state=late"
    return Task(title, f"{owed.below_in_words}.", _("Xem việc quá hạn"), address, "exclamation-triangle-fill")


def unready_task(unready: Unready) -> Task:
    session, checklist = unready.session, unready.checklist
    text = _("%(cell)s · còn %(left)d việc") % {"cell": unready.cell_name, "left": checklist.left}
    if checklist.due:
        text = _("%(text)s, hạn %(day)s") % {"text": text, "day": f"{checklist.due:%d/%m/%Y}"}
    if session.is_closed:
        title = _("Sau buổi sinh hoạt ngày %s: biên bản, báo cáo kết quả") % f"{session.day:%d/%m/%Y}"
    else:
        title = _("Chuẩn bị buổi sinh hoạt ngày %s") % f"{session.day:%d/%m/%Y}"
    return Task(title, text, _("Xem việc còn lại"), reverse("sessions:preparation", args=[session.public_id]))


def report_tasks(user, day: dt.date) -> Iterator[Task]:
    """Papers that came back, or wait to be written, signed, sent or taken in; one alone is led to."""
    if not user.reach.holds(SEES_REPORTS):
        return
    mend = _("Cấp trên đã ghi lý do. Hãy lập bản thay thế.")
    quarter = ended_quarter(day)
    write = _("Số liệu %s đã có sẵn; còn mục III, IV do đơn vị ghi.") % quarter.label
    for waiting, stage, title, text, action in (
        (sent_back_to(user), Stage.RETURNED, _("%d báo cáo bị trả lại"), mend, _("Xem lý do")),
        (awaiting_signature(user), Stage.SUBMITTED, _("%d báo cáo chờ ký"), _("Đã trình đồng chí."), _("Xem và ký")),
        (awaiting_sending(user), Stage.SIGNED, _("%d báo cáo đã ký, chưa gửi"), _("Tệp đã lập xong."), _("Xem và gửi")),
        (awaiting_answer(user), Stage.SENT, _("%d báo cáo chờ tiếp nhận"), _("Cấp dưới đã gửi."), _("Xem báo cáo")),
        (prepared_for(user, quarter.code), Stage.DRAFT, _("%d dự thảo báo cáo chờ ghi"), write, _("Xem dự thảo")),
    ):
        if found := list(waiting.values_list("public_id", flat=True)):
            alone = reverse("reports:detail", args=found[:1]) if len(found) == 1 else ""
            address = alone or f"{reverse('reports:list')}?stage={stage}"
            yield Task(title % len(found), text, action, address, "file-earmark-text")


def new_editions(user) -> Iterator[Task]:
    """Of outlines that the user's cell holds in an earlier one; the three that were put up last."""
    for reminder in sorted(reminders(user), key=lambda one: -one.outline.pk)[:3]:
        outline = reminder.outline
        text = _("Chi bộ đang giữ bản thứ %(held)d, nay có bản thứ %(edition)d.") % {
            "held": reminder.held,
            "edition": outline.edition,
        }
        address = reverse("resolutions:document", args=[outline.document.public_id])
        yield Task(outline.title, text, _("Xem bản mới"), address, "file-earmark-text")


def follow_up_tasks(user, day: dt.date) -> Iterator[Task]:
    """What one's own organisation owes after a conference, the nearest first; for boards, how many below are late."""
    owed = FollowUp.objects.for_user(user).open().filter(organisation__in=reports_for(user.reach))
    for one in owed.filter(due__lte=day + FOLLOW_UPS_AHEAD).order_by("due", "pk")[:MOST_FOLLOW_UPS]:
        address = reverse("resolutions:follow_up", args=[one.public_id])
        yield Task(one.title, how_it_stands(one, day), _("Xem việc"), address, "list-check")
    if user.reach.holds(LOOKS_AFTER):
        late = FollowUp.objects.for_user(user).overdue(on=day).exclude(organisation__in=reports_for(user.reach))
        if number := late.count():
            yield Task(
                _("%d việc sau hội nghị học tập quá hạn") % number,
                _("Bài thu hoạch, chương trình hành động, đăng ký làm theo, báo cáo kiểm tra."),
                _("Xem việc quá hạn"),
                f"{reverse('resolutions:follow_ups')}?show=overdue",
                "list-check",
            )


def how_it_stands(one: FollowUp, day: dt.date) -> str:
    if one.due < day:
        return _("Quá hạn từ %s") % f"{one.due:%d/%m/%Y}"
    if one.lacks_report(day):
        return _("Đã kiểm tra ngày %s, chưa có báo cáo kiểm tra") % f"{one.inspected_on:%d/%m/%Y}"
    return _("Hạn %s") % f"{one.due:%d/%m/%Y}"


def first_look(met: list[Met], asks: list[Ask], next_sessions: list[tuple], outlines: list[Outline]) -> Task | None:
    """The one button of those who have nothing to do themselves."""
    if met:
        one = met[0]
        text = (
            _("Mọi chi bộ đã sinh hoạt trong tháng.")
            if one.missing.text == "0"
            else _("%(missing)s trên %(due)s chi bộ chưa sinh hoạt định kỳ tháng %(month)s.")
            % {"missing": one.missing.text, "due": one.due.text, "month": f"{one.month:%m/%Y}"}
        )
        return Task(one.name, text, _("Xem tình hình sinh hoạt"), one.url, icon="bar-chart-line")
    if asks:
        ask = asks.pop(0)
        return Task(ask.title, ask.text, ask.action, ask.url, "megaphone")
    if next_sessions:
        session, cell_name = next_sessions.pop(0)
        return Task(
            when_and_where(session), cell_name, _("Xem buổi sinh hoạt"), session_address(session), "calendar-event"
        )
    if outlines:
        text = _("Mới nhất: %s") % outlines[0].title
        return Task(_("Văn bản, đề cương"), text, _("Xem văn bản"), reverse("resolutions:list"), "file-earmark-text")
    return None


def when_and_where(session: Session) -> str:
    when = f"{date_format(session.day, 'l')} {session.day:%d/%m/%Y}"
    if session.start:
        when = f"{session.start:%H:%M}, {when}"
    return f"{when}, {session.place}" if session.place else when


def session_address(session: Session) -> str:
    return reverse("sessions:detail", args=[session.public_id])


def met_below(reach: Reach, day: dt.date) -> Iterator[Met]:
    """One line per organisation from which the user looks down, figures as on the dashboard."""
    if not reach.tops:
        return
    organisations = list(Organisation.unscoped.filter(pk__in=reach.tops).order_by("code"))
    period = Period.parse(f"{day:%Y-%m}")
    found = figures_of(organisations, period)
    names = names_on(organisations, day)
    for organisation in organisations:
        due, done = found[organisation.pk].regular_due, found[organisation.pk].regular_done
        rows = reverse("reports:duties_behind", args=[organisation.public_id])
        query = f"?span={asked_for(period)['span']}&year={day.year}"
        page = reverse("reports:dashboard_of", args=[organisation.public_id])
        yield Met(
            name=names[organisation.pk].name,
            month=period.first_day,
            done=Number(thousands(done), f"{rows}{query}&show=done"),
            due=Number(thousands(due), f"{rows}{query}&show=all"),
            missing=Number(thousands(due - done), f"{rows}{query}&show=missing"),
            percent=percent(done, due),
            url=f"{page}{query}",
        )


def reports_in_work(user) -> QuerySet[Report]:
    return Report.objects.for_user(user).filter(state__in=WORKING, requested_by=user)[:5]


def unread(user) -> list[Notice]:
    waiting = Notice.unscoped.filter(user=user, read_at=None).select_related("report").order_by("-created")
    return list(waiting.filter(report__in=Report.objects.for_user(user).order_by())[:5])


def news_of_bundles(user) -> QuerySet[Bundle]:
    told = Q(state__in=[Bundle.State.DONE, Bundle.State.FAILED], seen_at=None, removed_at=None)
    return Bundle.objects.for_user(user).filter(told | Q(state__in=WORKING)).defer("papers")[:5]


def put_off(reach: Reach, day: dt.date) -> list[SessionNotice]:
    """Notices of the last days, until the old day and the new one are both over."""
    recent = SessionNotice.unscoped.filter(session__cell__in=reach.cells, given_at__date__gt=day - TOLD_FOR)
    return [
        notice
        for notice in recent.select_related("session").order_by("-given_at")[:5]
        if max(notice.old_day, notice.new_day or notice.old_day) >= day
    ]


def sessions_ahead(reach: Reach, day: dt.date) -> list[tuple]:
    """The next session of each cell the user belongs to: (session, name of the cell)."""
    cells = reach.at([MEMBER]) - reach.at(AT_THE_CELL)  # who runs the cell finds it among the tasks
    planned = Session.unscoped.filter(
        cell__in=cells, day__gte=day, state__in=[Session.State.PLANNED, Session.State.OPEN]
    ).select_related("cell")
    first = {}
    for session in planned.order_by("day", "start"):
        first.setdefault(session.cell_id, session)
    names = names_on([session.cell for session in first.values()], day)
    return [(session, names[cell].name) for cell, session in first.items()]


def open_tasks_of(user) -> list[SessionTask]:
    tasks = SessionTask.objects.for_user(user).open().filter(owner__user=user)
    return list(tasks.order_by(F("due").asc(nulls_last=True), "pk")[:5])


def newest_outlines(user) -> list[Outline]:
    """The newest edition of each outline, the latest three."""
    newest = {}
    for outline in Outline.objects.for_user(user).select_related("document")[:30]:
        newest.setdefault((outline.document_id, outline.audience, outline.title), outline)
    return list(newest.values())[:3]


def jobs_now() -> Jobs:
    ages = ages_in_seconds()
    waiting, heartbeats = waiting_seconds(ages), ages["heartbeats"]
    names = {
        "sweep": _("Kiểm tra việc bị bỏ dở"),
        "beat": _("Hẹn giờ"),
        "seal": _("Niêm phong nhật ký"),
        "retention": _("Xóa dữ liệu quá hạn lưu"),
    }
    return Jobs(
        is_alarming=is_alarming(ages),
        oldest=span(max(waiting)) if waiting else "",
        heartbeats=[(names.get(name, name), span(age)) for name, age in heartbeats.items()],
        letters=letters_left() if settings.SENDS_MAIL else [],
    )


def letters_left() -> list[tuple[str, int]]:
    count = dict(Letter.unscoped.order_by().values_list("state").annotate(Count("pk")))
    return [
        (_("Thư nhắc việc chờ gửi"), count.get(Letter.State.WAITING, 0)),
        (_("Thư nhắc việc không gửi được"), count.get(Letter.State.FAILED, 0)),
    ]


def span(seconds: int) -> str:
    minutes = seconds // 60
    if minutes < 1:
        return _("chưa đầy 1 phút")
    return _("%s phút") % minutes if minutes < 120 else _("%s giờ") % (minutes // 60)
