"""The sample tells the sources' facts exactly, says everywhere that it is a sample, and is the same every time."""

import datetime as dt
import hashlib
from collections import Counter, defaultdict

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from cells.dated import covering
from cells.models import CELL_KINDS, Membership, Organisation, OrganisationPeriod, Person, Status
from cells.reach import with_reach
from reports.access import awaiting_answer, awaiting_signature
from reports.models import Artifact, Report, Stage
from reports.obligations import owing
from reports.obligations.models import Subject
from reports.periods import Period
from reports.sample import bloc, loading, small
from reports.sample.people import DEMO_LOGINS, DEMO_PASSWORD
from reports.showing import changes_of
from reports.statistics import figures
from resolutions.models import Document, Outline, StudyConference
from sessions.counting import count_roll_call, rebuild_rollup
from sessions.models import COUNTERS, Attendance, Session
from speakers.models import SpeakerAppointment, SpeakerKind

pytestmark = pytest.mark.once

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="class")
def _sample(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loaded once for the class, and taken back at its end."""
    folder = tmp_path_factory.mktemp("sample")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DATA_DIR=folder):
        loading.load("small", TODAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sample(_sample, db):
    return _sample


def of(code, period, structure="then"):
    return figures(Organisation.unscoped.get(code=code), Period.parse(period), structure, on=TODAY)


@pytest.mark.usefixtures("sample")
class TestSmall:
    def test_fourteen_members_held_six_thematic_sessions_with_84_attendances(self):
        year = of("M-BDV", "2021")

        assert (year.members_total, year.sessions, year.sessions_thematic) == (14, 6, 6)
        assert (year.expected, year.present, year.attendance_rate) == (84, 84, 1.0)
        themes = Session.unscoped.filter(cell__code="M-BDV", day__year=2021).values_list("theme", flat=True)
        assert len(set(themes)) == 6

    def test_two_blocs_became_one_by_a_decision(self):
        periods = OrganisationPeriod.unscoped.filter(organisation__code__in=["M-KCQ", "M-KDN"])
        assert {p.last_day for p in periods} == {dt.date(2020, 2, 27)}
        assert {p.organisation.successor.code for p in periods} == {"M-KHOI"}
        heir = OrganisationPeriod.unscoped.get(organisation__code="M-KHOI")
        assert (heir.first_day, heir.decision) == (dt.date(2020, 2, 28), "3638-QĐ/TU 28/02/2020")

    def test_a_cells_team_has_seven_propagandists_whose_leaders_hold_other_posts(self):
        assert of("M-PN", "2022").propagandists == 7
        team = SpeakerAppointment.unscoped.filter(organisation__code="M-PN").values_list("person", flat=True)
        others = SpeakerAppointment.unscoped.filter(person__in=team).exclude(organisation__code="M-PN")
        posts = others.on(dt.date(2022, 12, 31)).values_list("kind", "level", "organisation__code")
        assert sorted(posts) == [("propagandist", "grassroots", "M-KHOI"), ("speaker", "province", "M-TINH")]

    def test_the_culture_department_has_nine_units_and_about_5300_spectators(self):
        quarter = of("M-VH", "2022-Q3")

        units = OrganisationPeriod.unscoped.on(dt.date(2022, 9, 30)).filter(parent__code="M-VH")
        assert Counter(unit.kind in CELL_KINDS for unit in units) == {True: 7, False: 2}
        assert (quarter.committees, quarter.members_total) == (2, 158)
        assert (quarter.guests, quarter.guests_mark) == (5300, "khoảng")

    def test_the_district_has_31_speakers_15_collaborators_and_12_conferences(self):
        year = of("M-HUYEN", "2022")

        assert (year.speakers, year.collaborators, year.conferences) == (31, 15, 12)
        assert year.conference_present / year.conference_expected == 0.98
        people = SpeakerAppointment.unscoped.filter(organisation__code="M-HUYEN").exclude(kind=SpeakerKind.PROPAGANDIST)
        assert people.values("person").distinct().count() == 45  # one is both, so 46 at most
        assert {row.last_day for row in people} == {dt.date(2025, 6, 30)}

    def test_a_committee_has_thirty_cells(self):
        assert of("M-YT", "2026-Q3").cells == 30

    def test_then_and_now_differ_where_organisations_moved(self):
        assert of("M-DCQ", "2025-01").regular_done == 0
        assert of("M-DCQ", "2025-01", "now").regular_done == 5
        assert of("M-XA", "2025-06").sessions == 0
        assert of("M-XA", "2025-06", "now").sessions > 10
        assert of("M-HUYEN", "2022", "now").conferences == 0
        assert of("M-TINH", "2022", "now").conferences == 12

    def test_two_cells_merged_and_their_members_went_along(self):
        june, july = of("M-XA-TYT", "2025-06"), of("M-XA-TYT", "2025-07")
        before = of("M-X1-TYT", "2025-05").members_total + of("M-X2-TYT", "2025-05").members_total

        assert (june.members_total, june.cells) == (0, 0)
        assert july.members_total - july.members_probationary == before
        assert {o.successor.code for o in Organisation.unscoped.filter(code__in=["M-X1-TYT", "M-X2-TYT"])} == {
            "M-XA-TYT"
        }

    def test_this_months_session_of_the_demo_cell_waits_for_fourteen_people(self):
        cell = Organisation.unscoped.get(code="M-BDV")

        this_month = Session.unscoped.regular().filter(cell=cell, day__year=2026, day__month=11)

        session = this_month.get()
        assert (session.state, session.day) == (Session.State.PLANNED, TODAY)
        assert Membership.unscoped.filter(cell=cell).on(TODAY).expected().count() == 14

    def test_some_cells_have_not_met_this_month(self):
        month = of("M-TINH", "2026-11")
        assert 0 < month.regular_due - month.regular_done < 15

    def test_every_kind_of_member_occurs(self):
        spans = Membership.unscoped.on(TODAY)
        assert {span.status for span in spans} == set(Status)
        assert 0.93 < of("M-TINH", "2026-Q3").attendance_rate < 1

    def test_roll_calls_hold_exactly_those_expected_and_exempt_guests(self):
        spans = defaultdict(list)
        for span in Membership.unscoped.all():
            spans[span.cell_id].append(span)
        rows = defaultdict(set)
        for session, person, is_expected in Attendance.unscoped.values_list("session", "person", "is_expected"):
            rows[session, is_expected].add(person)

        for session in Session.unscoped.closed():
            there = [s for s in spans[session.cell_id] if s.first_day <= session.day <= (s.last_day or dt.date.max)]
            expected = {s.person_id for s in there if s.status in (Status.ACTIVE, Status.HOSTED)}
            exempt = {s.person_id for s in there if s.status == Status.EXEMPT}
            assert rows[session.pk, True] == expected
            assert rows[session.pk, False] <= exempt
        assert not any(rows[session.pk, True] for session in Session.unscoped.exclude(state="closed"))

    def test_counters_and_roll_up_agree_with_the_roll_calls(self):
        for session in Session.unscoped.closed()[::37]:
            assert {name: getattr(session, name) for name in COUNTERS} == count_roll_call(session)
        assert rebuild_rollup() == 0

    def test_a_hosted_member_is_away_at_home_on_the_same_days(self):
        homes = Membership.unscoped.home()
        for host in Membership.unscoped.filter(status=Status.HOSTED):
            home = homes.filter(person=host.person).filter(covering(host.first_day))
            assert [(row.status, row.cell == host.cell) for row in home] in ([], [(Status.AWAY, False)])

    def test_everything_that_has_a_name_or_a_code_says_that_it_is_a_sample(self):
        names = [*OrganisationPeriod.unscoped.values_list("name", flat=True)]
        names += Outline.unscoped.values_list("title", flat=True)
        names += Document.unscoped.values_list("subject", flat=True)
        names += StudyConference.unscoped.values_list("subject", flat=True)
        assert [name for name in names if not name.endswith("mẫu)")] == []
        tables = [table.unscoped.values_list("code", flat=True) for table in (Organisation, Person, Session)]
        codes = [code for table in tables for code in table]
        assert [code for code in codes if not code.startswith("M-")] == []

    def test_every_demo_user_logs_in_with_the_printed_password(self, client):
        users = {user.username: user for user in User.objects.all()}

        assert set(users) == {name for name, _, _, _ in DEMO_LOGINS}
        assert all(client.login(username=name, password=DEMO_PASSWORD) for name in users)
        members = {name for name, user in users.items() if hasattr(user, "person")}
        assert members == {"lan", "hoa", "phuong", "mai", "nam", "son"}
        places = {post.user.username: post.organisation for user in users.values() for post in user.posts.all()}
        for name, _, _, organisation in DEMO_LOGINS:
            if name in places:
                assert places[name].periods.on(TODAY).get().name == organisation

    def test_outlines_are_files_of_the_size_and_digest_they_say(self, settings):
        for outline in Outline.unscoped.all():
            body = (settings.DATA_DIR / "uploads" / outline.stored_name).read_bytes()
            assert (len(body), hashlib.sha256(body).hexdigest()) == (outline.size, outline.sha256)
            assert body.startswith(b"%PDF")
        assert {outline.audience for outline in Outline.unscoped.all()} == set(Outline.Audience)

    def test_reports_stand_on_every_step_of_their_way(self, settings):
        reports = list(Report.unscoped.filter(organisation__code="M-BDV").order_by("pk"))
        assert Counter(report.stage for report in reports) == {
            Stage.RECEIVED: 2,
            **dict.fromkeys([Stage.DRAFT, Stage.SUBMITTED, Stage.REPLACED, Stage.SENT], 1),
        }
        assert [report.period for report in reports if changes_of(report)] == ["2026-Q2"]  # corrected since
        assert all(report.shortcomings and report.next_tasks for report in reports)
        (replaced,) = [report for report in reports if report.stage == Stage.REPLACED]
        assert replaced.moves.get(stage=Stage.RETURNED).reason
        for artifact in Artifact.unscoped.all():
            assert hashlib.sha256((settings.DATA_DIR / artifact.path).read_bytes()).hexdigest() == artifact.sha256
        waiting = {"hoa": awaiting_signature, "minh": awaiting_answer, "binh": awaiting_answer}
        for name, awaited in waiting.items():  # each of them finds something to do
            assert awaited(with_reach(User.objects.get(username=name))).count() == 1

    def test_one_committee_has_laid_its_year_before_the_executive_committee_and_others_have_not(self):
        whole_year, top = (dt.date(2026, 1, 1), dt.date(2026, 12, 31)), Organisation.unscoped.get(code="M-TINH")
        owed = owing.in_period(top, *whole_year, on=timezone.localdate(), subjects={Subject.EXECUTIVE})

        done = [one for one in owed if one.is_done]
        assert [Organisation.unscoped.get(pk=one.organisation).code for one in done] == ["M-DCQ"]
        assert len(owed) > 2

    def test_loading_it_again_changes_nothing(self, capsys):
        call_command("load_sample", today=TODAY)
        assert capsys.readouterr().out == "Dữ liệu mẫu đã được nạp từ trước (đến ngày 21/11/2026).\n"

    def test_another_day_or_size_is_refused(self):
        for options in ({"today": dt.date(2026, 11, 22)}, {"size": "bloc"}):
            with pytest.raises(CommandError):
                call_command("load_sample", **options)


@pytest.mark.django_db
def test_a_database_in_use_is_left_alone():
    Organisation.unscoped.create(code="TU")

    with pytest.raises(CommandError, match="chỉ nạp dữ liệu mẫu vào cơ sở dữ liệu trống"):
        call_command("load_sample")

    assert Organisation.unscoped.count() == 1


@pytest.mark.django_db
def test_a_day_before_its_history_is_over_is_refused():
    with pytest.raises(CommandError, match="từ 01/10/2026"):
        call_command("load_sample", today=dt.date(2026, 9, 30))


@pytest.mark.django_db
def test_an_installation_in_production_gets_no_demo_log_ins(settings, tmp_path):
    settings.IS_DEMO, settings.DATA_DIR = False, tmp_path

    call_command("load_sample", today=TODAY)

    assert User.objects.count() == 0
    assert Organisation.unscoped.count() == 93


def test_the_same_day_gives_the_same_sample_and_another_day_does_not():
    assert digest(small.plan(TODAY)) == digest(small.plan(TODAY))
    assert digest(small.plan(TODAY)) != digest(small.plan(TODAY + dt.timedelta(days=1)))


def digest(content) -> str:
    rows = hashlib.sha256()
    for person in content.rosters.people.made:
        rows.update(f"{person.code} {person.full_name} {person.birth_date} {person.birth_year}".encode())
    for cell, spans in content.rosters.spans.items():
        for span in spans:
            rows.update(f"{cell} {span.person.code} {span.status} {span.first_day} {span.last_day}".encode())
    for sittings in content.batches:
        for sitting in sittings:
            rows.update(f"{sitting.session.code} {sitting.session.theme} {sitting.session.end}".encode())
            rows.update("".join(f"{p.code}{mark}{reason}{e}" for p, mark, reason, e in sitting.marks).encode())
    return rows.hexdigest()


def test_the_bloc_is_as_large_as_the_one_of_the_sources():
    content = bloc.plan(TODAY)

    kinds = Counter(content.tree.kind(code) for code in content.tree.organisations)
    assert kinds == {
        "bloc": 1,
        "grassroots_committee": 121,
        "grassroots_cell": 56,
        "sectional_committee": 23,
        "cell": 1274,
    }
    for day in (dt.date(2020, 12, 31), TODAY):
        assert members_on(content, day) == 15463


def members_on(content, day) -> int:
    spans = [span for spans in content.rosters.spans.values() for span in spans if span.status != Status.HOSTED]
    return sum(span.first_day <= day <= (span.last_day or dt.date.max) for span in spans)


@pytest.mark.slow
@pytest.mark.usefixtures("sample")
class TestExchange:
    def test_exported_and_imported_again_the_sample_changes_nothing(self, tmp_path, capsys):
        call_command("export_workbook", str(tmp_path / "sample.xlsx"))
        capsys.readouterr()

        call_command("import_workbook", str(tmp_path / "sample.xlsx"))

        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 7
        assert [line for line in lines if "thêm 0, đổi 0" not in line or not line.endswith("sai 0")] == []


@pytest.mark.slow
@pytest.mark.django_db
def test_the_bloc_loads_with_two_years_of_sessions(settings, tmp_path):
    settings.DATA_DIR = tmp_path

    call_command("load_sample", size="bloc", today=TODAY)

    year = of("M-KHOI", "2020")
    assert (year.committees, year.cells, year.members_total) == (144, 1330, 15463)
    quarter = of("M-KHOI", "2026-Q3")
    assert quarter.regular_due == 3990
    assert quarter.regular_done > 3800
    assert 0.93 < quarter.attendance_rate < 1
