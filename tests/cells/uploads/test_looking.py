"""What an upload says and does is found wherever it hides in the file (reliability.md 28 and 35)."""

import pytest

from cells.uploads.child import Refused, look_into
from cells.uploads.kinds import PDF, SLIDES, WORD
from cells.uploads.secrecy import bears_mark
from tests.cells.uploads import papers

pytestmark = pytest.mark.once

ENOUGH = "Chi bộ học tập Kết luận 01 và làm theo gương Bác. " * 4
RELATIONS = "word/_rels/document.xml.rels"


def of_part(name, content, **options) -> bytes:
    return papers.docx(more={name: content}, **options)


def of_link(target) -> bytes:
    return of_part(RELATIONS, papers.relations("hyperlink", target))


def of_field(*codes) -> bytes:
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    return papers.docx(f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}</w:p>')


ACTIVE = {
    "a page taken in as a chunk": (of_part("word/chunk.htm", "<html><body>x</body></html>"), "active"),
    "a drawing with a script": (of_part("word/media/a.svg", "<svg><script>1</script></svg>"), "active"),
    "a chunk": (of_part(RELATIONS, papers.relations("aFChunk", "chunk.rtf", mode="Internal")), "active"),
    "another Word file inside": (of_part("word/media/x.dat", papers.docx()), "active"),
    "a PDF inside": (of_part("word/media/x.png", papers.pdf()), "active"),
    "a program inside": (of_part("word/media/x.png", b"MZ\x90\x00"), "active"),
    "a program as field": (of_field('DDEAUTO c:\\\\x "/k calc"'), "active"),
    "a program as field in pieces": (of_field("DDE", 'AUTO c:\\\\x "/k calc"'), "active"),
    "a program as simple field": (papers.docx('<w:p><w:fldSimple w:instr=" DDE excel x"/></w:p>'), "active"),
    "another file as field": (of_field(' INCLUDETEXT "http://127.0.0.1/x.docx"'), "active"),
    "a link to a program": (of_link("file:///c:/windows/x.exe"), "external"),
    "a link to another computer": (of_link("\\\\host\\share\\x"), "external"),
    "a link that is a script": (of_link("javascript:alert(1)"), "external"),
}


@pytest.mark.parametrize("case", ACTIVE)
def test_what_acts_in_a_word_file_is_found(case):
    content, reason = ACTIVE[case]

    with pytest.raises(Refused) as refusal:
        look_into(content, WORD.content_type)

    assert refusal.value.args == (reason,)


def test_what_acts_in_a_pdf_is_found_by_way_of_another_object():
    with pytest.raises(Refused) as refusal:
        look_into(papers.pdf(papers.with_far_launch), PDF.content_type)

    assert refusal.value.args == ("active",)


@pytest.mark.parametrize("link", ["https://example.org/a?b=c:d", "mailto:a@example.org", "#muc-1", "bai.docx"])
def test_what_a_reader_may_follow_stays(link):
    assert look_into(of_link(link), WORD.content_type)[0]["is_legible"]


CAPITALS = "<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>Mật</w:t></w:r><w:r><w:t> phát ra</w:t></w:r></w:p>"
OF_16_BITS = f'<?xml version="1.0" encoding="UTF-16"?>{papers.part("hdr", "TỐI MẬT")}'.encode("utf-16")
STAMPED = {
    "a header under another name": (of_part("word/header1.bin", papers.part("hdr", "TUYỆT MẬT")), WORD),
    "a header in another encoding": (of_part("word/header1.xml", OF_16_BITS), WORD),
    "small letters shown as capitals": (papers.docx(CAPITALS), WORD),
    "a drawing": (of_part("word/media/a.svg", "<svg><text>TỐI MẬT</text></svg>"), WORD),
    "words drawn behind the text": (
        of_part("word/header1.xml", "<a><textpath string='TỐI MẬT'/></a>"),
        WORD,
    ),
    "a deleted text": (papers.docx("<w:p><w:del><w:r><w:delText>TỐI MẬT</w:delText></w:r></w:del></w:p>"), WORD),
    "a slide": (papers.pptx(ENOUGH, "TUYỆT MẬT"), SLIDES),
    "a bookmark": (papers.pdf(lambda writer: writer.add_outline_item(title="TUYỆT MẬT", page_number=0)), PDF),
    "a field somebody filled in": (papers.pdf(lambda writer: papers.with_field(writer, "Độ mật: Tối mật")), PDF),
}


@pytest.mark.parametrize("case", STAMPED)
def test_a_stamp_is_read_wherever_it_stands(case):
    content, kind = STAMPED[case]

    assert bears_mark(look_into(content, kind.content_type)[0]["text"])


LEGIBLE = {
    "pictures pasted into a Word file": (of_part("word/media/a.png", papers.png()), WORD, False),
    "a picture in a paper that says much": (
        papers.docx(papers.paragraph(ENOUGH), more={"word/media/a.png": papers.png()}),
        WORD,
        True,
    ),
    "a slide that is a picture": (papers.pptx(ENOUGH, ""), SLIDES, False),
    "slides that say something": (papers.pptx(ENOUGH, "Ảnh hội nghị"), SLIDES, True),
    "a page of a picture and a line": (papers.pdf(papers.with_picture), PDF, False),
    "a page of signs that tell no letters": (papers.pdf(papers.with_untold_letters), PDF, False),
    "a page of words": (papers.pdf(), PDF, True),
}


@pytest.mark.parametrize("case", LEGIBLE)
def test_what_may_hide_words_in_a_picture_is_for_a_second_person(case):
    content, kind, is_legible = LEGIBLE[case]

    assert look_into(content, kind.content_type)[0]["is_legible"] is is_legible
