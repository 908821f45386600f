"""Real rows for tests. Build what a story needs by name; everything else has a plain value."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from cells import lineage
from cells.models import Kind, Membership, Organisation, OrganisationPeriod, Person, Post, Role, Standing, Status
from resolutions.models import Mode, ReceivingSite, StudyConference
from sessions.counting import add_to_rollup, count_roll_call
from sessions.models import (
    Attendance,
    Mark,
    PlannedTheme,
    RuleSubject,
    Session,
    SessionKind,
    SessionRule,
    Shift,
    ThematicPlan,
)
from speakers.models import Level, SpeakerAppointment, SpeakerKind

LONG_AGO = dt.date(2020, 1, 1)


class UnscopedFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _get_manager(cls, model_class):
        return getattr(model_class, "unscoped", None) or model_class.objects


class UserFactory(UnscopedFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    full_name = factory.Sequence(lambda n: f"Người dùng {n}")


PERIOD_FIELDS = ("name", "kind", "parent", "first_day", "last_day")


class OrganisationFactory(UnscopedFactory):
    """An organisation with one period; the closure is rebuilt, so that it can be asked for at once."""

    class Meta:
        model = Organisation

    code = factory.Sequence(lambda n: f"T{n}")
    name = factory.LazyAttribute(lambda fields: f"Tổ chức {fields.code}")
    kind = Kind.CELL
    parent = None
    first_day = LONG_AGO
    last_day = None

    @classmethod
    def _create(cls, model_class, *args, **fields):
        period = {name: fields.pop(name) for name in PERIOD_FIELDS}
        organisation = super()._create(model_class, *args, **fields)
        OrganisationPeriodFactory(organisation=organisation, **period)
        lineage.rebuild()
        return organisation


class OrganisationPeriodFactory(UnscopedFactory):
    class Meta:
        model = OrganisationPeriod

    name = "Chi bộ mẫu"
    kind = Kind.CELL
    first_day = LONG_AGO


class PersonFactory(UnscopedFactory):
    class Meta:
        model = Person

    code = factory.Sequence(lambda n: f"DV{n}")
    full_name = factory.Sequence(lambda n: f"Đảng viên {n}")


class MembershipFactory(UnscopedFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    cell = factory.SubFactory(OrganisationFactory)
    standing = Standing.OFFICIAL
    status = Status.ACTIVE
    first_day = LONG_AGO


class PostFactory(UnscopedFactory):
    class Meta:
        model = Post

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.SECRETARY
    first_day = LONG_AGO


class SessionFactory(UnscopedFactory):
    class Meta:
        model = Session

    code = factory.Sequence(lambda n: f"B{n}")
    cell = factory.SubFactory(OrganisationFactory)
    day = dt.date(2024, 7, 3)
    kind = SessionKind.REGULAR
    state = Session.State.PLANNED


class AttendanceFactory(UnscopedFactory):
    class Meta:
        model = Attendance

    session = factory.SubFactory(SessionFactory)
    person = factory.SubFactory(PersonFactory)
    mark = Mark.PRESENT


class SessionRuleFactory(UnscopedFactory):
    """Another day for the regular session, unless the story says what else."""

    class Meta:
        model = SessionRule

    organisation = factory.SubFactory(OrganisationFactory)
    subject = RuleSubject.SESSION_DAY
    number = 5
    shift = factory.LazyAttribute(lambda rule: Shift.NEXT if rule.subject == RuleSubject.SESSION_DAY else "")
    source = "Nghị quyết của chi bộ"
    reason = "Làm việc theo ca"
    first_day = LONG_AGO


class ThematicPlanFactory(UnscopedFactory):
    class Meta:
        model = ThematicPlan

    cell = factory.SubFactory(OrganisationFactory)
    year = 2024
    first_day = factory.LazyAttribute(lambda plan: dt.date(plan.year, 1, 1))


class PlannedThemeFactory(UnscopedFactory):
    class Meta:
        model = PlannedTheme

    plan = factory.SubFactory(ThematicPlanFactory)
    month = 2
    title = factory.Sequence(lambda n: f"Chuyên đề {n}")


class ConferenceFactory(UnscopedFactory):
    class Meta:
        model = StudyConference

    code = factory.Sequence(lambda n: f"HN{n}")
    organisation = factory.SubFactory(OrganisationFactory)
    day = dt.date(2024, 7, 10)
    subject = "Học tập nghị quyết"
    mode = Mode.HYBRID
    expected = 0
    present = 0


class ReceivingSiteFactory(UnscopedFactory):
    class Meta:
        model = ReceivingSite

    conference = factory.SubFactory(ConferenceFactory)
    name = factory.Sequence(lambda n: f"Điểm cầu {n}")
    expected = 0
    present = 0


class AppointmentFactory(UnscopedFactory):
    class Meta:
        model = SpeakerAppointment

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    kind = SpeakerKind.SPEAKER
    level = Level.PROVINCE
    first_day = LONG_AGO


def close(session: Session, marks: dict[Person, Mark] | None = None) -> Session:
    """A finished session: everybody expected came, but for those whose mark is given; counters and roll-up agree."""
    expected = Membership.unscoped.on(session.day).expected().filter(cell=session.cell)
    marked = {membership.person: Mark.PRESENT for membership in expected} | (marks or {})
    expected_ids = {membership.person_id for membership in expected}
    for person, mark in marked.items():
        AttendanceFactory(session=session, person=person, mark=mark, is_expected=person.pk in expected_ids)
    counters = count_roll_call(session)
    Session.unscoped.filter(pk=session.pk).update(state=Session.State.CLOSED, **counters)
    session.refresh_from_db()
    add_to_rollup(session)
    return session
