"""Files that are no honest workbook, sent through the form: one plain sentence, and nothing is left of them."""

import pytest
from django.urls import reverse

from cells.importing import files
from cells.importing.working import work
from cells.models import ImportBatch, Membership
from tests.cells.hostile import HOSTILE
from tests.cells.imports import roster_rows, upload, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_and_forgotten(client, cast, make):
    client.force_login(cast.hoa)
    members = Membership.unscoped.count()

    answer = upload(client, make(xlsx(roster_rows(2))), "roster", cell=str(cast.cell.public_id))
    if answer.status_code == 200:
        told = answer.context["form"].errors["file"][0]
    else:
        batch = ImportBatch.unscoped.get()
        assert work(batch.pk)
        batch.refresh_from_db()
        assert (batch.phase, batch.state) == ("plan", "failed")
        told = batch.error
        assert told in client.get(reverse("cells:import", args=[batch.public_id])).content.decode()

    assert told.startswith(("Tệp ", "Đọc tệp ", "Không tìm thấy cột "))
    assert Membership.unscoped.count() == members
    assert not files.folder().exists() or list(files.folder().iterdir()) == []


ODD_NAMES = ["../../x.xlsx", "C:\\x.xlsx", "x" * 300 + ".xlsx", "a\r\nb\u202e.xlsx", "Danh sa\u0301ch.xlsx"]


@pytest.mark.parametrize("odd", ODD_NAMES)
def test_names_of_files_lead_nowhere(client, cast, odd):
    client.force_login(cast.hoa)

    upload(client, xlsx(roster_rows(1)), "roster", name=odd, cell=str(cast.cell.public_id))

    batch = ImportBatch.unscoped.get()
    assert [path.name for path in files.folder().iterdir()] == [f"{batch.public_id.hex}.xlsx"]
    assert batch.file_name.isprintable()
