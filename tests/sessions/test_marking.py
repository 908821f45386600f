import threading

import pytest
from django.db import connection

from accounts.models import AuditEntry
from cells.models import Person
from resolutions.models import Mode
from sessions.marking import NOTHING, Conflict, Marked, NotOnTheList, all_present, sheet_of
from sessions.models import Attendance, Mark
from sessions.opening import open_session
from sessions.states import NotOpen
from tests.factories import MembershipFactory, PersonFactory
from tests.sessions.stories import ILL, PRESENT, UNEXCUSED, finish, mark, mark_everybody, marks_of, person


def test_marks_and_reasons_are_kept_with_who_made_them(cast, opened):
    saved = mark(opened, cast.lan, Hoa=PRESENT, Mai=ILL)

    assert marks_of(opened) == {"Hoa": PRESENT, "Lan": NOTHING, "Mai": ILL}
    assert saved.version == opened.version + 1
    entry = AuditEntry.objects.get(action="session.marked")
    assert (entry.actor, set(entry.detail["people"])) == (cast.lan, {person("Hoa").pk, person("Mai").pk})
    assert entry.values.after[str(person("Mai").pk)] == "vắng có lý do (ốm)"


def test_the_same_marks_again_change_nothing(cast, opened):
    once = mark(opened, cast.lan, Hoa=PRESENT)

    again = mark(opened, cast.lan, version=opened.version, Hoa=PRESENT)

    assert again.version == once.version
    assert AuditEntry.objects.filter(action="session.marked").count() == 1


def test_all_present_leaves_the_exceptions_as_they_are(cast, opened):
    mark(opened, cast.hoa, Mai=ILL)
    sheet = sheet_of(opened)

    wanted = all_present(opened, sheet, {person("Lan").pk: UNEXCUSED})

    assert wanted == {person("Lan").pk: UNEXCUSED, person("Hoa").pk: PRESENT}


def test_at_an_online_session_all_present_means_online(cast, opened):
    opened.mode = Mode.ONLINE

    wanted = all_present(opened, sheet_of(opened), {person("Lan").pk: PRESENT})

    online = Marked(Mark.PRESENT_ONLINE)
    assert wanted == {person("Lan").pk: PRESENT, person("Hoa").pk: online, person("Mai").pk: online}


def test_an_exempt_member_is_added_when_present_and_taken_off_again(cast, opened):
    mark(opened, cast.hoa, Tư=Marked(Mark.PRESENT_ONLINE))
    row = Attendance.unscoped.get(person=person("Tư"))
    assert (row.mark, row.is_expected) == (Mark.PRESENT_ONLINE, False)

    mark(opened, cast.hoa, Tư=NOTHING)

    assert set(marks_of(opened)) == {"Hoa", "Lan", "Mai"}


def test_somebody_of_another_cell_cannot_be_marked(cast, opened):
    with pytest.raises(NotOnTheList):
        mark(opened, cast.hoa, Nam=PRESENT)


def test_a_sheet_based_on_an_old_version_shows_both_and_writes_nothing(cast, opened):
    mark(opened, cast.lan, Mai=UNEXCUSED, Hoa=PRESENT)

    with pytest.raises(Conflict) as conflict:
        mark(opened, cast.hoa, version=opened.version, Mai=PRESENT, Hoa=PRESENT, Lan=PRESENT)

    seen = [(c.line.name, c.mine, c.theirs, c.changed_by, c.suggestion) for c in conflict.value.clashes]
    assert seen == [("Mai", PRESENT, UNEXCUSED, "Lan", ""), ("Lan", PRESENT, NOTHING, "", "mine")]
    assert marks_of(opened) == {"Hoa": PRESENT, "Lan": NOTHING, "Mai": UNEXCUSED}


def test_what_only_the_other_changed_is_suggested_as_theirs(cast, opened):
    first = mark(opened, cast.lan, Mai=PRESENT)
    mark(opened, cast.lan, Mai=ILL)

    with pytest.raises(Conflict) as conflict:
        mark(opened, cast.hoa, version=first.version, base={"Mai": PRESENT}, Mai=PRESENT)

    assert [clash.suggestion for clash in conflict.value.clashes] == ["theirs"]


def test_drafts_about_different_people_do_not_clash(cast, opened):
    mark(opened, cast.lan, Mai=UNEXCUSED)

    mark(opened, cast.hoa, version=opened.version, is_draft=True, Hoa=PRESENT)

    assert marks_of(opened) == {"Hoa": PRESENT, "Lan": NOTHING, "Mai": UNEXCUSED}


def test_drafts_about_the_same_person_do(cast, opened):
    mark(opened, cast.lan, Mai=UNEXCUSED)

    with pytest.raises(Conflict):
        mark(opened, cast.hoa, version=opened.version, is_draft=True, Mai=PRESENT)

    assert marks_of(opened)["Mai"] == UNEXCUSED


def test_nobody_is_marked_before_opening_or_after_closing(cast, planned, opened):
    mark_everybody(opened, cast.hoa)
    finish(opened, cast.hoa)

    with pytest.raises(NotOpen):
        mark(opened, cast.hoa, Mai=ILL)

    assert marks_of(opened)["Mai"] == PRESENT


def test_namesakes_are_told_apart_by_their_codes(cast, opened):
    Person.unscoped.filter(full_name="Lan").update(full_name="Mai")

    assert [line.name for line in sheet_of(opened).expected] == ["Hoa", "Mai (DV-LAN)", "Mai (DV-MAI)"]


@pytest.mark.django_db(transaction=True)
def test_eight_drafts_at_once_lose_nothing(transactional_db, cast, planned):
    names = [f"Đảng viên thứ {number}" for number in range(8)]
    for name in names:
        MembershipFactory(person=PersonFactory(full_name=name), cell=cast.cell)
    open_session(planned, actor=cast.hoa)
    gate, failures = threading.Barrier(8), []

    def mark_at_once(name):
        gate.wait()
        try:
            mark(planned, cast.hoa, version=2, is_draft=True, **{name: PRESENT})
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=mark_at_once, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert {name for name, marked in marks_of(planned).items() if marked == PRESENT} == set(names)
    planned.refresh_from_db()
    assert planned.version == 2 + 8
