"""Two people reorganise at once, and somebody reads meanwhile."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import AuditEntry
from cells.models import Lineage, Reorganisation
from cells.restructuring.carrying_out import Stale, carry_out, checked_plan
from cells.restructuring.orders import Kind, New, Order
from reports import views_dashboard
from tests.cast import make_cast
from tests.factories import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def cast(transactional_db):
    cast = make_cast()
    MembershipFactory(person=PersonFactory(code="DV-BAY", full_name="Bảy"), cell=cast.neighbour)
    return cast


def draft(order: Order, user) -> tuple[Reorganisation, Order, str]:
    """What one of them has on the screen, ready to be confirmed."""
    row = Reorganisation.unscoped.create(kind=order.kind, author=user, day=order.day)
    plan = checked_plan(row, order)
    assert plan.problems == []
    return row, order, plan.digest


def merger(cast) -> Order:
    new = (New("1.1.9", "Chi bộ hợp nhất", "cell"),)
    both = (cast.cell, cast.neighbour)
    return Order(kind=Kind.MERGE, day=DAY, decision="1-QĐ", organisations=both, parent=cast.branch, new=new)


def elsewhere(row, order: Order, digest: str, actor) -> None:
    """Confirmed as another process would, on a connection of its own."""

    def confirm():
        try:
            carry_out(row, order, digest, actor=actor)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(confirm).result()


def test_of_two_who_confirm_at_once_one_wins_and_the_other_is_told(cast):
    absorption = Order(kind=Kind.ABSORB, day=DAY, decision="2-QĐ", organisations=(cast.cell,), heir=cast.neighbour)
    drafts = [(*draft(merger(cast), cast.minh), cast.minh), (*draft(absorption, cast.quan), cast.quan)]
    gate, outcomes = threading.Barrier(2), []

    def confirm(row, order, digest, actor):
        gate.wait()
        try:
            carry_out(row, order, digest, actor=actor)
            outcomes.append("done")
        except Stale:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=told) for told in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "told"]
    assert AuditEntry.objects.filter(action="reorganisation.done").count() == 1
    assert sorted(Reorganisation.unscoped.values_list("state", flat=True)) == ["done", "draft"]
    cells = Lineage.unscoped.under(cast.branch, DAY).filter(is_cell=True)
    assert cells.count() == 1  # whoever won, two cells became one


def test_a_dashboard_is_of_before_or_of_after_and_never_of_both(cast, client, monkeypatch):
    """The merger is confirmed after the page has found its organisation and before it counts what stands below."""
    client.force_login(cast.minh)
    ready, compute = draft(merger(cast), cast.minh), views_dashboard.compute
    address = reverse("reports:dashboard_of", args=[cast.branch.public_id])
    year = {"year": "2026", "span": "Y"}

    def late(*given):
        elsewhere(*ready, cast.minh)
        return compute(*given)

    monkeypatch.setattr(views_dashboard, "compute", late)
    during = client.get(address, year).context["shown"].figures
    monkeypatch.setattr(views_dashboard, "compute", compute)
    after = client.get(address, year).context["shown"].figures

    assert (during.cells, after.cells) == (2, 1)
    assert during.members_total == after.members_total
