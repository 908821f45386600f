"""Reads a PDF back as a person would measure it: text in the order it was set, places in millimetres."""

import io
import unicodedata
from dataclasses import dataclass

import pdfplumber

MM = 72 / 25.4


@dataclass
class Line:
    text: str
    left: float
    right: float
    top: float
    size: float
    font: str


def opened(pdf: bytes) -> pdfplumber.PDF:
    return pdfplumber.open(io.BytesIO(pdf))


def folded(text: str) -> str:
    return " ".join(text.split())


def text_of(pdf: bytes) -> str:
    """The text in the order of the page's content; page numbers, which stand in the margin, left out."""
    with opened(pdf) as document:
        texts = [page_text(page) for page in document.pages]
    return folded(" ".join(texts))


def page_text(page) -> str:
    pieces, last = [], None
    for char in page.chars:
        if char["top"] < 19 * MM:
            continue
        if last is not None and is_new_line(last, char):
            pieces.append(" ")
        pieces.append(char["text"])
        last = char
    return "".join(pieces)


def is_new_line(last, char) -> bool:
    return abs(char["top"] - last["top"]) > 2 or char["x0"] < last["x0"] - 1 or char["x0"] > last["x1"] + 6


def lines_of(page) -> list[Line]:
    found = page.extract_text_lines(return_chars=True)
    return [
        Line(
            line["text"],
            line["x0"] / MM,
            line["x1"] / MM,
            line["top"] / MM,
            line["chars"][0]["size"],
            line["chars"][0]["fontname"].partition("+")[2],
        )
        for line in found
    ]


def drawn_rules(page) -> list[tuple[float, float, float]]:
    """(left, right, y) of horizontal rules, in millimetres."""
    shapes = [*page.lines, *page.rects, *page.curves]
    flat = [shape for shape in shapes if shape["height"] < 1.5 and shape["width"] > 5]
    return [(shape["x0"] / MM, shape["x1"] / MM, shape["top"] / MM) for shape in flat]


def is_composed(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)
