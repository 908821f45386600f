"""The first day of an installation: the sample goes, the own organisation comes, and nobody else claims it."""

import datetime as dt
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts import inviting
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Lineage, Membership, Organisation, Person
from reports import first_start
from reports.models import Bundle, Letter, Reminder, Report, ReportScan, Stage, Waiver
from reports.sample import loading, removing
from reports.sample.keys import our_models, rows_of
from tests.factories import MembershipFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "bảy con mèo vàng nằm phơi nắng"
FIELDS = {
    "name": "Đảng bộ xã Tân Hòa",
    "kind": "commune",
    "code": "TANHOA",
    "parent_name": "Đảng bộ tỉnh Bình Minh",
    "first_day": dt.date(2025, 7, 1),
    "term": "2025-2030",
    "term_first_day": dt.date(2025, 8, 1),
}


def counts() -> dict[str, int]:
    return {model._meta.label: rows_of(model).count() for model in our_models()}


@pytest.fixture
def quan():
    return UserFactory(username="that", full_name="Người Thật", is_administrator=True, password="x")


@pytest.fixture
def sample(settings, tmp_path):
    settings.IS_DEMO, settings.DATA_DIR = True, tmp_path
    before = counts()
    loading.load("small", timezone.localdate())
    return before


@pytest.mark.once
def test_the_sample_goes_and_only_the_sample_and_not_from_under_real_data(
    quan, sample, tmp_path, django_capture_on_commit_callbacks
):
    kept = PersonFactory(code="THAT")
    real = MembershipFactory(person=kept, cell=Organisation.unscoped.get(code="M-BDV"))
    before = counts()

    with pytest.raises(removing.RealData) as refusal:
        removing.remove(actor=quan)

    assert [count for _label, count in refusal.value.found] == [1]
    assert counts() == before

    real.delete()
    be_reminded_and_let_off(User.objects.get(username="binh"))  # what follows from looking at the sample goes with it
    attach_a_scan(tmp_path)
    bind_its_reports(User.objects.get(username="binh"), tmp_path)
    assert len(list((tmp_path / "reports").iterdir())) == 6
    with django_capture_on_commit_callbacks(execute=True):
        removed = removing.remove(actor=quan)

    assert removed["organisation"] > 5
    assert [
        path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name in {"reports", "uploads", "bundles"}
    ] == []
    assert removed["session"] > 50
    assert counts() == {**sample, "cells.Person": sample["cells.Person"] + 1}
    assert list(Person.unscoped.all()) == [kept]
    assert list(User.objects.filter(is_active=True)) == [quan]
    with pytest.raises(removing.NoSample):
        removing.remove(actor=quan)


def be_reminded_and_let_off(binh) -> None:
    here, day = Organisation.unscoped.get(code="M-BDV"), dt.date(2026, 1, 1)
    letter = Letter.unscoped.create(user=binh, kind="daily", day=day)
    Reminder.unscoped.create(letter=letter, user=binh, organisation=here, key="x", kind="late", day=day)
    Waiver.unscoped.create(organisation=here, subject="regular", first_day=day, last_day=day, given_by=binh)


def bind_its_reports(binh, folder) -> None:
    (folder / "bundles").mkdir()
    (folder / "bundles" / "tap.pdf").write_bytes(b"%PDF-")
    asked = {"top": Organisation.unscoped.get(code="M-BDV"), "asked_by": binh, "period": "2026-Q1"}
    Bundle.unscoped.create(**asked, papers=[], papers_sha256="0" * 64, count=0, state="done", path="bundles/tap.pdf")


def attach_a_scan(folder) -> None:
    (folder / "uploads" / "ban-quet.pdf").write_bytes(b"%PDF-")
    ReportScan.unscoped.create(
        report=Report.unscoped.filter(stage=Stage.RECEIVED).first(),
        stored_name="ban-quet.pdf",
        size=5,
        sha256="0" * 64,
        content_type="application/pdf",
        file_name="ban-quet.pdf",
    )


def test_a_pasted_list_is_taken_back_offered_again_and_kept_once_it_is_used(quan, client):
    own = first_start.found(FIELDS, actor=quan)
    first_start.add_cells([("", "Chi bộ thôn Một"), ("TH2", "Chi bộ thôn Hái")], actor=quan)
    client.force_login(quan)

    answer = client.post(reverse("reports:take_back_first_cells"), {"form_key": uuid.uuid4()}, follow=True)

    assert answer.context["form"]["cells"].value() == "TANHOA.01; Chi bộ thôn Một\nTH2; Chi bộ thôn Hái"
    assert set(Organisation.unscoped.values_list("code", flat=True)) == {"TANHOA", "TANHOA-CT"}
    assert Lineage.unscoped.filter(ancestor=own).count() == 1

    first_start.add_cells([("TH2", "Chi bộ thôn Hai")], actor=quan)
    MembershipFactory(cell=Organisation.unscoped.get(code="TH2"))
    with pytest.raises(Refused, match="đã được dùng"):
        first_start.take_back_cells(actor=quan)
    assert Organisation.unscoped.get(code="TH2").periods.count() == 1


def test_the_console_tells_a_link_until_there_is_an_administrator():
    told = StringIO()
    call_command("first_start", stdout=told)
    token = told.getvalue().rstrip().rstrip("/").rpartition("/")[2]

    user = inviting.accept(token, "quantri", PASSWORD, "Trần Bình An")

    assert (user.full_name, user.is_administrator) == ("Trần Bình An", True)
    with pytest.raises(CommandError, match="Đã có người quản trị"):
        call_command("first_start")


def test_a_new_link_ends_the_one_before_and_makes_no_second_administrator():
    first, second = first_start.first_link(), first_start.first_link()

    with pytest.raises(inviting.NotOpen):
        inviting.opened(first)
    assert inviting.opened(second).user == User.objects.get()


def test_the_own_organisation_stands_below_its_parent_with_its_cells(client, quan):
    client.force_login(quan)
    first_start.found(FIELDS, actor=quan)

    count = first_start.add_cells([("", "Chi bộ thôn Một"), ("TH-2", "Chi bộ thôn Hai")], actor=quan)

    own = first_start.own_organisation()
    below = Lineage.unscoped.on(timezone.localdate()).filter(ancestor=own, depth=1).values_list("descendant__code")
    assert count == 2
    assert set(below) == {("TANHOA.01",), ("TH-2",)}
    assert own.terms.get().ordinal == "2025-2030"
    assert own.periods.get().parent.periods.get().name == "Đảng bộ tỉnh Bình Minh"
    with pytest.raises(first_start.Refused, match="Đã có tổ chức"):
        first_start.found(FIELDS, actor=quan)
    with pytest.raises(first_start.Refused, match="Mã đã có: TH-2"):
        first_start.add_cells([("TH-2", "Chi bộ thôn Ba")], actor=quan)
    assert not Membership.unscoped.exists()
