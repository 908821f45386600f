"""What is written of a session, field by field; tasks that come back; the agenda that a session begins with."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from sessions import arranging, noting, planning, tasking
from sessions.models import AgendaTemplate, Session, SessionRecord, SessionTask, TaskReport, TaskState
from sessions.noting import Conflict, PageOutdated, page_of, save, token
from sessions.opening import open_session
from sessions.recording import NotWritable
from sessions.tasking import NoReason, ReportedLater, Told, tasks_at
from tests.factories import OrganisationFactory, SessionFactory
from tests.sessions.stories import finish, mark_everybody, person

DONE = Told(TaskState.DONE, "Đã nộp báo cáo")


def write(session, actor, base=None, **wanted):
    """Based on what is stored now, unless the story says on what."""
    known = page_of(session).tokens | {name: token(text) for name, text in (base or {}).items()}
    return save(session, wanted, known, actor=actor)


def task(session, actor, title="Rà soát hồ sơ", owner_name="Mai", due=None) -> SessionTask:
    return tasking.give(session, {"title": title, "owner_name": owner_name, "due": due}, actor=actor)


def meet(cast, day) -> Session:
    session = SessionFactory(cell=cast.cell, day=day)
    open_session(session, actor=cast.hoa)
    session.refresh_from_db()
    return session


def states_at(session) -> dict[str, tuple[str, str]]:
    return {line.task.title: (line.told.state, line.told.result) for line in tasks_at(session)}


def test_two_who_write_different_fields_disturb_nobody(cast, opened):
    write(opened, cast.lan, base={"summary": "", "conclusion": ""}, summary="Đa số tán thành")
    write(opened, cast.hoa, base={"summary": "", "conclusion": ""}, conclusion="Chi bộ thống nhất")

    record = SessionRecord.unscoped.get()
    assert (record.summary, record.conclusion, record.version) == ("Đa số tán thành", "Chi bộ thống nhất", 2)


def test_the_second_to_write_the_same_field_sees_both_versions(cast, opened):
    write(opened, cast.lan, summary="Bản của Lan")

    with pytest.raises(Conflict) as caught:
        write(opened, cast.hoa, base={"summary": ""}, summary="Bản của Hoa", conclusion="Xong")

    [clash] = caught.value.clashes
    assert (clash.label, clash.mine, clash.theirs, clash.changed_by) == (
        "Tóm tắt thảo luận",
        "Bản của Hoa",
        "Bản của Lan",
        str(cast.lan),
    )
    assert SessionRecord.unscoped.get().conclusion == ""


def test_the_same_words_again_change_nothing(cast, opened):
    assert write(opened, cast.lan, summary="Như cũ") == ["summary"]
    assert write(opened, cast.hoa, base={"summary": ""}, summary="Như cũ") == []
    assert AuditEntry.objects.filter(action=noting.ACTION).count() == 1


def test_a_field_that_its_page_shows_unchanged_overwrites_nobody(cast, opened):
    """Without scripts a page sends every field, also those that somebody else wrote meanwhile."""
    write(opened, cast.lan, summary="Bản của Lan")

    assert write(opened, cast.hoa, base={"summary": ""}, summary="", dues="Đã đóng đủ") == ["dues"]
    assert SessionRecord.unscoped.get().summary == "Bản của Lan"


def test_names_that_stand_on_the_roster_become_persons(cast, opened):
    write(opened, cast.lan, chair_name="Hoa", minute_taker_name="Khách mời từ xã")

    record = SessionRecord.unscoped.get()
    assert (record.chair, record.minute_taker) == (person("Hoa"), None)


def test_nothing_is_written_of_a_planned_session_nor_of_what_is_only_spoken(cast, planned):
    with pytest.raises(NotWritable):
        save(planned, {"summary": "Sớm quá"}, {}, actor=cast.lan)
    fields = {
        "part": "regular",
        "title": "Việc nội bộ",
        "planned_minutes": 5,
        "method": "",
        "presenter_name": "",
        "is_spoken_only": True,
        "documents": [],
        "outlines": [],
    }
    block = arranging.add_block(planned, fields, actor=cast.hoa)
    open_session(planned, actor=cast.hoa)
    with pytest.raises(PageOutdated):
        write(planned, cast.lan, **{f"block-{block.public_id.hex}-note": "Không được ghi"})


def test_a_record_may_be_written_after_closing(cast, opened):
    mark_everybody(opened, cast.hoa)
    finish(opened, cast.hoa)

    write(opened, cast.lan, conclusion="Bổ sung sau buổi họp")

    assert SessionRecord.unscoped.get().conclusion == "Bổ sung sau buổi họp"


def test_a_task_open_in_july_stands_in_august_with_its_state(cast):
    july, august, september = (meet(cast, dt.date(2026, month, 3)) for month in (7, 8, 9))
    kept = task(july, cast.lan, "Thăm hộ khó khăn")
    done = task(july, cast.lan, "Nộp báo cáo")
    task(august, cast.lan, "Việc của tháng tám")

    tasking.tell_in(august, done, DONE, actor=cast.lan)
    tasking.tell_in(august, kept, Told(TaskState.OPEN, "Mới được một nửa"), actor=cast.lan)

    assert states_at(july) == {}
    assert states_at(august) == {"Thăm hộ khó khăn": ("open", "Mới được một nửa"), "Nộp báo cáo": ("done", DONE.result)}
    assert states_at(september) == {
        "Thăm hộ khó khăn": ("open", "Mới được một nửa"),
        "Việc của tháng tám": ("open", ""),
    }
    done.refresh_from_db()
    assert (done.state, done.closed_on, done.owner) == ("done", august.day, person("Mai"))


def test_what_was_done_between_two_sessions_is_told_in_the_next_and_not_again(cast):
    july, august, september = (meet(cast, dt.date(2026, month, 3)) for month in (7, 8, 9))
    done = task(july, cast.lan)
    TaskReport.unscoped.create(task=done, day=dt.date(2026, 7, 20), state=TaskState.DONE, result="Xong sớm")

    assert states_at(august) == {"Rà soát hồ sơ": ("done", "Xong sớm")}
    assert states_at(september) == {}


def test_tasks_of_a_predecessor_come_to_its_heir(cast):
    old = OrganisationFactory(code="CU", successor=cast.cell)
    before = SessionFactory(cell=old, day=dt.date(2026, 6, 3), state=Session.State.CLOSED)
    task(before, cast.lan, "Bàn giao hồ sơ", owner_name="")

    assert states_at(meet(cast, dt.date(2026, 7, 3))) == {"Bàn giao hồ sơ": ("open", "")}


def test_a_task_is_dropped_only_with_a_reason_and_removed_only_unreported(cast):
    july, august = (meet(cast, dt.date(2026, month, 3)) for month in (7, 8))
    given = task(july, cast.lan)

    with pytest.raises(NoReason):
        tasking.tell(given, Told(TaskState.DROPPED), version=1, actor=cast.lan)
    tasking.tell_in(august, given, Told(TaskState.DROPPED, "Cấp trên đã làm"), actor=cast.lan)
    with pytest.raises(ReportedLater):
        tasking.remove(given, actor=cast.lan)

    given.refresh_from_db()
    assert (given.state, given.result) == ("dropped", "Cấp trên đã làm")


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_page_asks_as_often_for_many_tasks_as_for_one(cast, count, django_assert_num_queries):
    july, august = (meet(cast, dt.date(2026, month, 3)) for month in (7, 8))
    for number in range(count):
        task(july, cast.lan, f"Việc {number}")

    with django_assert_num_queries(6):
        page = page_of(august)
        assert len(page.values) == 6 + 2 * count


PLAN = {"kind": "combined", "theme": "Nêu gương", "mode": "in_person", "place": "", "start": None}


def test_a_new_session_begins_with_the_agenda_of_its_kind(cast):
    session = planning.plan(cast.cell, PLAN | {"day": dt.date(2026, 9, 3)}, actor=cast.hoa)

    blocks = list(session.agenda.all())
    assert [block.part for block in blocks] == ["opening"] * 2 + ["regular"] * 4 + ["thematic"] * 4 + ["closing"] * 2
    assert sum(block.planned_minutes for block in blocks) == 120


def test_a_cell_keeps_its_own_agenda_from_a_day_on(cast):
    first = planning.plan(cast.cell, PLAN | {"day": dt.date(2026, 9, 3)}, actor=cast.hoa)
    blocks = list(first.agenda.all())
    arranging.remove_block(blocks[1], actor=cast.hoa)
    arranging.move_block(blocks[0], "down", actor=cast.hoa)
    arranging.keep_as_template(first, dt.date(2026, 9, 4), actor=cast.hoa)

    later = planning.plan(cast.cell, PLAN | {"day": dt.date(2026, 10, 3)}, actor=cast.hoa)
    earlier = planning.plan(cast.cell, PLAN | {"day": dt.date(2026, 8, 3)}, actor=cast.hoa)
    beside = planning.plan(cast.neighbour, PLAN | {"day": dt.date(2026, 10, 3)}, actor=cast.nam)

    titles = [block.title for block in first.agenda.all()]
    assert titles[:2] == [blocks[2].title, blocks[0].title]
    assert [block.title for block in later.agenda.all()] == titles
    assert [earlier.agenda.count(), beside.agenda.count(), len(titles)] == [12, 12, 11]


def test_a_template_of_a_committee_holds_below_it_until_a_nearer_one(cast):
    above = AgendaTemplate.unscoped.create(organisation=cast.branch, kind="regular", first_day=dt.date(2026, 1, 1))
    day = dt.date(2026, 9, 3)

    assert arranging.template_for(cast.cell.pk, "regular", day) == above
    assert arranging.template_for(cast.cell.pk, "regular", dt.date(2025, 12, 31)).organisation is None
    own = AgendaTemplate.unscoped.create(organisation=cast.cell, kind="regular", first_day=dt.date(2025, 1, 1))
    assert arranging.template_for(cast.cell.pk, "regular", day) == own
    assert arranging.template_for(cast.neighbour.pk, "regular", day) == above


def test_what_was_noted_is_not_lost_by_laying_out_again(cast, opened):
    arranging.lay_out_again(opened, actor=cast.hoa)
    block = opened.agenda.first()
    write(opened, cast.lan, **{f"block-{block.public_id.hex}-minutes": "7"})

    for attempt in (arranging.lay_out_again, arranging.remove_block):
        with pytest.raises(arranging.AlreadyWritten):
            attempt(opened if attempt is arranging.lay_out_again else block, actor=cast.hoa)

    block.refresh_from_db()
    assert (block.minutes, opened.agenda.count()) == (7, 9)


def test_a_member_finds_the_own_task_on_the_home_page_and_its_page_under_it(cast, opened, client):
    given, other = task(opened, cast.lan, "Rà soát hồ sơ", "Mai"), task(opened, cast.lan, "Việc của Hoa", "Hoa")
    client.force_login(cast.mai)

    home = client.get("/").content.decode()

    assert ("Rà soát hồ sơ" in home, "Việc của Hoa" in home) == (True, False)
    addresses = [reverse("sessions:task", args=[row.public_id]) for row in (given, other)]
    assert [client.get(address).status_code for address in addresses] == [200, 404]
