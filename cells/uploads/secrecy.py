"""Tells papers that bear a secrecy mark, so that they are refused before anything is kept (domain.md 1.8).

The words themselves are common (`bảo mật`, `mật khẩu`, `mật độ`, `bí mật nhà nước`): what counts is a stamp standing
alone, the label `Độ mật`, and the letters of a secret paper in a number or a file name.
"""

import re
import unicodedata
from itertools import pairwise

from accounts.text import INVISIBLE, folded

DEGREES = r"(?:TUYỆT\s+MẬT|TỐI\s+MẬT)"
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
}
AFTER = {
    *("KHẨU", "MÃ", "ĐỘ", "THƯ", "VỤ", "THIẾT", "ĐÀM", "NGHỊ", "ONG", "NGỮ", "BÁO", "HIỆU", "HÓA", "HOÁ", "CẬN"),
    *("CHÚ", "DANH", "TÔNG", "NHÀ", "PHƯƠNG", "GẤU", "MÍA", "PHỤC"),
}
STAMP = re.compile(r"^\W*(?:(?:(?:TUYỆT|TỐI)\s+)?MẬT|(?:(?:Tuyệt|Tối)\s+mật|Mật))\W*$", re.MULTILINE)
BARE_STAMP = re.compile(r"^\W*(?:TUYET|TOI)\s+MAT\W*$", re.MULTILINE)  # typed without marks
DEGREE = re.compile(rf"\b{DEGREES}\b")
LABEL = re.compile(
    r"\b(?:độ|mức|mức độ|dấu|dấu độ)\s+mật\s*[:：]\s*[\"“(\[]?\s*(?:tuyệt\s+mật|tối\s+mật|mật)\b", re.IGNORECASE
)
SYMBOL = re.compile(r"\b\d{1,5}[a-zđ]?\s*[-/–]\s*[^\s]{0,25}[-/–]\s*(?:TUYỆT\s*|TỐI\s*)?MẬT\b", re.IGNORECASE)
SYMBOL_IN_BRACKETS = re.compile(r"\b\d{1,5}\s*[-/–]\s*\S{1,25}\s*\((?:TUYỆT\s*|TỐI\s*)?MẬT\)", re.IGNORECASE)
SPACED = re.compile(r"(?<!\w)M[\s.·_-]+Ậ[\s.·_-]+T(?!\w)")
WORD = re.compile(r"[^\W\d_]+")
NAME_PARTS = re.compile(r"[^\W\d_]+|\d+")


def bears_mark(text: str) -> bool:
    """Whether the text of a paper bears a secrecy stamp, label or number symbol."""
    text = plain(text)
    patterns = (STAMP, BARE_STAMP, DEGREE, LABEL, SYMBOL, SYMBOL_IN_BRACKETS, SPACED)
    return any(pattern.search(text) for pattern in patterns) or any(map(has_stamp_among_words, text.splitlines()))


def name_bears_mark(file_name: str) -> bool:
    """Whether a file name does; in names the marks on the letters are often left out, and words run together."""
    name = plain(file_name).rpartition(".")[0] or plain(file_name)
    words = NAME_PARTS.findall(name)
    if any(is_stamp(words, index, str.upper) for index in range(len(words))):
        return True
    bare = [folded(word) for word in words]
    if any(pair in {("tuyet", "mat"), ("toi", "mat")} for pair in pairwise(bare)):
        return True
    return any(word == "MAT" for word in words) or any(word in {"tuyetmat", "toimat"} for word in bare)


def has_stamp_among_words(line: str) -> bool:
    """`MẬT` in capitals on the line of a letterhead, where the stamp stands beside other words."""
    words = WORD.findall(line)
    return any(word == "MẬT" and is_stamp(words, index, str) for index, word in enumerate(words))


def is_stamp(words: list[str], index: int, case) -> bool:
    if case(words[index]) != "MẬT":
        return False
    before = words[index - 1].upper() if index else ""
    after = words[index + 1].upper() if index + 1 < len(words) else ""
    return before not in BEFORE and after not in AFTER


def plain(text: str) -> str:
    """Compatibility forms, NFD and characters nobody sees do not hide a mark."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("\u00ad", "")
