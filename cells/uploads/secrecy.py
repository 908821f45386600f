"""Tells papers that bear a secrecy mark, so that they are refused before anything is kept (domain.md 1.8).

The words themselves are common (`bảo mật`, `mật khẩu`, `mật độ`, `bí mật nhà nước`): what counts is a stamp standing
alone, the label `Độ mật`, and the letters of a secret paper in a number or a file name.
"""

import re
import unicodedata
from itertools import pairwise

from accounts.text import INVISIBLE, folded

DEGREES = r"(?:TUYỆT\s*MẬT|TỐI\s*MẬT)"
# Words that make `MẬT` part of an ordinary expression, in headings that are written in capitals.
BEFORE = {
    "BẢO",
    "BÍ",
    "CƠ",
    "THÂN",
    "ĐẶC",
    "KÍN",
    "HẢI",
    "NỘI",
    "ẨN",
    "TRÙ",
    "RẬM",
    "TUẦN",
    "GIÁM",
    "TRĂNG",
    "ONG",
    "NGỌT",
    "ĐƯỜNG",
    "ĐỘ",
    *("GIỮ", "LẤY", "NHƯ", "RÓT", "TÚI", "SỎI", "ỐNG", "DỊCH", "GAN", "CỤM", "LƯỢNG", "TÍCH", "GIỌT", "NUÔI", "HOA"),
}
AFTER = {
    *("KHẨU", "MÃ", "ĐỘ", "THƯ", "VỤ", "THIẾT", "ĐÀM", "NGHỊ", "ONG", "NGỮ", "BÁO", "HIỆU", "HÓA", "HOÁ", "CẬN"),
    *("CHÚ", "DANH", "TÔNG", "NHÀ", "PHƯƠNG", "GẤU", "MÍA", "PHỤC", "THÁM", "LỆNH", "ƯỚC", "CHỈ", "HOA", "CÁ", "VÀO"),
}
BARE_BEFORE = {*map(folded, BEFORE), *("ra", "co", "vang", "gap", "be", "truoc", "thay", "doi", "hai", "ve", "toan")}
BARE_AFTER = {*map(folded, AFTER), *("tran", "bang", "hang", "tien", "dien", "nuoc", "dat", "can", "duong", "tai")}
STAMP = re.compile(r"^[\W_]*(?:MẬT|Mật|(?i:(?:TUYỆT|TỐI)\s+MẬT))[\W_]*$", re.MULTILINE)
BARE_STAMP = re.compile(r"^\W*(?:TUYET|TOI)\s+MAT\W*$", re.MULTILINE)  # typed without marks
DEGREE = re.compile(rf"\b{DEGREES}\b")
LABEL = re.compile(
    r"\b(?:độ|mức|mức độ|dấu|dấu độ)\s+mật\s*[:：]\s*[\"“(\[]?\s*(?:tuyệt\s+mật|tối\s+mật|mật)\b", re.IGNORECASE
)
BARE_LABEL = re.compile(r"\b(?:do|muc|muc do|dau|dau do)\s+mat\s*[:：]\s*(?:(?:tuyet|toi)\s+)?mat\b", re.IGNORECASE)
# As the letters of the old fonts read (TCVN3 and VNI), in which papers of before 2005 are typed.
OLD_DEGREE = re.compile(r"(?<!\w)(?:tuyÖt|tèi|tuyeät|toái)\s+(?:mËt|maät)(?!\w)", re.IGNORECASE)
OLD_STAMP = re.compile(r"^\W*(?:mËt|maät)\W*$", re.IGNORECASE | re.MULTILINE)
SYMBOL = re.compile(r"\b\d{1,5}[a-zđ]?\s*[-/–]\s*[^\s]{0,25}[-/–]\s*(?:TUYỆT\s*|TỐI\s*)?MẬT\b", re.IGNORECASE)
SYMBOL_IN_BRACKETS = re.compile(r"\b\d{1,5}\s*[-/–]\s*\S{1,25}\s*\((?:TUYỆT\s*|TỐI\s*)?MẬT\)", re.IGNORECASE)
SPACED = re.compile(r"(?<!\w)M[\s.·_-]+Ậ[\s.·_-]+T(?!\w)")
WORD = re.compile(r"[^\W\d_]+")
NAME_PARTS = re.compile(r"[^\W\d_]+|\d+")


def bears_mark(text: str) -> bool:
    """Whether the text of a paper bears a secrecy stamp, label or number symbol."""
    text = plain(text)
    patterns = (BARE_STAMP, DEGREE, LABEL, BARE_LABEL, OLD_DEGREE, OLD_STAMP, SYMBOL, SYMBOL_IN_BRACKETS, SPACED)
    if any(pattern.search(text) for pattern in patterns):
        return True
    return any(map(is_alone, STAMP.finditer(text))) or any(map(has_stamp_among_words, text.splitlines()))


def is_alone(stamp: re.Match) -> bool:
    """Not the second half of `BẢO` / `MẬT`, broken over two lines of a narrow column."""
    words = WORD.findall(stamp.string[max(stamp.start() - 40, 0) : stamp.start()])
    return not words or words[-1].upper() not in BEFORE


def name_bears_mark(file_name: str) -> bool:
    """Whether a file name does; in names the marks on the letters are often left out, and words run together."""
    name = plain(file_name).rpartition(".")[0] or plain(file_name)
    words = NAME_PARTS.findall(name)
    if any(is_stamp(words, index, str.upper) for index in range(len(words))):
        return True
    bare = [folded(word) for word in words]
    if any(pair in {("tuyet", "mat"), ("toi", "mat")} for pair in pairwise(bare)):
        return True
    return any(is_bare_stamp(words, index) for index in range(len(words))) or bool({"tuyetmat", "toimat"} & {*bare})


def is_bare_stamp(words: list[str], index: int) -> bool:
    """`MAT` in capitals, where nothing follows it but a number, or at the very beginning.

    Without marks it may be `mật`, `mặt`, `mất` or `mắt`: the Fatherland Front is `MAT TRAN`, security `BAO MAT`.
    """
    if words[index] != "MAT" or (index and folded(words[index - 1]) in BARE_BEFORE):
        return False
    after = folded(words[index + 1]) if index + 1 < len(words) else ""
    return not after.isalpha() or (index == 0 and after not in BARE_AFTER)


def has_stamp_among_words(line: str) -> bool:
    """`MẬT` in capitals on the line of a letterhead, where the stamp stands beside other words."""
    words = WORD.findall(line)
    found = any(word == "MẬT" and is_stamp(words, index, str) for index, word in enumerate(words))
    return found and not STAMP.match(line)  # one that stands alone is judged by what is before it


def is_stamp(words: list[str], index: int, case) -> bool:
    if case(words[index]) != "MẬT":
        return False
    before = words[index - 1].upper() if index else ""
    after = words[index + 1].upper() if index + 1 < len(words) else ""
    return before not in BEFORE and after not in AFTER


def plain(text: str) -> str:
    """Compatibility forms, NFD and characters nobody sees do not hide a mark."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("\u00ad", "")
