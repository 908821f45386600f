import datetime as dt

import pytest
from django.utils import timezone

from cells.models import Status
from sessions.opening import open_session
from tests.cast import make_cast
from tests.factories import MembershipFactory, PersonFactory, SessionFactory

DAY = dt.date(2026, 9, 3)


@pytest.fixture
def cast(db):
    """Three are expected at the cell (Hoa, Lan, Mai); Tư is exempt."""
    cast = make_cast()
    MembershipFactory(person=PersonFactory(code="DV-TU", full_name="Tư"), cell=cast.cell, status=Status.EXEMPT)
    return cast


@pytest.fixture
def planned(cast):
    return SessionFactory(cell=cast.cell, day=min(DAY, timezone.localdate()))


@pytest.fixture
def opened(cast, planned):
    open_session(planned, actor=cast.hoa)
    planned.refresh_from_db()
    return planned
