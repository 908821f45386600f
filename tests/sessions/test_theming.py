import datetime as dt

import pytest
import time_machine

from accounts.models import AuditEntry
from sessions import arranging, planning, theming
from sessions.models import PlannedTheme, RuleSubject, Session, SessionKind, ThematicPlan, ThemeMethod
from sessions.states import ChangedMeanwhile
from sessions.theme_rows import EARLY, FIXED, HELD, LATE, MISSING, quarters_of, year_of
from sessions.theming import Wanted
from tests.factories import (
    OrganisationFactory,
    PlannedThemeFactory,
    SessionFactory,
    SessionRuleFactory,
    ThematicPlanFactory,
    close,
)

State = ThematicPlan.State
LINE = Wanted(theme=None, month=2, title="Nêu gương")
IN_THAT_YEAR = time_machine.travel(dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC))  # long past, no theme is offered


def save(cast, *wanted, removed=frozenset(), version=0, year=2026):
    return theming.save_themes(cast.cell, year, list(wanted), set(removed), version=version, actor=cast.lan)


def titles(plan):
    return [(theme.month, theme.title) for theme in plan.themes.all()]


@pytest.fixture
def plan(cast):
    return save(cast, LINE, Wanted(theme=None, month=5, title="Dân vận", preparer_id=cast.member.pk))


def test_a_plan_is_written_registered_returned_corrected_and_accepted(cast, plan):
    theming.register(plan, actor=cast.hoa)
    theming.send_back(plan, "Thiếu quý III", version=2, actor=cast.minh)
    plan.refresh_from_db()
    assert (plan.state, plan.return_reason, plan.decided_by) == (State.RETURNED, "Thiếu quý III", cast.minh)

    save(cast, Wanted(theme=None, month=8, title="Chuyển đổi số"), version=plan.version)
    theming.register(plan, actor=cast.hoa)
    plan.refresh_from_db()
    theming.accept(plan, version=plan.version, actor=cast.minh)

    plan.refresh_from_db()
    assert (plan.state, plan.return_reason, plan.registered_by) == (State.ACCEPTED, "", cast.hoa)
    assert titles(plan) == [(2, "Nêu gương"), (5, "Dân vận"), (8, "Chuyển đổi số")]
    actions = ["saved", "registered", "returned", "saved", "registered", "accepted"]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        f"theme_plan.{action}" for action in actions
    ]


def test_who_saves_second_is_told_and_takes_nothing_away(cast, plan):
    first, second = plan.themes.all()
    save(cast, Wanted(theme=None, month=11, title="Của Hoa"), version=1)

    with pytest.raises(ChangedMeanwhile, match="Người khác vừa sửa kế hoạch này"):
        save(cast, Wanted(theme=first.pk, month=3, title="Của Lan"), version=1)
    save(cast, Wanted(theme=first.pk, month=3, title="Của Lan"), removed={second.pk}, version=2)

    assert titles(plan) == [(3, "Của Lan"), (11, "Của Hoa")]


def test_a_registered_plan_is_not_edited_and_an_empty_one_not_registered(cast, plan):
    empty = theming.save_themes(cast.neighbour, 2026, [], set(), version=0, actor=cast.nam)
    with pytest.raises(theming.NothingPlanned):
        theming.register(empty, actor=cast.nam)
    with pytest.raises(theming.WrongState):
        theming.accept(plan, version=1, actor=cast.minh)
    theming.register(plan, actor=cast.hoa)
    with pytest.raises(theming.WrongState):
        save(cast, LINE, version=2)
    with pytest.raises(ChangedMeanwhile):
        theming.accept(plan, version=1, actor=cast.minh)

    theming.withdraw(plan, actor=cast.hoa)
    assert save(cast, LINE, version=3).state == State.DRAFT


def test_last_years_plan_is_copied_without_people_and_days(cast, plan):
    copied = theming.copy_last_year(cast.cell, 2027, actor=cast.lan)

    assert titles(copied) == titles(plan)
    assert not copied.themes.exclude(preparer=None, session=None, planned_day=None).exists()
    with pytest.raises(theming.HasPlanAlready):
        theming.copy_last_year(cast.cell, 2027, actor=cast.lan)
    with pytest.raises(theming.NothingToCopy):
        theming.copy_last_year(cast.neighbour, 2027, actor=cast.nam)


def test_a_moved_theme_keeps_its_planned_month(cast, plan):
    theme = plan.themes.first()

    theming.move(theme, 4, dt.date(2026, 4, 3), "Bận diễn tập", version=plan.version, actor=cast.lan)

    theme.refresh_from_db()
    assert (theme.month, theme.due_month, theme.moved_day, theme.move_reason) == (
        2,
        4,
        dt.date(2026, 4, 3),
        "Bận diễn tập",
    )


@IN_THAT_YEAR
def test_a_theme_belongs_to_one_session_until_that_is_cancelled(cast, plan):
    theme = plan.themes.first()
    held, other = (
        SessionFactory(cell=cast.cell, day=dt.date(2026, 2, day), kind=SessionKind.THEMATIC, theme="A")
        for day in (3, 20)
    )
    theming.tie(held, theme, actor=cast.lan)
    assert [one.title for one in theming.unheld([cast.cell])] == ["Dân vận"]
    with pytest.raises(theming.Tied):
        theming.tie(other, theme, actor=cast.lan)
    with pytest.raises(theming.Tied):
        save(cast, removed={theme.pk}, version=1)

    Session.unscoped.filter(pk=held.pk).update(state=Session.State.CANCELLED)
    theming.tie(other, theme, actor=cast.lan)
    theming.tie(other, None, actor=cast.lan)

    theme.refresh_from_db()
    assert theme.session is None


@pytest.mark.parametrize(
    ("month", "day", "state", "standing"),
    [
        (3, dt.date(2026, 3, 20), "closed", HELD),
        (2, dt.date(2026, 3, 20), "closed", LATE),
        (5, dt.date(2026, 3, 20), "closed", EARLY),
        (5, dt.date(2026, 5, 20), "planned", FIXED),
        (2, None, "", MISSING),
        (2, dt.date(2026, 2, 20), "cancelled", MISSING),
    ],
)
def test_planned_against_done_at_a_glance(cast, month, day, state, standing):
    plan = ThematicPlanFactory(cell=cast.cell, year=2026)
    session = day and SessionFactory(cell=cast.cell, day=day, kind=SessionKind.THEMATIC, theme="A", state=state)
    PlannedThemeFactory(plan=plan, month=month, session=session)

    shown = year_of(cast.cell, 2026, plan.themes.select_related("session"), dt.date(2026, 4, 1), {}, True)

    assert [row.standing for row in shown.rows] == [standing]
    assert [(cell.number, cell.standing) for cell in shown.months if cell.rows] == [(month, standing)]


def test_the_quota_is_per_quarter_and_only_of_whole_ones(cast):
    """Six in two quarters do not make up for the other two (domain.md R4)."""
    cell = OrganisationFactory(parent=cast.branch, first_day=dt.date(2026, 2, 1))
    SessionRuleFactory(organisation=cast.branch, subject=RuleSubject.THEMATIC_PER_QUARTER, number=2)
    for number in range(6):
        day = dt.date(2026, 4 + number % 2, 10 + number)
        close(SessionFactory(cell=cell, day=day, kind=SessionKind.COMBINED, theme="A"))

    found = quarters_of(cell, 2026, dt.date(2026, 11, 1))

    assert [(one.done, one.quota, one.badge) for one in found] == [
        (0, None, "badge-plain"),
        (6, 2, "badge-ok"),
        (0, 2, "badge-bad"),
        (0, 2, "badge-plain"),
    ]


def test_a_plan_says_which_quarters_it_leaves_below_the_rule_in_force(cast, client):
    """Told, not forbidden: the committee may know why."""
    SessionRuleFactory(organisation=cast.branch, subject=RuleSubject.THEMATIC_PER_QUARTER, number=2)
    plan = ThematicPlanFactory(cell=cast.cell, year=2026)
    for month in (2, 3, 4, 5, 8):
        PlannedThemeFactory(plan=plan, month=month)
    client.force_login(cast.hoa)

    page = client.get(f"/ke-hoach/{cast.cell.public_id}/2026/").content.decode()
    edited = client.get(f"/ke-hoach/{cast.cell.public_id}/2026/sua/").content.decode()

    assert "Kế hoạch chưa đủ 2 chuyên đề mỗi quý: thiếu ở quý III, IV." in page
    assert "Mỗi quý ít nhất 2 chuyên đề." in edited


@IN_THAT_YEAR
def test_a_plan_made_for_a_session_takes_its_theme(cast, client, plan):
    client.force_login(cast.lan)
    theme = PlannedTheme.unscoped.get(title="Dân vận")
    page = client.get("/buoi-sinh-hoat/len-ke-hoach/?kind=thematic")
    assert "Dân vận" in page.content.decode()
    data = {"kind": "thematic", "planned_theme": theme.public_id, "day": "20/11/2026", "mode": "in_person"}

    client.post("/buoi-sinh-hoat/len-ke-hoach/", data | {"form_key": "0b9f3a2e-7f0e-4a43-9a38-6c2f5d1f8f11"})

    session = Session.unscoped.get()
    assert (session.theme, session.planned_theme) == ("Dân vận", theme)


def test_the_agenda_says_who_presents_the_planned_theme_and_how(cast, plan):
    """Typed once, in the plan of the year; what somebody wrote into the agenda since stays."""
    theme = PlannedTheme.unscoped.get(title="Dân vận")  # Mai prepares it, nobody was named to present it
    PlannedTheme.unscoped.filter(title="Nêu gương").update(
        presenter_text="Ông Bình", method=ThemeMethod.objects.get(name="kể chuyện")
    )
    fields = {"day": dt.date(2026, 5, 3), "kind": "combined", "theme": "A", "place": "", "start": None}
    session = planning.plan(cast.cell, fields | {"mode": "in_person"}, actor=cast.lan)
    first = session.agenda.filter(part="thematic")[0]

    theming.tie(session, theme, actor=cast.lan)
    first.refresh_from_db()
    assert (first.presenter_name, first.presenter) == ("Mai", cast.member)

    arranging.lay_out_again(session, actor=cast.lan)
    theming.tie(session, PlannedTheme.unscoped.get(title="Nêu gương"), actor=cast.lan)
    first = session.agenda.filter(part="thematic")[0]
    assert (first.presenter_name, first.presenter, first.method) == ("Ông Bình", None, "kể chuyện")

    session.agenda.filter(pk=first.pk).update(presenter_name="Lan")
    theming.tie(session, theme, actor=cast.lan)
    first.refresh_from_db()
    assert first.presenter_name == "Lan"


def test_a_board_reads_themes_without_names(cast, client, plan):
    theming.register(plan, actor=cast.hoa)
    address = f"/ke-hoach/{cast.cell.public_id}/2026/"

    def read(user):
        client.force_login(user)
        return client.get(address).content.decode()

    pages = {name: read(getattr(cast, name)) for name in ("mai", "minh", "binh", "thu")}

    assert {name: ("Dân vận" in page, "Chuẩn bị: Mai" in page) for name, page in pages.items()} == {
        "mai": (True, True),
        "minh": (True, True),
        "binh": (True, False),
        "thu": (True, True),
    }
    assert [name for name, page in pages.items() if "chap-nhan" in page] == ["minh"]
    assert "Dân vận" not in read(cast.nam)
