"""Real reports measured as domain.md 2.5 asks: of a cell, of a committee with thirty cells, and of the bloc (slow)."""

import datetime as dt
import hashlib
import io
import json
import sys
import time

import pytest
from django.conf import settings
from pypdf import PdfReader

from cells.models import Kind, Organisation
from cells.papers.confining import run_confined
from cells.papers.pdf import render
from reports.composing import compose
from reports.models import Report
from reports.sample import loading
from sessions.counting import rebuild_rollup
from tests.factories import OrganisationFactory, SessionFactory
from tests.reports import pages
from tests.reports.contents import PHRASE, content, ending, heading, paragraph, table, text_in_order
from tests.reports.test_pdf_layout import fonts_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def composed(organisation) -> dict:
    return compose(Report(organisation=organisation, period="2024-Q3", until=dt.date(2024, 9, 30)))


def measure(content: dict) -> int:
    """Every rule of the page that a program can measure; gives the number of pages."""
    pdf = render(content)
    with pages.opened(pdf) as document:
        for number, page in enumerate(document.pages, start=1):
            above = "".join(char["text"] for char in page.chars if char["top"] < 19 * pages.MM)
            body = [char for char in page.chars if char["top"] > 19 * pages.MM]
            assert above == ("" if number == 1 else str(number))
            assert min(char["x0"] for char in body) / pages.MM >= 30 - 0.5
            assert max(char["x1"] for char in body) / pages.MM <= 195 + 0.5
            assert max(char["bottom"] for char in body) / pages.MM <= 277 + 0.5
        first = document.pages[0].crop((103 * pages.MM, 0, 196 * pages.MM, 40 * pages.MM))
        phrase = next(line for line in pages.lines_of(first) if PHRASE in line.text)
        left, right, _y = min(pages.drawn_rules(first), key=lambda rule: rule[2])
        assert right - left == pytest.approx(phrase.right - phrase.left, abs=1)
        signed = next(page for page in document.pages if "Nơi nhận:" in page.extract_text())
        texts = [line.text for line in pages.lines_of(signed) if line.top > 19]
        assert next(number for number, text in enumerate(texts) if "T/M" in text) >= 2
        count = len(document.pages)
    assert all(is_embedded for _name, is_embedded in fonts_of(pdf))
    assert {name for name, _embedded in fonts_of(pdf)} <= {"Tinos", "Tinos-Bold", "Tinos-Italic"}
    reader = PdfReader(io.BytesIO(pdf))
    assert (reader.metadata.title, reader.metadata.author) == (content["title"], content["letterhead"]["issuer"])
    read = pages.text_of(pdf)
    assert pages.is_composed(read)
    assert same_words(read, content)
    return count


def same_words(read: str, content: dict) -> bool:
    """Equal but for the heads of tables, which are repeated on each page."""
    source = text_in_order(content)
    heads = {
        " ".join(column["title"] for column in block["columns"]) + " "
        for block in content["blocks"]
        if block["kind"] == "table"
    }
    for head in heads:
        read, source = read.replace(head, ""), source.replace(head, "")
    return read == source


@pytest.fixture
def tree():
    province = OrganisationFactory(code="T", name="Đảng bộ tỉnh Mẫu", kind=Kind.PROVINCE)
    committee = OrganisationFactory(code="SYT", name="Đảng bộ Sở Y tế", kind=Kind.GRASSROOTS_COMMITTEE, parent=province)
    names = ("Khoa Nội", "Khoa Ngoại tổng hợp", "Phòng Kế hoạch – Tài chính và Quản lý chất lượng")
    cells = [
        OrganisationFactory(code=f"C{number}", name=f"Chi bộ {names[number % 3]} {number}", parent=committee)
        for number in range(30)
    ]
    for number, cell in enumerate(cells):
        counters = {"expected": 9, "present": 8, "excused": 1, "state": "closed"}
        SessionFactory(cell=cell, day=dt.date(2024, 7, 3 + number % 20), **counters)
    rebuild_rollup()
    return committee, cells[0]


@pytest.mark.slow
def test_the_report_of_a_committee_with_thirty_cells_keeps_to_the_page(tree):
    assert measure(composed(tree[0])) >= 5


def test_the_report_of_a_cell_keeps_to_the_page(tree):
    assert measure(composed(tree[1])) >= 3


@pytest.mark.slow
def test_the_report_of_a_bloc_of_1330_cells_keeps_to_the_page():
    loading.load("bloc", dt.date(2024, 10, 15))
    assert measure(composed(Organisation.unscoped.get(code="M-KHOI"))) >= 60


# What `python -m cells.papers.join` does, and then the most memory that the process has had.
MEASURED = """
import sys
from cells.papers import join
join.main()
told = dict(line.split(":", 1) for line in open("/proc/self/status"))
sys.stderr.write(f"memory {int(told['VmHWM'].split()[0]) // 1024}\\n")
"""


@pytest.mark.slow
@pytest.mark.parametrize("count", [177, 1475])
def test_all_reports_of_a_bloc_are_joined_within_the_memory_of_one_child(tmp_path, count):
    blocks = [heading("1. Kết quả"), *(paragraph(f"Đoạn văn {number}. " * 40) for number in range(12)), table(60)]
    paper = render(content([*blocks, ending()]))
    (tmp_path / "paper.pdf").write_bytes(paper)
    file = {"path": str(tmp_path / "paper.pdf"), "sha256": hashlib.sha256(paper).hexdigest()}
    papers = [file | {"title": f"Chi bộ {number}"} for number in range(count)]
    start, lines = time.monotonic(), []

    with (tmp_path / "whole.pdf").open("wb") as output:
        source = json.dumps({"title": "Tập báo cáo", "papers": papers}).encode()
        limits = {"seconds": 500, "memory": settings.JOIN_MEMORY}
        run_confined([sys.executable, "-c", MEASURED], source, output, **limits, on_line=lines.append)

    seconds, size = time.monotonic() - start, (tmp_path / "whole.pdf").stat().st_size
    most = int(lines[-1].removeprefix("memory "))
    print(f"\n{count} reports joined: {seconds:.0f} s, {most} MB, file of {size / 1e6:.1f} MB")  # noqa: T201 - a measure tells
    assert most < 150
    assert size < count * len(paper) * 1.1
    whole = PdfReader(tmp_path / "whole.pdf")
    assert len(whole.pages) == count * len(PdfReader(io.BytesIO(paper)).pages)
    assert len(whole.outline) == count
    assert "/StructTreeRoot" in whole.root_object
