"""Party documents that the sample knows, with outlines whose files are made on the spot."""

from datetime import date

from reports.sample.content import Content
from reports.sample.tree import MARK
from resolutions.models import Document, Outline

Type = Document.Type
POLITBURO, SECRETARIAT, ORGANISING = "Bộ Chính trị", "Ban Bí thư", "Ban Tổ chức Trung ương"
PROVINCE, BLOC = "Ban Thường vụ Tỉnh ủy", "Ban Thường vụ Đảng ủy Khối"
DOCUMENTS = [
    # owner, issuer, type, symbol, term or year, issued on, subject
    ("M-TINH", POLITBURO, Type.DIRECTIVE, "05-CT/TW", "khóa XII", date(2016, 5, 15), "Học tập và làm theo Bác"),
    ("M-TINH", POLITBURO, Type.RESOLUTION, "35-NQ/TW", "khóa XII", None, "Bảo vệ nền tảng tư tưởng của Đảng"),
    ("M-TINH", POLITBURO, Type.CONCLUSION, "01-KL/TW", "khóa XIII", date(2021, 5, 18), "Tiếp tục học và làm theo Bác"),
    ("M-TINH", SECRETARIAT, Type.DIRECTIVE, "50-CT/TW", "khóa XIII", date(2025, 7, 23), "Đổi mới sinh hoạt chi bộ"),
    (
        "M-TINH",
        ORGANISING,
        Type.GUIDANCE,
        "42-HD/BTCTW",
        "2025",
        date(2025, 10, 28),
        "Chất lượng sinh hoạt chi bộ",
    ),
    ("M-TINH", PROVINCE, Type.GUIDANCE, "09-HD/TU", "2019", date(2019, 5, 29), "Tiêu chí đánh giá sinh hoạt chi bộ"),
    ("M-KHOI", BLOC, Type.SCHEME, "01-ĐA/ĐUK", "XX", date(2022, 2, 9), "Tuyên truyền miệng giai đoạn 2022–2025"),
    ("M-KHOI", BLOC, Type.PROGRAMME, "11-CTr/ĐUK", "XX", None, "Giáo dục chính trị, tư tưởng"),
]
MEMBERS, SPEAKERS = Outline.Audience.MEMBERS, Outline.Audience.SPEAKERS
OUTLINES = [
    ("01-KL/TW", MEMBERS, 1),
    ("01-KL/TW", SPEAKERS, 1),
    ("35-NQ/TW", MEMBERS, 1),
    ("50-CT/TW", MEMBERS, 1),
    ("42-HD/BTCTW", MEMBERS, 1),
    ("42-HD/BTCTW", MEMBERS, 2),
    ("42-HD/BTCTW", SPEAKERS, 1),
]


def add(content: Content) -> None:
    add_documents(content)
    add_outlines(content)


def add_documents(content: Content) -> None:
    for owner, issuer, kind, symbol, term, issued_on, subject in DOCUMENTS:
        subject = f"{subject} {MARK}"
        document = Document(issuer=issuer, type=kind, symbol=symbol, term=term, issued_on=issued_on, subject=subject)
        organisations = content.tree.organisations
        document.owner = organisations.get(owner) or organisations[content.places.top]
        document.fill_keys()
        content.documents.append(document)


def add_outlines(content: Content) -> None:
    by_symbol = {document.symbol: document for document in content.documents}
    for symbol, audience, edition in OUTLINES:
        document = by_symbol[symbol]
        outline = Outline(document=document, audience=audience, edition=edition)
        outline.title = f"Đề cương giới thiệu {document.get_type_display()} số {symbol} {MARK}"
        content.outlines.append((outline, [*EDITIONS[edition], READERS[audience]]))


EDITIONS = {
    1: [
        "Tài liệu này chỉ để dùng thử chương trình, không phải đề cương thật và không thay cho văn bản gốc.",
        "1. Lý do ban hành. 2. Nội dung chính. 3. Việc chi bộ cần làm trong quý.",
    ],
    2: [
        "Bản thứ hai của tài liệu dùng thử; bản thứ nhất vẫn được giữ lại.",
        "1. Lý do ban hành. 2. Nội dung chính. 3. Việc chi bộ cần làm trong quý. 4. Câu hỏi thường gặp.",
    ],
}
READERS = {
    MEMBERS: "Dành cho đảng viên đọc trước buổi sinh hoạt.",
    SPEAKERS: "Dành cho báo cáo viên, tuyên truyền viên: gợi ý cách trình bày trong 20 phút.",
}
