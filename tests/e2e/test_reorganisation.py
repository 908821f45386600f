"""The committee merges two cells, looks before it confirms, and takes it back."""

import pytest
from playwright.sync_api import expect

from cells.models import Membership, Organisation
from tests.e2e.seeing import arrive, fits


@pytest.mark.django_db(transaction=True)
def test_the_committee_merges_two_cells(cast, page, enter, axe_check):
    enter(page, cast.minh)

    page.goto("/to-chuc/sap-xep/moi/")
    arrive(page.get_by_role("button", name="Hợp nhất").click)
    for name in ("Chi bộ một", "Chi bộ hai"):
        arrive(page.get_by_role("button", name=f"Chọn {name}").click)
    arrive(page.get_by_role("link", name="Tiếp: ghi quyết định").click)
    page.get_by_label("Số quyết định").fill("12-QĐ/ĐU")
    page.get_by_label("Ngày quyết định").fill("20/12/2029")
    page.get_by_label("Ngày có hiệu lực").fill("01/01/2030")
    page.get_by_label("Tên đơn vị mới").fill("Chi bộ hợp nhất")
    arrive(page.get_by_role("button", name="Xem trước").click)

    expect(page.get_by_text("Trước sắp xếp 5, sau sắp xếp 5 đảng viên.")).to_be_visible()
    fits(page)
    axe_check(page)
    assert not Organisation.unscoped.filter(successor__isnull=False).exists()
    arrive(page.get_by_role("button", name="Thực hiện đúng như trên").click)

    expect(page.get_by_text("Đã sắp xếp xong.")).to_be_visible()
    heir = Organisation.unscoped.get(pk=Organisation.unscoped.get(pk=cast.cell.pk).successor_id)
    assert Membership.unscoped.filter(cell=heir, last_day=None).count() == 5
    arrive(page.get_by_role("button", name="Hoàn tác việc sắp xếp này").click)
    expect(page.get_by_text("Đã hoàn tác: tổ chức, đảng viên và nhiệm vụ trở lại như trước.")).to_be_visible()
    assert not Organisation.unscoped.filter(pk=heir.pk).exists()
