import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from reports.asking import asked_day
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["2024-09-15", "15/09/2024", " 15/9/2024 "])
def test_an_operator_writes_a_day_in_either_way(text):
    assert asked_day(text) == dt.date(2024, 9, 15)


@pytest.mark.parametrize("option", ["on", "until"])
@pytest.mark.parametrize("text", ["x", "2024-13-01", "31/02/2024", "２０２４-09-15", ""])
def test_a_day_that_is_none_is_one_line(option, text):
    code = OrganisationFactory().code

    with pytest.raises(CommandError) as refusal:
        call_command("figures", code, "2024-Q3", **{option: text})

    assert str(refusal.value) == f"Ngày “{text}” không đúng: ghi như 2024-09-15 hoặc 15/09/2024."


def test_an_unknown_organisation_is_one_line():
    with pytest.raises(CommandError, match=r"\AKhông có tổ chức mang mã “X”\.\Z"):
        call_command("figures", "X", "2024-Q3")
