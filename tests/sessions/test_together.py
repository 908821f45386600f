"""The second of two who edit one thing at once sees both versions, keeps what was typed, and may save after that."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cells.models import Role
from sessions import arranging, assigning, planning, ruling, tasking, theming, voting
from sessions.models import RuleSubject, Session
from tests.factories import PlannedThemeFactory, PostFactory, SessionFactory
from tests.sessions.stories import key, mark_everybody

SEEN = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def hoa(cast, client):
    client.force_login(cast.hoa)
    return client


def a_vote(cast, opened):
    mark_everybody(opened, cast.hoa)
    counts = {"subject": "Thông qua nghị quyết", "in_favour": 3, "against": 0, "other": 0}
    vote = voting.store_vote(opened, counts, actor=cast.lan)
    theirs = {"vote": vote, "version": 1, "actor": cast.lan}
    voting.store_vote(opened, counts | {"in_favour": 2, "against": 1}, **theirs)
    mine = {"subject": "Thông qua nghị quyết", "in_favour": "1", "against": "1", "other": "1"}
    return "change_vote", vote, mine, [("Tán thành", "1", "2"), ("Ý kiến khác", "1", "0")]


def a_block(cast, opened):
    arranging.lay_out_again(opened, actor=cast.lan)
    block = opened.agenda.all()[2]
    told = {name: getattr(block, name) for name in arranging.PLANNED_FIELDS} | {"documents": [], "outlines": []}
    arranging.change_block(block, told | {"presenter_name": "Lan"}, version=1, actor=cast.lan)
    mine = {name: told[name] for name in ("part", "planned_minutes", "method")}
    mine |= {"title": "Thời sự", "presenter_name": "Mai", "is_spoken_only": "on"}
    seen = [("Nội dung", "Thời sự", block.title), ("Người trình bày", "Mai", "Lan")]
    return "change_block", block, mine, [*seen, ("Phổ biến trực tiếp, không ghi", "có", "không")]


def a_task(cast, opened):
    task = tasking.give(opened, {"title": "Thăm hộ nghèo", "owner_name": "", "due": None}, actor=cast.lan)
    theirs = {"title": "Thăm hộ nghèo", "owner_name": "Lan", "due": dt.date(2026, 12, 1)}
    tasking.change(task, theirs, version=1, actor=cast.lan)
    mine = {"title": "Thăm hộ nghèo", "owner_name": "Mai", "due": "02/12/2026"}
    return "change_task", task, mine, [("Người phụ trách", "Mai", "Lan"), ("Hạn", "02/12/2026", "01/12/2026")]


def a_report(cast, opened):
    task = tasking.give(opened, {"title": "Thăm hộ nghèo", "owner_name": "", "due": None}, actor=cast.lan)
    tasking.tell(task, tasking.Told("done", "Đã thăm"), version=1, actor=cast.lan)
    mine = {"state": "open", "result": "Còn một hộ"}
    return "tell_task", task, mine, [("Kết quả đến nay", "Đang làm", "Đã xong"), ("Ghi rõ", "Còn một hộ", "Đã thăm")]


def duties(cast, opened):
    assigning.assign(opened, {"chair_name": "Lan", "minute_taker_name": ""}, version=0, actor=cast.lan)
    mine = {"chair_name": "Mai", "minute_taker_name": ""}
    return "assign", opened, mine, [("Chủ trì buổi này", "Mai", "Lan")]


def a_plan(cast, opened):
    session = SessionFactory(cell=cast.cell, day=opened.day, kind="thematic", theme="Nêu gương")
    fields = {name: getattr(session, name) for name in planning.PLANNED_FIELDS}
    planning.change_plan(session, fields | {"place": "Hội trường"}, version=1, actor=cast.lan)
    mine = {"kind": "thematic", "theme": "Nêu gương", "day": f"{opened.day:%d/%m/%Y}", "start": "", "place": "Tầng 2"}
    return "change_plan", session, mine | {"mode": "in_person"}, [("Địa điểm", "Tầng 2", "Hội trường")]


def a_rule(cast, opened):
    told = {"number": 5, "shift": "next", "source": "Nghị quyết chi bộ", "reason": "Trực ca", "allowed_by": ""}
    told |= {"first_day": dt.date(2026, 1, 1), "last_day": None}
    rule = ruling.rule(cast.cell, RuleSubject.SESSION_DAY, told, actor=cast.lan)
    ruling.correct(rule, told | {"number": 6}, version=1, actor=cast.lan)
    mine = told | {"number": "7", "first_day": "01/01/2026", "last_day": ""}
    return "change_rule", rule, mine, [("Ngày trong tháng", "7", "6")]


def a_move(cast, opened):
    theme = PlannedThemeFactory(plan__cell=cast.cell, plan__year=2026, title="Nêu gương")
    theming.move(theme, 5, None, "Bận bầu cử", version=1, actor=cast.lan)
    mine = {"month": "6", "day": "", "reason": "Chờ tài liệu"}
    seen = [("Chuyển sang tháng", "Tháng 6", "Tháng 5"), ("Lý do chuyển", "Chờ tài liệu", "Bận bầu cử")]
    return "move_theme", theme, mine, seen


@pytest.mark.once
@pytest.mark.parametrize("thing", [a_vote, a_block, a_task, a_report, duties, a_plan, a_rule, a_move])
def test_both_versions_are_shown_and_the_second_saver_decides(cast, hoa, opened, thing):
    name, row, mine, differing = thing(cast, opened)
    address = reverse(f"sessions:{name}", args=[row.public_id])
    old = SEEN.search(hoa.get(address).content.decode())[1]

    refused = hoa.post(address, mine | {"version": int(old) - 1} | key())

    assert refused.status_code == 409
    assert [(str(label), *both) for label, *both in refused.context["versions"]] == differing
    page = refused.content.decode()
    assert "người khác đã lưu nội dung này" in page
    assert SEEN.findall(page)[0] == old

    assert hoa.post(address, mine | {"version": old} | key()).status_code == 302
    assert hoa.get(address, follow=True).status_code == 200


def test_a_session_put_off_meanwhile_may_still_be_put_off_by_whoever_has_read_that(cast, hoa):
    session = SessionFactory(cell=cast.cell, day=timezone.localdate())
    later = session.day + dt.timedelta(days=3)
    fields = {name: getattr(session, name) for name in planning.PLANNED_FIELDS}
    planning.change_plan(session, fields | {"day": later}, version=1, actor=cast.lan)
    address = reverse("sessions:cancel", args=[session.public_id])

    refused = hoa.post(address, {"reason": "Trùng hội nghị", "version": 1} | key())

    page = refused.content.decode()
    assert (refused.status_code, f"ngày {later:%d/%m/%Y}" in page) == (422, True)
    assert hoa.post(address, {"reason": "Trùng hội nghị", "version": SEEN.search(page)[1]} | key()).status_code == 302
    session.refresh_from_db()
    assert session.state == "cancelled"


def test_a_theme_of_another_cell_is_not_taken(cast, hoa):
    PostFactory(user=cast.hoa, organisation=cast.neighbour, role=Role.SECRETARY)
    theme = PlannedThemeFactory(plan__cell=cast.cell, plan__year=timezone.localdate().year, title="Nêu gương")
    told = {"kind": "thematic", "planned_theme": str(theme.public_id), "theme": "", "mode": "in_person"}
    told["day"] = f"{timezone.localdate():%d/%m/%Y}"

    refused = hoa.post(reverse("sessions:plan"), told | {"cell": str(cast.neighbour.public_id)} | key())

    assert "Chuyên đề này trong kế hoạch của chi bộ khác" in refused.content.decode()
    assert not Session.unscoped.exists()
    assert hoa.post(reverse("sessions:plan"), told | {"cell": str(cast.cell.public_id)} | key()).status_code == 302
    theme.refresh_from_db()
    assert (theme.session.cell, theme.session.theme) == (cast.cell, "Nêu gương")
