"""A paper with the structure of the programme of 2021 that the project began with, in invented words.

Organisation lines, `*`, number, type, subject, A / I / 1 / 4.1 headings, six recipients, signature, end mark.
"""

from cells.papers.blocks import chapter, item, paragraph
from cells.papers.layouts import ended, numbered_headings

SENTENCE = "Các chi bộ mẫu giữ nền nếp sinh hoạt, chuẩn bị nội dung kỹ, phân công rõ việc và kiểm tra kết quả. "
RECEIVERS = [
    "- Ban Thường vụ Tỉnh ủy mẫu (b/c);",
    "- Ban Tuyên giáo Tỉnh ủy mẫu (b/c);",
    "- Các đồng chí ủy viên ban chấp hành;",
    "- Các đảng bộ, chi bộ cơ sở;",
    "- Các ban, đoàn thể trực thuộc;",
    "- Lưu VP, BTG.",
]


def programme(layout: str, headings: str, end_mark: str, dated: str = "…………, ngày …… tháng …… năm 20……") -> dict:
    blocks = [
        paragraph(f"Thực hiện nghị quyết đại hội mẫu lần thứ XX, nhiệm kỳ 2020-2025. {SENTENCE * 2}"),
        chapter("TÌNH HÌNH THỰC HIỆN"),
        paragraph(f"Đến 31/12/2020 đảng bộ mẫu có 177 tổ chức với 15.463 đảng viên. {SENTENCE}"),
        chapter("NHỮNG KẾT QUẢ ĐẠT ĐƯỢC", "subheading"),
        paragraph(SENTENCE * 6),
        chapter("HẠN CHẾ, NGUYÊN NHÂN", "subheading"),
        paragraph(SENTENCE * 4),
        chapter("MỤC TIÊU, NHIỆM VỤ"),
        chapter("MỤC TIÊU", "subheading"),
        item("- 100 % tổ chức học tập, quán triệt nghị quyết."),
        item("- Hằng năm bồi dưỡng trên 600 người."),
        chapter("NHIỆM VỤ CHỦ YẾU", "subheading"),
        *[
            block
            for title in (
                "Nâng cao trách nhiệm",
                "Đổi mới học tập nghị quyết",
                "Nâng cao chất lượng lớp học",
            )
            for block in (chapter(title, "section"), paragraph(SENTENCE * 5))
        ],
        chapter("Đổi mới công tác tuyên truyền", "section"),
        chapter("Tuyên truyền các ngày lễ, kỷ niệm", "subsection"),
        paragraph(SENTENCE * 4),
        chapter("Tổ chức hoạt động văn hóa, thể thao", "subsection"),
        paragraph(SENTENCE * 4),
        chapter("TỔ CHỨC THỰC HIỆN"),
        paragraph(SENTENCE * 2),
        {
            "kind": "ending",
            "text": ended(f"{SENTENCE}Ban thường vụ báo cáo kết quả thực hiện chương trình này.", end_mark),
            "receivers_title": "Nơi nhận:",
            "receivers": RECEIVERS,
            "authority": "T/M BAN CHẤP HÀNH",
            "post": "BÍ THƯ",
            "signer": "Trần Văn Mẫu",
        },
    ]
    return {
        "layout": layout,
        "title": "Chương trình mẫu",
        "letterhead": {
            "phrase": "ĐẢNG CỘNG SẢN VIỆT NAM",
            "parent": "Đảng bộ tỉnh Mẫu",
            "issuer": "Đảng ủy Khối Cơ quan và Doanh nghiệp tỉnh",
            "symbol": "Số 11-CTr/ĐUK",
            "dated": dated,  # the day of the paper is lost: room for it, none invented
        },
        "type": "CHƯƠNG TRÌNH",
        "subject": "tiếp tục nâng cao chất lượng công tác giáo dục mẫu",
        "span": "",
        "blocks": numbered_headings(blocks, headings),
    }
