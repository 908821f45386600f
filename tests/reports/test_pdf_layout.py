"""The page measured against the guidance (HD 05-HD/VPTW), in millimetres from the edges of the sheet."""

import io

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from cells.papers.pdf import FACES, FONTS, MOST_ROWS, PdfError, printable, render
from tests.reports import pages
from tests.reports.contents import PHRASE, content, ending, heading, paragraph, table, text_in_order

pytestmark = pytest.mark.once

LEFT_EDGE, RIGHT_EDGE, BOTTOM_EDGE = 30, 195, 277
MARKED = (
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
)
SENTENCE = "Chi bộ sinh hoạt đều, đúng lịch, đủ thành phần, có nghị quyết sau mỗi buổi và giao việc rõ người. "


@pytest.fixture(scope="module")
def report():
    return content(
        [
            heading("I- TÌNH HÌNH CHUNG"),
            paragraph(SENTENCE * 4),
            paragraph(f"Chữ có dấu: {' '.join(MARKED)}; số lượng 15.463; tỷ lệ 98,5\u00a0%; dấu “—” và …"),
            heading("II- KẾT QUẢ"),
            table(4),
            heading("III- HẠN CHẾ, NGUYÊN NHÂN"),
            {"kind": "room", "lines": 6},
            ending(),
            {"kind": "appendix", "title": "PHỤ LỤC", "subject": "nguồn số liệu"},
            table(60),
        ]
    )


@pytest.fixture(scope="module")
def pdf(report):
    return render(report)


@pytest.fixture(scope="module")
def document(pdf):
    with pages.opened(pdf) as opened:
        yield opened


def line_with(page, text: str) -> pages.Line:
    return next(line for line in pages.lines_of(page) if text in line.text)


def test_the_fonts_have_all_134_marked_letters():
    assert len(set(MARKED)) == 134
    for face in FACES:
        with TTFont(FONTS / face) as font:
            letters = font.getBestCmap()
        assert [letter for letter in MARKED if ord(letter) not in letters] == []


def test_the_text_read_back_is_the_text_put_in(pdf, report):
    head = "TT Tổ chức Có mặt Tỷ lệ "
    read, source = pages.text_of(pdf), text_in_order(report)

    assert read.count(head) > source.count(head)  # the head of the long table is repeated
    assert read.replace(head, "") == source.replace(head, "")
    assert pages.is_composed(read)


def test_the_text_block_is_165_by_257_millimetres(document):
    for page in document.pages:
        body = [char for char in page.chars if char["top"] > 19 * pages.MM]
        assert min(char["x0"] for char in body) / pages.MM >= LEFT_EDGE - 0.5
        assert max(char["x1"] for char in body) / pages.MM <= RIGHT_EDGE + 0.5
        assert max(char["bottom"] for char in body) / pages.MM <= BOTTOM_EDGE + 0.5
    full = [line for line in pages.lines_of(document.pages[0]) if "giao việc" in line.text][1]
    assert (full.left, full.right) == (pytest.approx(LEFT_EDGE, abs=0.5), pytest.approx(RIGHT_EDGE, abs=0.5))
    assert document.pages[0].width / pages.MM == pytest.approx(210, abs=0.5)
    assert document.pages[0].height / pages.MM == pytest.approx(297, abs=0.5)


def test_a_paragraph_begins_ten_millimetres_in_and_lines_are_19_points_apart(document):
    first, second = [line for line in pages.lines_of(document.pages[0]) if "sinh hoạt đều" in line.text][:2]

    assert first.left == pytest.approx(LEFT_EDGE + 10, abs=0.5)
    assert (second.top - first.top) * pages.MM == pytest.approx(19, abs=0.2)
    assert first.size == pytest.approx(14, abs=0.01)


def test_the_phrase_stands_on_one_line_over_a_drawn_rule_of_its_length(document):
    page = document.pages[0].crop((30 * pages.MM + 73 * pages.MM, 0, 196 * pages.MM, 40 * pages.MM))
    phrase, dated = pages.lines_of(page)[:2]
    left, right, y = min(pages.drawn_rules(page), key=lambda rule: rule[2])

    assert (phrase.text, phrase.font) == (PHRASE, "Tinos-Bold")
    assert phrase.size == pytest.approx(15, abs=0.01)
    assert (right - left) == pytest.approx(phrase.right - phrase.left, abs=1)
    assert left == pytest.approx(phrase.left, abs=0.5)
    bottom = max(char["bottom"] for char in page.chars if char["size"] > 14.5) / pages.MM
    assert 1 <= y - bottom <= 1.5
    assert (dated.text, dated.font) == ("Thanh Hóa, ngày 31 tháng 12 năm 2026", "Tinos-Italic")


def test_the_names_are_centred_in_their_columns(document):
    left = document.pages[0].crop((0, 0, 103 * pages.MM, 60 * pages.MM))
    right = document.pages[0].crop((103 * pages.MM, 0, document.pages[0].width, 60 * pages.MM))

    assert [line.text for line in pages.lines_of(left)] == [
        "ĐẢNG BỘ KHỐI",
        "CÁC CƠ QUAN TỈNH",
        "CHI BỘ HỘI LIÊN HIỆP",
        "PHỤ NỮ TỈNH",
        "*",
        "Số -BC/CB",
    ]
    for line in pages.lines_of(left):
        assert (line.left + line.right) / 2 == pytest.approx(30 + 73 / 2, abs=0.5)
    for line in pages.lines_of(right):
        assert (line.left + line.right) / 2 == pytest.approx(30 + 73 + 92 / 2, abs=0.5)


def test_the_type_stands_12_to_15_millimetres_below_the_header(document):
    page = document.pages[0]
    number, kind = line_with(page, "-BC/CB"), line_with(page, "BÁO CÁO")

    assert 12 <= kind.top - (number.top + number.size / pages.MM) <= 15
    assert (kind.font, kind.size) == ("Tinos-Bold", pytest.approx(16, abs=0.01))


def test_pages_are_numbered_from_the_second_in_the_middle_of_the_top_margin(document):
    above = [[char for char in page.chars if char["top"] < 19 * pages.MM] for page in document.pages]

    assert len(above) >= 3
    assert ["".join(char["text"] for char in chars) for chars in above] == [
        "",
        *(str(number) for number in range(2, len(above) + 1)),
    ]
    for (number,) in above[1:]:
        assert (number["x0"] + number["x1"]) / 2 / pages.MM == pytest.approx((LEFT_EDGE + RIGHT_EDGE) / 2, abs=0.5)
        assert (number["top"] + number["bottom"]) / 2 / pages.MM == pytest.approx(10, abs=1)


def test_every_font_is_ours_and_embedded(pdf):
    fonts = fonts_of(pdf)

    assert {name for name, _ in fonts} == {"Tinos", "Tinos-Bold", "Tinos-Italic"}
    assert all(is_embedded for _, is_embedded in fonts)


def fonts_of(pdf: bytes) -> set[tuple[str, bool]]:
    found = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            name = descendant["/BaseFont"].partition("+")[2]
            found.add((name, "/FontFile2" in descendant["/FontDescriptor"].get_object()))
    return found


def test_the_file_says_what_it_is_to_a_screen_reader(pdf, report):
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]

    assert reader.metadata.title == report["title"]
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_object().get_data()
    assert [page.get("/Annots") for page in reader.pages if page.get("/Annots")] == []


@pytest.mark.parametrize("sentences", range(6, 12))
def test_the_signature_never_stands_alone_on_a_page(sentences):
    pdf = render(content([heading("IV- NHIỆM VỤ QUÝ SAU"), *[paragraph(SENTENCE * 2)] * sentences, ending()]))

    with pages.opened(pdf) as document:
        last = pages.lines_of(document.pages[-1])
    texts = [line.text for line in last]
    place = next(number for number, text in enumerate(texts) if "T/M CHI BỘ" in text)
    written = [line for line in last[:place] if line.top > 19 and line.size == pytest.approx(14, abs=0.1)]
    assert len(written) >= 2
    assert "- Lưu Chi bộ." in texts[-1]


def test_a_long_table_repeats_its_head_and_keeps_every_row(document):
    rows = pages.folded(" ".join(page.extract_text() for page in document.pages[1:]))

    assert sum("TT Tổ chức Có mặt Tỷ lệ" in page.extract_text() for page in document.pages[1:]) >= 2
    assert [
        number for number in range(1, 61) if f"{number} Chi bộ Văn phòng {number} {number}/{number}" not in rows
    ] == []


def test_no_more_than_three_thousand_rows_are_printed_and_the_reader_is_told():
    block = printable(table(MOST_ROWS + 5))

    assert len(block["rows"]) == MOST_ROWS + 1  # with the sums
    assert block["cut"] == "Bảng in 3.000 dòng đầu trong số 3.005 dòng."


def test_progress_grows_to_the_number_of_pages(report, document):
    told = []
    render(report, progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (len(document.pages), len(document.pages))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_layout_that_is_not_ours_is_refused():
    with pytest.raises(PdfError) as refused:
        render(content([], layout="../../etc"))

    assert refused.value.reason == "layout"


def test_words_and_names_without_end_stay_on_the_page():
    found = content([paragraph("ọ" * 10_000), table(2, "Ệ" * 200), ending("ử" * 900)])
    found["letterhead"] = found["letterhead"] | {"issuer": "Chibộ" * 50}

    with pages.opened(render(found)) as document:
        right = max(char["x1"] for page in document.pages for char in page.chars)
        letters = sum(page.extract_text().count("ọ") for page in document.pages)

    assert right / pages.MM <= RIGHT_EDGE + 0.5
    assert letters == 10_000
