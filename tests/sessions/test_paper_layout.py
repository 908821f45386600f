"""Minutes of a cell of 14 as PDF and as Word: the words and their order, and the page in millimetres."""

import io

import docx
import pytest
from django.db import transaction

from cells.papers import word
from cells.papers.blocks import paragraph
from cells.papers.pdf import render
from sessions import printing
from sessions.resolving import compose_resolution
from tests.reports import pages
from tests.reports.contents import PHRASE, text_in_order
from tests.sessions import board_cell

pytestmark = [pytest.mark.once, pytest.mark.django_db]

LEFT, RIGHT, TOP, BOTTOM = 30, 195, 20, 277


@pytest.fixture(scope="module")
def papers(django_db_setup, django_db_blocker):
    """Adopted minutes and the draft of a resolution, composed once; nothing of it stays in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        session = board_cell.held()
        found = printing.as_adopted(board_cell.adopted(session)), compose_resolution(session)
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module")
def minutes(papers):
    return papers[0]


@pytest.fixture(scope="module")
def pdf(minutes):
    return render(minutes)


@pytest.fixture(scope="module")
def document(pdf):
    with pages.opened(pdf) as opened:
        yield opened


def squeezed(text: str) -> str:
    return "".join(text.split())


def words_in_word(content: dict) -> str:
    """Paragraphs and cells in the order in which they stand in the file."""
    body = docx.Document(io.BytesIO(word.render(content))).element.body
    return squeezed("".join(piece.text or "" for piece in body.iter() if piece.tag.endswith("}t")))


def test_the_pdf_reads_as_the_minutes_do(pdf, minutes):
    read = pages.text_of(pdf)

    assert read == text_in_order(minutes)
    assert pages.is_composed(read)


def test_discussion_and_conclusion_stand_where_the_agenda_has_them(minutes):
    titles = [block["text"] for block in minutes["blocks"] if block["kind"] == "subheading"]
    texts = [block.get("text", "") for block in minutes["blocks"]]

    assert titles[3:10] == [
        "1. Nêu mục đích, cử thư ký, điểm danh (5 phút)",
        "2. Đánh giá thực hiện nghị quyết tháng trước (15 phút)",
        "3. Trình bày chuyên đề (30 phút)",
        "4. Đảng viên góp ý, nêu câu hỏi (25 phút)",
        "5. Ý kiến thảo luận",
        "6. Kết luận, giao nhiệm vụ, biểu quyết nghị quyết (10 phút)",
        "7. Tự đánh giá chất lượng buổi sinh hoạt, thông qua biên bản (5 phút)",
    ]
    concluded = texts.index("Kết luận của chủ trì:")
    assert texts[concluded + 1 : concluded + 4] == [*board_cell.RECORD["conclusion"].splitlines(), titles[9]]


def test_the_text_keeps_within_its_margins_and_fills_them(document):
    for page in document.pages:
        body = [char for char in page.chars if char["top"] > 19 * pages.MM]
        assert (page.width / pages.MM, page.height / pages.MM) == (
            pytest.approx(210, abs=0.5),
            pytest.approx(297, abs=0.5),
        )
        assert min(char["top"] for char in body) / pages.MM >= TOP - 0.5
        assert max(char["bottom"] for char in body) / pages.MM <= BOTTOM + 0.5
        assert min(char["x0"] for char in body) / pages.MM >= LEFT - 0.5
        assert max(char["x1"] for char in body) / pages.MM <= RIGHT + 0.5
    lines = [line for page in document.pages for line in pages.lines_of(page)]
    full = next(line for line in lines if line.right - line.left > RIGHT - LEFT - 0.5 and line.size > 13.5)
    assert (full.left, full.right) == (pytest.approx(LEFT, abs=0.5), pytest.approx(RIGHT, abs=0.5))


def test_the_rule_is_as_long_as_the_words_above_it(document):
    head = document.pages[0].crop((103 * pages.MM, 0, 196 * pages.MM, 40 * pages.MM))
    phrase = pages.lines_of(head)[0]
    left, right, _ = min(pages.drawn_rules(head), key=lambda rule: rule[2])

    assert phrase.text == PHRASE
    assert right - left == pytest.approx(phrase.right - phrase.left, abs=1)


def test_the_first_page_bears_no_number_and_the_others_do(document):
    above = ["".join(char["text"] for char in page.chars if char["top"] < 19 * pages.MM) for page in document.pages]

    assert above == ["", *map(str, range(2, len(above) + 1))]
    assert len(above) > 1


@pytest.mark.parametrize("more", [2, 6, 10, 14])
def test_those_who_sign_never_stand_alone_on_a_page(minutes, more):
    *blocks, signatures = minutes["blocks"]
    longer = minutes | {"blocks": [*blocks, *[paragraph("Chi bộ bàn thêm một việc.")] * more, signatures]}

    with pages.opened(render(longer)) as document:
        last = pages.lines_of(document.pages[-1])

    place = next(number for number, line in enumerate(last) if "NGƯỜI GHI BIÊN BẢN" in line.text)
    written = [line for line in last[:place] if line.top > 19]
    assert len(written) >= 2
    assert (last[-1].text, last[-1].font) == ("Ngô Thị Oanh Nguyễn Thị Ánh", "Tinos-Bold")


@pytest.mark.parametrize("kind", [0, 1])
def test_the_word_file_holds_the_words_of_the_pdf_in_their_order(papers, kind):
    content = papers[kind] | {"letterhead": {"symbol": "Số 01-BB/CB"} | papers[kind]["letterhead"]}

    assert words_in_word(content) == squeezed(pages.text_of(render(content)))
