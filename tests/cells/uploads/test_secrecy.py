"""A stamp is told from the ordinary words that hold the same syllable (reliability.md 35)."""

import unicodedata

import pytest

from cells.uploads.secrecy import bears_mark, name_bears_mark

pytestmark = pytest.mark.once

DEGREES = ["MẬT", "TỐI MẬT", "TUYỆT MẬT"]
STAMPED = [
    *DEGREES,
    *(f"[{degree}]" for degree in DEGREES),
    *(f"ĐẢNG BỘ TỈNH MẪU\n{degree}\nSố 05-BC/TU" for degree in DEGREES),
    *(f"- {degree} -" for degree in DEGREES),
    *(f"ĐẢNG BỘ PHƯỜNG MẪU    {degree}    ĐẢNG CỘNG SẢN VIỆT NAM" for degree in DEGREES),
    *(f"Độ mật: {degree}" for degree in DEGREES),
    *(f"Độ mật : {degree.capitalize()}" for degree in DEGREES),
    *(f"ĐỘ MẬT: {degree.lower()}" for degree in DEGREES),
    *(f"Mức độ mật: “{degree.capitalize()}”" for degree in DEGREES),
    *(f"Dấu mật：{degree}" for degree in DEGREES),
    *(f"Số 12-BC/TU-{degree}" for degree in DEGREES),
    *(f"số: 12/BC-{degree}" for degree in DEGREES),
    *(f"12-NQ/TW ({degree})" for degree in DEGREES),
    *(f"15 - BC / TU - {degree}".replace(" / ", "/") for degree in DEGREES),
    *(unicodedata.normalize("NFD", f"Kính gửi\n{degree}\nBan Thường vụ") for degree in DEGREES),
    *("\u200b".join(degree) for degree in DEGREES),
    *(" ".join(degree) for degree in DEGREES),
    *(".".join("MẬT") + f"\n{degree}" for degree in DEGREES),
    *("\u00ad".join(degree) for degree in DEGREES),
    *(f"{degree}\t\tBản số 03" for degree in DEGREES),
    *(f"Tài liệu {degree} phát tại hội nghị" for degree in DEGREES),
    "Mật",
    "Tối mật",
    "Tuyệt mật",
    "TOI MAT",
    "TUYET MAT",
    "ＭẬＴ",
    "M Ậ T",
    "M-Ậ-T",
]
HARMLESS_WORDS = """
    bảo mật|bí mật|bí mật nhà nước|mật khẩu|mật độ|mật mã|mật thư|cơ mật|thân mật|mật ong|đường mật|mật thiết
    |tuần trăng mật|hội nghị bí mật|an toàn, bảo mật|không tiết lộ bí mật|mật nghị|mật báo|trao đổi thân mật
    |quan hệ mật thiết|mật phục
"""
HARMLESS = [
    *(word.strip() for word in HARMLESS_WORDS.split("|")),
    *(f"Đồng chí nhắc lại quy định về {word.strip()}." for word in HARMLESS_WORDS.split("|")),
    *(f"QUY ĐỊNH VỀ {word.strip().upper()} CỦA CHI BỘ" for word in HARMLESS_WORDS.split("|")),
    "LUẬT BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "LUẬT BẢO VỆ\nBÍ MẬT NHÀ NƯỚC",
    "Số 05-BC/CB",
    "Tài liệu mật được giao nhận bằng giấy, không đưa lên hệ thống.",
    "Không soạn thảo văn bản tối mật, tuyệt mật trên máy tính nối mạng.",
    "mật",
    "Độ mật của tài liệu do người có thẩm quyền quyết định.",
    "CHẾ ĐỘ BẢO MẬT THÔNG TIN",
    "MẬT KHẨU: không chia sẻ",
    "Máy tính mất mạng, mặt trận, một mặt, mất mát",
    "MẶT TRẬN TỔ QUỐC",
    "Số 12-HD/BTGTW về bảo mật thông tin",
]
NAMED = [
    *("Báo cáo (MẬT).pdf", "báo cáo mật.docx", "12-BC-TU-MẬT.pdf", "TOI MAT 05.pdf", "tuyet_mat.docx", "tuyệt-mật.pdf"),
    *(
        "KH MAT.pdf",
        "TốiMật.pdf",
        "mật.pdf",
        "05-BC-MAT.docx",
        "Mật_05.pdf",
        unicodedata.normalize("NFD", "văn bản mật.pdf"),
    ),
]
HARMLESS_NAMES = [
    *(
        "Quy chế bảo mật.pdf",
        "huong dan bao mat.docx",
        "mật khẩu wifi.docx",
        "Bí mật nhà nước - Luật 117.pdf",
        "mật mã.pdf",
    ),
    *("mat tran to quoc.pdf", "Đề cương.pdf", "thân mật.docx", "mật độ dân số.pdf", "ĐC 35-NQ-TW.pptx"),
]


def test_at_least_99_of_100_stamped_texts_are_stopped():
    missed = [text for text in STAMPED if not bears_mark(text)]

    assert len(STAMPED) >= 70
    assert missed == []


def test_ordinary_words_are_no_stamp():
    stopped = [text for text in HARMLESS if bears_mark(text)]

    assert stopped == []


def test_names_of_files_tell_too():
    assert [name for name in NAMED if not name_bears_mark(name)] == []
    assert [name for name in HARMLESS_NAMES if name_bears_mark(name)] == []
