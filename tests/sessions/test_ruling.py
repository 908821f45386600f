import datetime as dt

import pytest

from accounts.models import AuditEntry
from sessions import ruling
from sessions.models import Holiday, RuleSubject, SessionRule, Shift
from sessions.rules import rules_for, session_day
from sessions.states import ChangedMeanwhile
from tests.factories import SessionRuleFactory
from tests.sessions.stories import key

DAY = RuleSubject.SESSION_DAY
FIELDS = {
    "number": 20,
    "shift": Shift.NEXT,
    "first_day": dt.date(2026, 12, 1),
    "last_day": None,
    "source": "Nghị quyết 5",
    "reason": "Làm ca",
}


def test_a_new_rule_takes_the_place_of_the_old_one(cast):
    old = ruling.rule(cast.cell, DAY, FIELDS, actor=cast.hoa)
    new = ruling.rule(cast.cell, DAY, FIELDS | {"number": 25, "first_day": dt.date(2027, 2, 1)}, actor=cast.hoa)

    old.refresh_from_db()
    assert (old.last_day, new.last_day) == (dt.date(2027, 1, 31), None)
    assert [rules_for(cast.cell.pk, dt.date(2027, month, 1)).day_of_month for month in (1, 2)] == [20, 25]
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["session_rule.made", "session_rule.ended", "session_rule.made"]


def test_two_rules_of_one_thing_do_not_overlap(cast):
    ruling.rule(cast.cell, DAY, FIELDS, actor=cast.hoa)

    with pytest.raises(ruling.AlreadyRuled, match="từ ngày 01/12/2026"):
        ruling.rule(cast.cell, DAY, FIELDS | {"first_day": dt.date(2026, 11, 1)}, actor=cast.hoa)
    ruling.rule(cast.neighbour, DAY, FIELDS, actor=cast.minh)
    ruling.rule(
        cast.cell, DAY, FIELDS | {"first_day": dt.date(2026, 10, 1), "last_day": dt.date(2026, 11, 30)}, actor=cast.hoa
    )

    assert SessionRule.unscoped.exclude(organisation=None).count() == 3


def test_an_ended_rule_lets_the_one_above_through_again(cast):
    rule = SessionRuleFactory(organisation=cast.cell, number=20)

    ruling.end(rule, dt.date(2026, 10, 31), version=1, actor=cast.hoa)

    assert session_day(cast.cell.pk, dt.date(2026, 11, 1)) == dt.date(2026, 11, 3)
    ruling.end(rule, dt.date(2019, 1, 1), version=2, actor=cast.hoa)
    assert not SessionRule.unscoped.filter(pk=rule.pk).exists()  # it never came into force


def test_a_rule_corrected_meanwhile_is_not_overwritten(cast):
    rule = SessionRuleFactory(organisation=cast.cell)
    ruling.correct(rule, {**FIELDS}, version=1, actor=cast.hoa)

    with pytest.raises(ChangedMeanwhile):
        ruling.correct(rule, FIELDS | {"number": 9}, version=1, actor=cast.lan)


def test_a_rule_ended_meanwhile_shows_both_last_days(cast, client):
    rule = SessionRuleFactory(organisation=cast.cell)
    ruling.end(rule, dt.date(2026, 12, 31), version=1, actor=cast.minh)
    address = f"/quy-dinh/{rule.public_id}/ket-thuc/"

    late = posted(client, cast.hoa, address, last_day="30/11/2026", version=1)

    assert (late.status_code, late.context["versions"]) == (
        409,
        [("Ngày cuối cùng còn áp dụng", "30/11/2026", "31/12/2026")],
    )
    rule.refresh_from_db()
    assert rule.last_day == dt.date(2026, 12, 31)
    posted(client, cast.hoa, address, last_day="30/11/2026", version=late.context["form"]["version"].value())
    rule.refresh_from_db()
    assert rule.last_day == dt.date(2026, 11, 30)


def test_a_cell_rules_what_is_left_to_it(cast):
    today = dt.date(2026, 11, 21)
    assert ruling.left_to_the_cell(cast.cell.pk, today) == {DAY}
    SessionRuleFactory(organisation=cast.committee)  # this committee lets nobody choose
    SessionRuleFactory(organisation=cast.cell)
    assert ruling.left_to_the_cell(cast.cell.pk, today) == set()


def posted(client, user, address, **data):
    client.force_login(user)
    return client.post(address, key() | data)


def test_hoa_sets_another_day_with_reason_and_source_only(cast, client):
    address = f"/to-chuc/{cast.cell.public_id}/quy-dinh/dat/?subject=session_day"
    data = {"number": "20", "shift": "next", "first_day": "01/12/2026"}

    refused = posted(client, cast.hoa, address, **data)
    assert "Hãy ghi lý do quy định khác." in refused.content.decode()
    done = posted(client, cast.hoa, address, **data, source="Nghị quyết 5", reason="Làm ca")

    assert done.url == f"/to-chuc/{cast.cell.public_id}/quy-dinh/"
    assert session_day(cast.cell.pk, dt.date(2026, 12, 1)) == dt.date(2026, 12, 21)


def test_the_length_of_a_session_is_for_the_committee(cast, client):
    address = f"/to-chuc/{cast.cell.public_id}/quy-dinh/dat/?subject=minutes_regular"
    data = {
        "number": "60",
        "first_day": "01/12/2026",
        "source": "CV 7",
        "reason": "Chi bộ ít người",
        "allowed_by": "Đảng ủy",
    }

    posted(client, cast.hoa, address, **data)
    assert not SessionRule.unscoped.exclude(organisation=None).exists()
    posted(client, cast.minh, address, **data)

    rule = SessionRule.unscoped.exclude(organisation=None).get()
    assert (rule.organisation, rule.number, rule.allowed_by) == (cast.cell, 60, "Đảng ủy")


def test_the_page_says_where_each_rule_comes_from(cast, client):
    SessionRuleFactory(organisation=cast.branch, number=9, source="CV 3-CV/ĐU")
    client.force_login(cast.mai)

    page = client.get(f"/to-chuc/{cast.cell.public_id}/quy-dinh/")

    shown = {row.subject: (row.value, row.origin, row.may_rule) for row in page.context["rows"]}
    assert shown[DAY] == (
        "ngày 9 hằng tháng, trùng ngày nghỉ thì dời sang ngày làm việc kế tiếp",
        "kế thừa từ Đảng bộ 1.1",
        False,
    )
    assert shown[RuleSubject.MINUTES_COMBINED] == ("120 phút", "toàn quốc", False)


def test_quan_keeps_the_days_off(cast, client):
    posted(client, cast.quan, "/quan-tri/quy-dinh/ngay-nghi/", day="03/11/2026", name="Nghỉ bão", sureness="high")
    assert session_day(cast.cell.pk, dt.date(2026, 11, 1)) == dt.date(2026, 11, 4)
    twice = posted(client, cast.quan, "/quan-tri/quy-dinh/ngay-nghi/", day="03/11/2026", name="Nữa", sureness="high")
    assert "Ngày này đã có trong danh sách ngày nghỉ." in twice.content.decode()

    holiday = Holiday.objects.get(day=dt.date(2026, 11, 3))
    address = f"/quan-tri/quy-dinh/ngay-nghi/{holiday.public_id}/"
    posted(client, cast.quan, address, day="04/11/2026", name="Nghỉ bão", sureness="low", version=1)
    assert session_day(cast.cell.pk, dt.date(2026, 11, 1)) == dt.date(2026, 11, 3)

    late = posted(client, cast.quan, address, day="05/11/2026", name="Nghỉ bão", sureness="low", version=1)
    assert late.status_code == 409
    assert late.context["versions"] == [("Ngày nghỉ", "05/11/2026", "04/11/2026")]
    posted(client, cast.quan, f"{address}bo/", version=1)
    assert Holiday.objects.get(pk=holiday.pk).day == dt.date(2026, 11, 4)
    posted(client, cast.quan, f"{address}bo/", version=2)

    assert not Holiday.objects.filter(pk=holiday.pk).exists()
