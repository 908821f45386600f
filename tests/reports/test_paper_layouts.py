"""The same words in the layout of 2018 and in that of 2026, and as Word and Excel; measured, and kept as golden files.

A golden file is the text of the PDF line by line with the place of each line. `GOLDEN=write` writes them anew.
"""

import datetime as dt
import io
import os
from pathlib import Path

import docx
import openpyxl
import pytest

from cells.models import HeadingStyle, PaperLayout
from cells.papers import word
from cells.papers.layouts import LEVELS, SEEDS, ended, layout_on, numbered_headings
from cells.papers.pdf import render
from reports.tabulating import workbook_of
from tests.reports import pages
from tests.reports.contents import content, ending, heading, paragraph, table, text_in_order
from tests.reports.papers import programme
from tests.sessions.test_paper_layout import squeezed, words_in_word

GOLDEN = Path(__file__).parent / "golden"
pytestmark = pytest.mark.once


@pytest.fixture(scope="module", params=["hd36_2018", "hd05_2026"])
def paper(request):
    seed = next(seed for seed in SEEDS if seed["code"] == request.param)
    return programme(request.param, HeadingStyle.LETTERS, seed["end_mark"])


@pytest.fixture(scope="module")
def pdf(paper):
    return render(paper)


def test_the_paper_is_line_by_line_what_it_was(paper, pdf):
    with pages.opened(pdf) as document:
        lines = [
            f"{number} {line.left:5.1f} {line.top:5.1f} {line.text}"
            for number, page in enumerate(document.pages, start=1)
            for line in pages.lines_of(page)
        ]
    file = GOLDEN / f"{paper['layout']}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    kept = file.read_text(encoding="utf-8").splitlines()

    assert [words(line) for line in lines] == [words(line) for line in kept]
    for line, golden in zip(lines, kept, strict=True):
        assert places(line) == pytest.approx(places(golden), abs=0.5), line


def words(line: str) -> str:
    return line.split(maxsplit=3)[3]


def places(line: str) -> list[float]:
    return [float(text) for text in line.split(maxsplit=3)[:3]]


def test_headings_are_counted_by_letter_and_by_number_of_the_one_above(paper, pdf):
    read = pages.text_of(pdf)

    assert read == text_in_order(paper)
    numbered = [block["text"].split()[0] for block in paper["blocks"] if block["kind"] in LEVELS]
    assert numbered == ["A.", "I.", "II.", "B.", "I.", "II.", "1.", "2.", "3.", "4.", "4.1.", "4.2.", "C."]


def test_the_signature_keeps_the_last_sentence_with_it_and_the_end_mark_of_its_layout(paper, pdf):
    with pages.opened(pdf) as document:
        last = [line.text for line in pages.lines_of(document.pages[-1])]
        first = document.pages[0]
        body = [char for page in document.pages for char in page.chars if char["top"] > 19 * pages.MM]

    mark = "này./." if paper["layout"] == "hd36_2018" else "này."
    place = next(number for number, text in enumerate(last) if "T/M BAN CHẤP HÀNH" in text)
    assert " ".join(last[:place]).endswith(f"chương trình {mark}")
    assert place >= 2
    assert any(text.startswith("- Lưu VP, BTG.") for text in last[place:])
    assert min(char["x0"] for char in body) / pages.MM >= 30 - 0.5
    assert max(char["x1"] for char in body) / pages.MM <= 195 + 0.5
    assert not [char for char in first.chars if char["top"] < 19 * pages.MM]


WIDE = {"top": 25, "bottom": 25, "left": 35, "right": 15, "body_size": 15, "leading": 20, "page_number_size": 14}


def test_margins_and_sizes_are_those_of_the_dated_row_in_pdf_and_word():
    """As some places had them under the guidance of 2018 (domain.md 2.1), on a text block of 160 mm."""
    told = content([paragraph("Chi bộ sinh hoạt đều, đúng lịch. " * 99), table(40), ending()], sheet=WIDE)

    with pages.opened(render(told)) as document:
        number, *_rest = pages.lines_of(document.pages[1])
        body = [char for page in document.pages for char in page.chars if char["top"] > 24 * pages.MM]
        rules = [edge for page in document.pages for edge in page.edges if edge["orientation"] == "h"]
        lines = [line for line in pages.lines_of(document.pages[0]) if "sinh hoạt đều" in line.text][:2]
    assert (number.text, number.size) == ("2", pytest.approx(14, abs=0.01))
    assert min(char["x0"] for char in body) / pages.MM >= 35 - 0.5
    for letters in (body, rules):
        assert max(one["x1"] for one in letters) / pages.MM == pytest.approx(195, abs=0.5)
    assert max(char["bottom"] for char in body) / pages.MM <= 272 + 0.5
    assert lines[0].size == pytest.approx(15, abs=0.01)
    assert (lines[1].top - lines[0].top) * pages.MM == pytest.approx(20, abs=0.2)

    document = docx.Document(io.BytesIO(word.render(told)))
    (section,) = document.sections
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [25, 25, 35, 15]
    assert document.styles["Văn bản"].font.size.pt == 15
    for one in document.tables:
        assert sum(cell.width.mm for cell in one.rows[0].cells) == pytest.approx(160, abs=0.5)


@pytest.mark.django_db
def test_a_paper_takes_the_sheet_of_its_layout_along():
    assert [layout_on(day).sheet["page_number_size"] for day in (dt.date(2021, 3, 1), dt.date(2026, 5, 27))] == [14, 13]


def test_roman_headings_count_with_a_dash():
    blocks = [
        {"kind": kind, "text": "x", "is_numbered": True}
        for kind in ("heading", "subheading", "section", "section", "subheading", "heading", "subheading")
    ]

    numbered = [block["text"] for block in numbered_headings(blocks, HeadingStyle.ROMAN)]

    assert numbered == ["I- x", "1. x", "a) x", "b) x", "2. x", "II- x", "1. x"]


@pytest.mark.parametrize(
    ("text", "mark", "said"), [("Hết.", "./.", "Hết./."), ("Hết./.", ".", "Hết."), ("Hết", ".", "Hết.")]
)
def test_the_text_ends_once(text, mark, said):
    assert ended(text, mark) == said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "code", "mark"),
    [
        (dt.date(2021, 3, 1), "hd36_2018", "./."),
        (dt.date(2026, 5, 26), "hd36_2018", "./."),
        (dt.date(2026, 5, 27), "hd05_2026", "."),
        (dt.date(2010, 1, 1), "hd36_2018", "./."),
    ],
)
def test_the_layout_follows_the_date_of_the_paper(day, code, mark):
    layout = layout_on(day)

    assert (layout.code, layout.end_mark) == (code, mark)


@pytest.mark.django_db
def test_an_administrator_may_begin_another_layout():
    PaperLayout.unscoped.create(
        code="hd05_2026", headings=HeadingStyle.LETTERS, source="Quy định của tỉnh", first_day=dt.date(2026, 9, 1)
    )

    assert layout_on(dt.date(2026, 8, 31)).headings == HeadingStyle.ROMAN
    assert layout_on(dt.date(2026, 9, 1)).headings == HeadingStyle.LETTERS


REPORT = content(
    [
        heading("I- TÌNH HÌNH CHUNG"),
        paragraph("=1+1 là chữ, không phải phép tính."),
        table(3, "=HYPERLINK(0)"),
        heading("III- HẠN CHẾ, NGUYÊN NHÂN"),
        {"kind": "room", "lines": 6},
        ending(),
        {"kind": "appendix", "title": "PHỤ LỤC", "subject": "nguồn số liệu"},
        table(2),
    ]
)


def test_the_word_file_has_the_words_of_the_pdf_with_sums_room_and_appendix():
    expected = text_in_order(REPORT).replace("Số -BC/CB", "Số ……-BC/CB")

    assert words_in_word(REPORT) == squeezed(expected)


def test_the_workbook_has_the_same_words_and_no_formula():
    frozen = {name: [] for name in ("sessions", "cells", "conferences")}
    figures = {"members_total": 1234, "present": 9, "expected": 10}
    frozen |= {"definitions": {}, "figures": figures, "activity": {"counts": {}}, "sha256": "0" * 64}
    frozen["definitions"] = dict.fromkeys(("members_total", "attendance_rate"), ("Chỉ tiêu", "Cách tính"))
    frozen["figures"]["attendance_rate"] = 0.9

    class Lan:
        username = "lan"

        def __str__(self):
            return "Lan"

    book = openpyxl.load_workbook(io.BytesIO(workbook_of(REPORT, frozen, Lan())))

    page = book["Báo cáo"]
    rows = [[cell.value for cell in row if cell.value not in (None, "")] for row in page.iter_rows()]
    texts = " ".join(str(value) for row in rows for value in row)
    expected = text_in_order(REPORT).replace("Số -BC/CB", "Số ……-BC/CB").replace(" -----", "")
    assert squeezed(texts.partition("Xuất bởi")[0]) == squeezed(expected)
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}  # no formula
    assert [row[1].value for row in book["Số liệu"]][1:3] == [1234, "90,0\u00a0%"]  # may be added up in the office
    assert [sheet.title for sheet in book][2:] == [
        f"Nguồn - {records}" for records in ("buổi sinh hoạt", "chi bộ", "hội nghị", "phải sinh hoạt")
    ]
