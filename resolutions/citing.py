"""Reads how people cite a Party document, in whatever spelling, into what tells it from others (domain.md 1.6, 2.4).

Nothing is looked up here and nothing guessed: what a citation does not say stays open, and an open part agrees with
anything. `05-CT/TW` and "Chỉ thị số 05 khóa XII" may be one document; which one it is, a person decides.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, replace

from accounts.text import clean_line, folded

# Abbreviation as printed → the words that stand for it.
TYPES = {
    "NQ": ("nghị quyết",),
    "CT": ("chỉ thị",),
    "KL": ("kết luận",),
    "QĐ": ("quyết định", "quy định"),
    "QC": ("quy chế",),
    "HD": ("hướng dẫn",),
    "KH": ("kế hoạch",),
    "CTr": ("chương trình hành động", "chương trình"),
    "ĐA": ("đề án",),
    "TB": ("thông báo",),
    "BC": ("báo cáo",),
    "CV": ("công văn",),
    "TTr": ("tờ trình",),
}
BY_FOLDED = {folded(name): name for name in TYPES}
BY_WORDS = {folded(words): name for name, spellings in TYPES.items() for words in spellings}

DASHES = re.compile(r"\s*[-‐‑‒–—−]\s*")
SYMBOL = re.compile(r"(?<![\w/])(\d{1,5})([a-zđ]?)-([a-zđ]{1,6})/([a-zđ0-9]+(?:-[a-zđ0-9]+)*)(?!\w)", re.IGNORECASE)
# As offices of the State write it, and many by habit: `05/CT-TW`.
TURNED = re.compile(r"(?<![\w/])(\d{1,5})([a-zđ]?)/([a-zđ]{1,6})-([a-zđ0-9]+(?:-[a-zđ0-9]+)*)(?!\w)", re.IGNORECASE)
SHORT = re.compile(
    rf"(?<![\w/-])({'|'.join(TYPES)})\s*(?:số\s*)?(\d{{1,5}})([a-zđ]?)(?![\w/-])"
)  # `NQ 35`, in capitals
WORDS = re.compile(
    rf"\b({'|'.join(sorted(BY_WORDS, key=len, reverse=True))})\s+(?:so\s*:?\s*)?(\d{{1,5}})([a-z]?)(?![\w/])"
)
ROMAN = r"(?=[IVXL])(?:X{0,3}|XL|L)(?:IX|IV|V?I{0,3})"
TERM = re.compile(
    rf"\b(?:khoa|nhiem\s+ky|dai\s+hoi(?:(?:\s+[a-z,]+){{0,12}}?\s+lan\s+thu)?)\s*:?\s*({ROMAN})\b", re.IGNORECASE
)
BARE_TERM = re.compile(ROMAN, re.IGNORECASE)
YEAR = re.compile(r"\bnam\s+((?:19|20)\d\d)\b(?!\s*-\s*\d)")  # `năm 2020-2025` is a term, no year
BARE_YEAR = re.compile(r"(?:19|20)\d\d")
SPAN = re.compile(r"\b((?:19|20)\d\d)\s*-\s*((?:19|20)\d\d)\b")
DAY = re.compile(r"(?<![\d/.-])(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*\2\s*((?:19|20)\d\d)(?![\d/-])")
DAY_IN_WORDS = re.compile(r"\bngay\s+(\d{1,2})\s+thang\s+(\d{1,2})\s+nam\s+((?:19|20)\d\d)\b")
CLOCK = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?\b")

CENTRAL = re.compile(r"TW$")
# The first days of the central committees: the numbers of its documents begin anew with each.
CENTRAL_TERMS = (
    (dt.date(2026, 1, 23), "XIV"),
    (dt.date(2021, 1, 31), "XIII"),
    (dt.date(2016, 1, 27), "XII"),
    (dt.date(2011, 1, 19), "XI"),
    (dt.date(2006, 4, 25), "X"),
    (dt.date(2001, 4, 22), "IX"),
)


@dataclass(frozen=True)
class Citation:
    """What is known of a document; "" and None are open."""

    type: str = ""
    number: int | None = None
    suffix: str = ""  # the letter of `12a-KH/TU`
    issuer: str = ""  # the letters after the stroke: TW, TU, ĐUK
    term: str = ""  # in Roman numerals
    year: int | None = None
    day: dt.date | None = None

    @property
    def is_identified(self) -> bool:
        return bool(self.type) and self.number is not None

    @property
    def symbol(self) -> str:
        """As it is printed: `05-CT/TW`; without an issuer `Số 05`."""
        if self.number is None:
            return ""
        number = f"{self.number:02}{self.suffix}"
        return f"{number}-{self.type}/{self.issuer}" if self.issuer and self.type else f"{number}-{self.type}"

    def may_be(self, other: "Citation") -> bool:
        """Whether nothing that both say speaks against their being one document."""
        if not (self.is_identified and other.is_identified):
            return False
        if (self.type, self.number, self.suffix) != (other.type, other.number, other.suffix):
            return False
        pairs = ((self.issuer, other.issuer), (self.term, other.term), (self.year, other.year))
        return all(not one or not another or one == another for one, another in pairs)


def read(text: str) -> Citation:
    """Whatever a line says of one document: `05 - CT/TW`, "Kết luận số 01 khóa XIII", "3638-QĐ/TU 28/02/2020"."""
    line = clean_line(text)
    day = find_day(line)
    found = by_symbol(line) or by_words(line) or by_short(line) or Citation()
    return settled(replace(found, term=find_term(line), year=find_year(line), day=day))


def of_parts(symbol: str, type_: str, term: str, day: dt.date | None) -> Citation:
    """The same of a document whose parts are stored; the type given there holds over the one in its symbol."""
    found = by_symbol(symbol) or by_number(symbol)
    return settled(replace(found, type=type_ or found.type, term=bare_term(term), year=bare_year(term), day=day))


def settled(found: Citation) -> Citation:
    """A day says the year, and of central documents the term too."""
    if not found.day:
        return found
    term = found.term or (central_term(found.day) if CENTRAL.search(found.issuer) else "")
    return replace(found, year=found.year or found.day.year, term=term)


def by_symbol(line: str) -> Citation | None:
    closed = DASHES.sub("-", re.sub(r"\s*/\s*", "/", line))
    for match in (*SYMBOL.finditer(closed), *TURNED.finditer(closed)):
        number, suffix, kind, issuer = match.groups()
        known = BY_FOLDED.get(folded(kind))
        if known:
            return Citation(known, int(number), suffix.lower(), issuer.upper())
    return None


def by_words(line: str) -> Citation | None:
    match = WORDS.search(folded(line))
    return Citation(BY_WORDS[match[1]], int(match[2]), match[3]) if match else None


def by_short(line: str) -> Citation | None:
    match = SHORT.search(line)
    return Citation(match[1], int(match[2]), match[3].lower()) if match else None


def by_number(symbol: str) -> Citation:
    match = re.search(r"\d{1,5}", symbol)
    return Citation(number=int(match[0])) if match else Citation()


def find_term(line: str) -> str:
    match = TERM.search(folded(line))
    return match[1].upper() if match else ""


def bare_term(text: str) -> str:
    """Of a field that holds nothing but a term: `XX`, `khóa XII`."""
    return clean_line(text).upper() if BARE_TERM.fullmatch(clean_line(text)) else find_term(text)


def find_year(line: str) -> int | None:
    match = YEAR.search(folded(DASHES.sub("-", line)))
    return int(match[1]) if match else None


def bare_year(text: str) -> int | None:
    return int(text) if BARE_YEAR.fullmatch(clean_line(text)) else find_year(text)


def find_span(line: str) -> tuple[int, int] | None:
    """The years of `giai đoạn 2022–2025`."""
    match = SPAN.search(DASHES.sub("-", line))
    return (int(match[1]), int(match[2])) if match and match[1] <= match[2] else None


def find_day(line: str) -> dt.date | None:
    """`09/02/2022`, `29/5/2019`, `18-5-2021`, `18.5.2021`, `ngày 15 tháng 5 năm 2016`, with or without a time."""
    words = DAY_IN_WORDS.search(folded(line))
    figures = DAY.search(unicodedata.normalize("NFKC", line))
    parts = (words[1], words[2], words[3]) if words else (figures[1], figures[3], figures[4]) if figures else None
    try:
        return dt.date(int(parts[2]), int(parts[1]), int(parts[0])) if parts else None
    except ValueError:  # 31/02/2022
        return None


def find_time(line: str) -> dt.time | None:
    match = CLOCK.search(line)
    return dt.time(int(match[1]), int(match[2]), int(match[3] or 0)) if match else None


def central_term(day: dt.date) -> str:
    return next((term for first_day, term in CENTRAL_TERMS if first_day <= day), "")
