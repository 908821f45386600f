"""Administrators keep the rating sheets as data: they copy, change and end them, and leave used ones as they are."""

import datetime as dt

import pytest
from django.urls import reverse

from sessions import rating, rubrics
from sessions.measuring import QUANTITIES
from sessions.models import Criterion, Rubric
from sessions.rubric_forms import words_of
from sessions.rubric_seeds import RUBRICS
from tests.factories import SessionFactory, close

DAY = dt.date(2026, 3, 3)


def sheet():
    return Rubric.unscoped.get(name=RUBRICS[0][0])


def lines(rubric):
    return list(rubric.criteria.values_list("group", "title", "max_points", "measure", "bands", "settings"))


@pytest.mark.django_db
@pytest.mark.once
def test_every_sheet_to_begin_with_adds_up_to_100():
    assert [sum(line.max_points for line in rubric.criteria.all()) for rubric in Rubric.unscoped.all()] == [100] * 3


@pytest.mark.django_db
@pytest.mark.once
def test_scales_read_back_what_they_say():
    for line in Criterion.unscoped.exclude(measure=""):
        assert rubrics.read_bands(words_of(line), QUANTITIES[line.measure], line.max_points) == line.bands


def test_a_new_edition_takes_over_on_its_day(cast):
    old = sheet()

    made = rubrics.copy(old, organisation=None, first_day=dt.date(2027, 1, 1), actor=cast.quan)

    old.refresh_from_db()
    assert (made.edition, made.copied_from, lines(made)) == (2, old, lines(old))
    assert old.last_day == dt.date(2026, 12, 31)
    session = SessionFactory(cell=cast.cell, day=dt.date(2027, 1, 4))
    assert rating.rubrics_for(session)[0] == made


def test_a_committees_edition_leaves_that_of_all_in_force(cast):
    made = rubrics.copy(sheet(), organisation=cast.branch, first_day=DAY, actor=cast.quan)

    assert sheet_in_force(cast.cell) == made
    assert sheet_in_force(cast.neighbour) == made
    assert sheet_in_force(cast.sibling) == made.copied_from


def sheet_in_force(organisation):
    return rating.rubrics_for(SessionFactory(cell=organisation, day=DAY))[0]


def post(client, name, rubric, data):
    key = {"form_key": "0f0e0d0c-0b0a-0908-0706-050403020100"}
    return client.post(reverse(f"sessions:{name}", args=[rubric.public_id]), key | data)


def sent(client, rubric):
    """What a browser sends of the page if nothing was changed."""
    shown = client.get(reverse("sessions:change_rubric", args=[rubric.public_id])).context
    data = dict(shown["form"].initial) | {"kinds": list(shown["form"].initial["kinds"])}
    management = shown["lines"].management_form
    data |= {management.add_prefix(name): value for name, value in management.initial.items()}
    for form in shown["lines"].initial_forms:
        values = {form.add_prefix(name): form.initial[name] for name in form.fields}
        data |= {name: value for name, value in values.items() if value is not False}
    return data


def test_an_unused_sheet_is_changed_line_by_line(cast, client):
    client.force_login(cast.quan)
    rubric = sheet()
    data = sent(client, rubric)
    data |= {"line-0-max_points": "6", "line-0-bands": "thiếu ≤ 0 phút → 6\ncòn lại → 2,5", "line-3-max_points": "5"}

    assert post(client, "change_rubric", rubric, data).status_code == 302

    first = rubric.criteria.get(position=1)
    assert (first.max_points, first.bands) == (
        6,
        [{"points": "6", "quantity": "short", "op": "<=", "value": "0"}, {"points": "2.5"}],
    )
    assert first.settings == {"large": {"members": 30, "minutes": 120}}


@pytest.mark.once
def test_the_second_of_two_who_change_a_sheet_sees_both_and_decides(cast, client):
    client.force_login(cast.quan)
    rubric = sheet()
    mine = sent(client, rubric) | {"name": "Phiếu của tôi"}
    theirs = sent(client, rubric) | {"line-3-title": "Chuẩn bị tốt"}
    key = {"form_key": "0f0e0d0c-0b0a-0908-0706-050403020101"}
    client.post(reverse("sessions:change_rubric", args=[rubric.public_id]), theirs | key)

    refused = post(client, "change_rubric", rubric, mine)

    assert refused.status_code == 409
    assert [(str(label), own, other) for label, own, other in refused.context["versions"]] == [
        ("Tên phiếu", "Phiếu của tôi", rubric.name),
        ("Tiêu chí 4: Tiêu chí", mine["line-3-title"], "Chuẩn bị tốt"),
    ]
    again = mine | {"version": refused.context["form"].data["version"]}
    assert post(client, "change_rubric", rubric, again).status_code == 302
    rubric.refresh_from_db()
    assert rubric.name == "Phiếu của tôi"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"line-0-max_points": "4"}, "Thang điểm cao hơn điểm tối đa 4."),
        ({"line-3-max_points": "7"}, "Cộng điểm tối đa được 101, phải đúng 100."),
        ({"line-0-bands": "≥ 90 người → 4\ncòn lại → 1"}, "Không hiểu dòng"),
        ({"line-0-bands": "thiếu ≤ 0 phút → 5"}, "Dòng cuối cùng, và chỉ dòng cuối"),
        ({"levels": "Tốt ≥ 90\nKhá ≥ 70"}, "mức cuối từ 0"),
    ],
)
@pytest.mark.once
def test_a_sheet_that_makes_no_sense_is_not_written(cast, client, change, problem):
    client.force_login(cast.quan)
    rubric = sheet()
    before = lines(rubric)

    answer = post(client, "change_rubric", rubric, sent(client, rubric) | change)

    assert problem in answer.content.decode()
    assert lines(rubric) == before


def test_a_used_sheet_is_never_changed(cast, client):
    session = close(SessionFactory(cell=cast.cell, day=DAY))
    shown = rating.sheet_of(session, sheet())
    rating.save(session, sheet(), {"points-4": "6"}, shown.tokens, actor=cast.lan)
    client.force_login(cast.quan)

    answer = client.get(reverse("sessions:change_rubric", args=[sheet().public_id]), follow=True)
    with pytest.raises(rubrics.Used):
        rubrics.change(sheet(), {"name": "Khác"}, [], version=1, actor=cast.quan)

    assert "Hãy chép thành bản mới" in answer.content.decode()


def test_an_ended_sheet_is_in_force_until_that_day(cast, client):
    client.force_login(cast.quan)

    assert post(client, "end_rubric", sheet(), {"last_day": "02/03/2026", "version": "1"}).status_code == 302
    again = {"form_key": "0f0e0d0c-0b0a-0908-0706-050403020101", "last_day": "02/02/2026", "version": "1"}
    late = post(client, "end_rubric", sheet(), again)
    assert (late.status_code, [row[1:] for row in late.context["versions"]]) == (409, [("02/02/2026", "02/03/2026")])

    assert sheet_in_force(cast.cell).name == RUBRICS[1][0]
