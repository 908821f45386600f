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
    *("Mật", "Tối mật", "Tuyệt mật", "TOI MAT", "TUYET MAT", "ＭẬＴ", "M Ậ T", "M-Ậ-T", "Tối Mật", "TuyỆt MẬt"),
    *("TỐIMẬT", "tuyệt mật", "__MẬT__", "1 MẬT 1", "TỐI\nMẬT", "ĐẢNG BỘ XÃ MẪU\nMẬT", "Độ mật\nMẬT"),
    *("Do mat: Toi mat", "DO MAT: MAT", "Độ khẩn: HỎA TỐC; Độ mật: MẬT", "Bản số 03, dấu độ mật: TỐI MẬT"),
    *("MËT", "§é mËt: tuyÖt mËt", "Tèi mËt", "MAÄT", "TUYEÄT MAÄT", "TOÁI MAÄT"),  # typed in the old fonts
    *(f"{sign}{degree}{sign}" for degree in DEGREES for sign in ("*", "|", "★", "_")),
    *(f"{degree} (tài liệu thu hồi)" for degree in DEGREES),
    *("\u00a0".join(degree) for degree in DEGREES),
    *(joint.join(degree) for degree in DEGREES for joint in ("\u2060", "\ufeff", "\u200c")),
]
ORDINARY = """
    bảo mật|bí mật|bí mật nhà nước|mật khẩu|mật độ|mật độ dân số|mật mã|mật thư|cơ mật|thân mật|mật ong|đường mật
    |mật thiết|tuần trăng mật|không tiết lộ bí mật|bí mật công tác|bảo vệ bí mật nhà nước|mật vụ|mật thám|mật danh
    |hoạt động bí mật|chi bộ bí mật|mật lệnh|mật báo|mật nghị|túi mật|sỏi mật|dịch mật|ống mật|gan mật|mật gấu
    |mật mía|mật hoa|nuôi ong lấy mật|ngọt như mật|rót mật vào tai|bí mật đời tư|bảo mật thông tin|an toàn, bảo mật
    |đổi mật khẩu|mật khẩu đăng nhập|cụm mật|bảo mật dữ liệu cá nhân|cơ yếu, mật mã|kín đáo, bí mật|mật phục
    |bí mật kinh doanh|bỏ phiếu kín, bảo mật|giữ mật|hàm lượng mật|mật cá|quan hệ mật thiết
"""
WORDS = [word.strip() for word in ORDINARY.split("|")]
FRAMES = (
    *("{}", "- {};", "1. Công tác {}", "Đồng chí bí thư nhắc lại quy định về {}.", "{} của chi bộ năm 2026"),
    *("Thảo luận về {}, phân công đồng chí Nguyễn Văn An (mẫu)", "Tăng cường {} trong tình hình mới (05-CT/TW)"),
)
HARMLESS = [
    *(frame.format(word) for word in WORDS for frame in FRAMES),
    *(frame.format(word.upper()) for word in WORDS for frame in ("QUY ĐỊNH VỀ {}", "II- {}", "{} CỦA CHI BỘ")),
    *("LUẬT BẢO VỆ BÍ MẬT NHÀ NƯỚC", "LUẬT BẢO VỆ\nBÍ MẬT NHÀ NƯỚC", "CÔNG TÁC BẢO\nMẬT", "Số 05-BC/CB", "mật"),
    *("Tài liệu mật được giao nhận bằng giấy, không đưa lên hệ thống.", "CHẾ ĐỘ BẢO MẬT THÔNG TIN"),
    *("Không soạn thảo văn bản tối mật, tuyệt mật trên máy tính nối mạng.", "MẬT KHẨU: không chia sẻ"),
    *("Độ mật của tài liệu do người có thẩm quyền quyết định.", "Số 12-HD/BTGTW về bảo mật thông tin"),
    *(
        "Máy tính mất mạng, mặt trận, một mặt, mất mát",
        "MẶT TRẬN TỔ QUỐC",
        "Bí mật nhà nước độ Mật, Tối mật, Tuyệt mật",
    ),
]
NAMED = [
    *("Báo cáo (MẬT).pdf", "báo cáo mật.docx", "12-BC-TU-MẬT.pdf", "TOI MAT 05.pdf", "tuyet_mat.docx", "tuyệt-mật.pdf"),
    *(
        "KH MAT.pdf",
        "TốiMật.pdf",
        "mật.pdf",
        "05-BC-MAT.docx",
        "MAT 05.pdf",
        "MAT_Ke hoach.pdf",
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
    *("MAT TRAN TO QUOC VN.pdf", "BAO MAT THONG TIN.pdf", "GIAM MAT BANG 2026.pdf", "GAP MAT.docx", "LE RA MAT 05.pdf"),
    *("mat tran to quoc.pdf", "Đề cương.pdf", "thân mật.docx", "mật độ dân số.pdf", "ĐC 35-NQ-TW.pptx"),
]


def test_100_stamped_texts_are_stopped():
    assert len(set(STAMPED)) >= 100
    assert [text for text in STAMPED if not bears_mark(text)] == []


def test_500_texts_of_ordinary_words_are_not():
    assert len(set(HARMLESS)) >= 500
    assert [text for text in HARMLESS if bears_mark(text)] == []


def test_names_of_files_tell_too():
    assert [name for name in NAMED if not name_bears_mark(name)] == []
    assert [name for name in HARMLESS_NAMES if name_bears_mark(name)] == []
