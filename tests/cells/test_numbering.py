"""A register counts by type and term, without a gap, whoever signs at the same moment (domain.md 2.4)."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import AuditEntry
from cells import numbering
from cells.models import DocumentType, Kind, OrganisationFunction, RegisteredNumber, Term
from tests.cast import make_cast
from tests.factories import OrganisationFactory, UserFactory

REPORT, RESOLUTION = DocumentType.REPORT, DocumentType.RESOLUTION
DAY = dt.date(2024, 7, 3)


def take(cell, document_type=REPORT, day=DAY, **more):
    return numbering.take_number(cell, document_type, day, subject="Kết quả quý III", actor=None, **more)


def term_of(organisation, **fields):
    given = {"ordinal": "XX", "first_day": dt.date(2020, 5, 1), "last_day": dt.date(2025, 4, 30)} | fields
    return Term.unscoped.create(organisation=organisation, **given)


@pytest.fixture
def cell(db):
    cell = OrganisationFactory(kind=Kind.CELL)
    term_of(cell)
    return cell


def test_numbers_go_on_within_a_type_and_begin_anew_in_the_next(cell):
    assert [take(cell).symbol, take(cell).symbol, take(cell, RESOLUTION).symbol] == ["01-BC/CB", "02-BC/CB", "01-NQ/CB"]


def test_they_are_not_counted_by_year_but_by_term(cell):
    term_of(cell, ordinal="XXI", first_day=dt.date(2025, 5, 1), last_day=None)

    days = [DAY, dt.date(2025, 1, 2), dt.date(2025, 4, 30), dt.date(2025, 5, 1), dt.date(2026, 1, 1)]
    assert [take(cell, day=day).number for day in days] == [1, 2, 3, 1, 2]


def test_two_digits_below_ten_only(cell):
    numbering.continue_after(cell.terms.get(), REPORT, 9, actor=None)

    assert take(cell).symbol == "10-BC/CB"
    assert numbering.written(100, REPORT, "ĐU") == "100-BC/ĐU"


def test_without_a_term_the_error_says_how_to_mend_it(cell):
    with pytest.raises(numbering.NoTerm, match=r"01/01/2019.*khai nhiệm kỳ"):
        take(cell, day=dt.date(2019, 1, 1))


@pytest.mark.parametrize(
    ("kind", "symbol"),
    [
        (Kind.GRASSROOTS_CELL, "CB"),
        (Kind.SECTIONAL_COMMITTEE, "ĐU"),
        (Kind.COMMUNE, "ĐU"),
        (Kind.BLOC, "ĐUK"),
        (Kind.PROVINCE, "TU"),
    ],
)
def test_the_usual_symbol_follows_the_kind_of_the_organisation(db, kind, symbol):
    organisation = OrganisationFactory(kind=kind)
    term_of(organisation)

    assert take(organisation).symbol == f"01-BC/{symbol}"


def test_a_body_has_a_register_and_a_symbol_of_its_own(db):
    committee = OrganisationFactory(kind=Kind.PROVINCE)
    board = OrganisationFunction.Function.PROPAGANDA
    term_of(committee)
    term_of(committee, function=board, symbol="BTGDV")

    take(committee)

    assert take(committee, function=board).symbol == "01-BC/BTGDV"


def test_a_cell_issues_no_guidance_and_a_committee_does(cell):
    committee = OrganisationFactory(kind=Kind.PROVINCE)
    term_of(committee)

    with pytest.raises(numbering.NotForCells, match="hướng dẫn"):
        take(cell, DocumentType.GUIDANCE)
    assert take(committee, DocumentType.GUIDANCE).symbol == "01-HD/TU"
    assert [take(committee, kind).symbol for kind in (DocumentType.DECISION, DocumentType.REGULATION)] == [
        "01-QĐ/TU",
        "01-QĐ/TU",
    ]


def test_what_is_rolled_back_leaves_no_gap(cell):
    take(cell)
    with transaction.atomic():
        take(cell)
        transaction.set_rollback(True)

    assert take(cell).number == 2


def test_a_cancelled_number_stays_and_is_not_given_again(cell):
    hoa = UserFactory()
    first = take(cell)

    numbering.cancel(first, "Ghi nhầm loại văn bản", actor=hoa)

    assert take(cell).number == 2
    first.refresh_from_db()
    assert (first.state, first.reason, first.cancelled_by) == ("cancelled", "Ghi nhầm loại văn bản", hoa)
    with pytest.raises(numbering.AlreadyCancelled):
        numbering.cancel(first, "Lần nữa", actor=hoa)


def test_no_number_is_cancelled_without_a_reason(cell):
    with pytest.raises(IntegrityError), transaction.atomic():
        numbering.cancel(take(cell), "", actor=None)


def test_an_office_goes_on_from_its_paper_register(cell):
    numbering.continue_after(cell.terms.get(), REPORT, 16, actor=None)

    assert take(cell).number == 17
    with pytest.raises(numbering.AlreadyStarted):
        numbering.continue_after(cell.terms.get(), REPORT, 30, actor=None)


def test_who_took_and_who_cancelled_is_on_record(cell):
    hoa = UserFactory()
    entry = numbering.take_number(cell, REPORT, DAY, subject="Kết quả", actor=hoa)
    numbering.cancel(entry, "Nhầm", actor=hoa)

    actions = AuditEntry.objects.filter(object_kind="cells.registerednumber", object_id=str(entry.pk), actor=hoa)
    assert list(actions.order_by("pk").values_list("action", flat=True)) == ["number.taken", "number.cancelled"]


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_get_two_numbers():
    cell = OrganisationFactory(kind=Kind.CELL)
    term_of(cell)
    begin = threading.Barrier(4)

    def sign():
        begin.wait()
        try:
            take(cell)
        finally:
            connection.close()

    signers = [threading.Thread(target=sign) for _ in range(4)]
    for signer in signers:
        signer.start()
    for signer in signers:
        signer.join()

    numbers = RegisteredNumber.unscoped.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4]


@pytest.mark.once
def test_the_second_of_two_who_change_a_term_sees_both_versions(db, client):
    hoa = make_cast().hoa
    cell = hoa.posts.get().organisation
    term = Term.unscoped.create(organisation=cell, ordinal="XX", first_day=dt.date(2025, 1, 1))
    client.force_login(hoa)
    address = reverse("cells:change_term", args=[term.public_id])
    told = {"ordinal": "XXI", "first_day": "01/01/2025", "version": 1}

    first = client.post(address, told | {"form_key": uuid.uuid4(), "symbol": "CBA"})
    second = client.post(address, told | {"form_key": uuid.uuid4(), "symbol": "CBB"})

    assert (first.status_code, second.status_code) == (302, 409)
    assert [(mine, theirs) for _label, mine, theirs in second.context["versions"]] == [("CBB", "CBA")]
    term.refresh_from_db()
    assert (term.symbol, term.version) == ("CBA", 2)

    seen = second.context["form"]
    settled = client.post(
        address, told | {"form_key": uuid.uuid4(), "symbol": "CBB", "version": seen["version"].value()}
    )
    term.refresh_from_db()
    assert (settled.status_code, term.symbol) == (302, "CBB")
