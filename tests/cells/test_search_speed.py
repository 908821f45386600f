"""50,000 members: a name is found, and a roster shown, in less than 200 ms on either database."""

import time

import pytest
from django.urls import reverse

from cells.analysing import analyse
from cells.models import Membership, Person, Standing
from tests.factories import LONG_AGO, OrganisationFactory

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
FAMILIES, MIDDLES = ["Nguyễn", "Trần", "Lê", "Phạm", "Đặng"], ["Văn", "Thị", "Minh", "Đức"]
GIVEN = ["An", "Ánh", "Bình", "Châu", "Dũng", "Đạt", "Hòa", "Hoà", "Khánh", "Định"]
MEMBERS, LIMIT = 50_000, 0.2


@pytest.fixture
def province(cast):
    cells = [OrganisationFactory(code=f"X{number}", parent=cast.branch) for number in range(20)]
    people = [
        Person(code=f"X{n}", full_name=f"{FAMILIES[n % 5]} {MIDDLES[n // 5 % 4]} {GIVEN[n // 20 % 10]}")
        for n in range(MEMBERS)
    ]
    for person in people:
        person.fill_keys()
    Person.unscoped.bulk_create(people, batch_size=5000)
    Membership.unscoped.bulk_create(
        [
            Membership(person=one, cell=cells[n % 20], standing=Standing.OFFICIAL, first_day=LONG_AGO)
            for n, one in enumerate(people)
        ],
        batch_size=5000,
    )
    analyse()  # as every import of that size does
    return cast


@pytest.mark.parametrize("query", [{}, {"search": "dinh dang"}, {"search": "X49999"}, {"search": "an"}])
def test_a_search_among_all_members_is_quick(client, province, query):
    client.force_login(province.minh)
    address = reverse("cells:roster", args=[province.committee.public_id])
    client.get(address, query)

    times = []
    for _turn in range(5):
        begun = time.perf_counter()
        assert client.get(address, query).status_code == 200
        times.append(time.perf_counter() - begun)

    print(f"{query}: {sorted(times)[2] * 1000:.0f} ms")  # noqa: T201 - a bench says what it measured
    assert sorted(times)[2] < LIMIT
