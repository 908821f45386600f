"""The one place that turns a composed report into a PDF: no database, no network, no files but our own."""

import logging
from collections.abc import Callable
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.template import Context, Engine

from cells.papers.balancing import balanced
from cells.papers.sheets import SHEETS, scale, sheet_of, style
from cells.papers.wording import thousands

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates" / "cells" / "papers"
FONTS = ROOT / "static" / "vendor" / "tinos"
FACES = ("Tinos-Regular.ttf", "Tinos-Italic.ttf", "Tinos-Bold.ttf", "Tinos-BoldItalic.ttf")
ASSETS = {f"asset:tinos/{face}": FONTS / face for face in FACES}
BASE = "hd05_2026"  # whose templates all use
PAGES_OF_TEXT, ROWS_ON_PAGE = 4, 21  # to guess how long it will take
MOST_ROWS = 3000  # of one table
SHORT_TABLE = 10  # rows that stay on one page
LINES_TOGETHER = 3  # dotted ones
LEFT_COLUMN = 72.5  # millimetres
MM = 72 / 25.4  # points
ALIGNMENTS = {"left": "", "right": "number", "centre": "centred"}

Progress = Callable[[int, int], None]


class PdfError(Exception):
    """The report could not be typeset; `reason` is a word for the log and for the text that people read."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


def render(content: dict, progress: Progress | None = None) -> bytes:
    """The PDF of a composed report. Raises PdfError, also where the typesetter would end the process."""
    from weasyprint.urls import FatalURLFetchingError

    if content["layout"] not in SHEETS:
        raise PdfError("layout", content["layout"])
    try:
        return typeset(content, progress or (lambda done, total: None))
    except FatalURLFetchingError as error:  # a BaseException, so that no `except Exception` sees it
        raise PdfError("blocked", str(error)) from error
    except (MemoryError, RecursionError) as error:
        raise PdfError("too-large") from error


def typeset(content: dict, progress: Progress) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    sheet = sheet_of(content)
    blocks = [printable(block, scale(sheet)) for block in content["blocks"]]
    fetcher, fonts = asset_fetcher(), FontConfiguration()
    html = HTML(string=html_of(content, blocks), url_fetcher=fetcher)
    css = CSS(string=shared_style() + style(sheet), url_fetcher=fetcher, font_config=fonts)
    # One document however long: files merged from parts lose their tags, and cost more (docs/decisions).
    with pages_told(progress, expected_pages(blocks)):
        document = html.render(font_config=fonts, stylesheets=[css])
    pdf = document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    progress(len(document.pages), len(document.pages))
    return pdf


@contextmanager
def pages_told(progress: Progress, expected: int):
    """Passes on the page that the typesetter says it is at; how many there will be is a guess until the end."""
    teller = PageTeller(progress, expected)
    logger = logging.getLogger("weasyprint.progress")
    logger.addHandler(teller)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(teller)


class PageTeller(logging.Handler):
    def __init__(self, progress: Progress, expected: int):
        super().__init__()
        self.progress, self.expected = progress, expected

    def emit(self, record):
        if record.msg.endswith("Page %d"):
            page = record.args[0]
            self.progress(page, max(page + 1, self.expected))


def expected_pages(blocks: list[dict]) -> int:
    rows = sum(len(block["rows"]) for block in blocks if block["kind"] == "table")
    return PAGES_OF_TEXT + rows // ROWS_ON_PAGE


def shared_style() -> str:
    return (TEMPLATES / BASE / "style.css").read_text(encoding="utf-8")


def html_of(content: dict, blocks: list[dict]) -> str:
    template = templates().get_template(f"{BASE}/document.html")
    head = content["letterhead"]
    lines = {
        "parent_lines": in_column(head["parent"], "Tinos-Regular.ttf"),
        "issuer_lines": in_column(head["issuer"], "Tinos-Bold.ttf"),
    }
    context = content | {"letterhead": head | lines, "blocks": blocks}
    return template.render(Context(context))


def in_column(name: str, face: str) -> list[str]:
    """A name in capitals, broken into balanced lines of the left column."""
    return [line.upper() for line in balanced(name, LEFT_COLUMN, lambda line: width(line.upper(), face, 14))]


def width(text: str, face: str, size: float) -> float:
    """Millimetres of a line in that face and size (points)."""
    advances, units = advance_widths(face)
    return sum(advances.get(ord(letter), units / 2) for letter in text) / units * size / MM


@cache
def advance_widths(face: str) -> tuple[dict[int, int], int]:
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / face) as font:
        metrics = font["hmtx"].metrics
        return {code: metrics[glyph][0] for code, glyph in font.getBestCmap().items()}, font["head"].unitsPerEm


@cache
def templates() -> Engine:
    # An engine of its own: it needs no settings, so that the process that typesets knows no secret and no database.
    return Engine(dirs=[TEMPLATES], autoescape=True)


def asset_fetcher():
    """Serves our four font files by name and refuses everything else, whatever a text smuggles in."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):
        def __init__(self):
            super().__init__(timeout=1, allowed_protocols=("asset",), allow_redirects=False)

        def fetch(self, url, headers=None):
            if url not in ASSETS:
                raise FatalURLFetchingError(f"blocked: {url[:200]}")
            return URLFetcherResponse(url, body=ASSETS[url].read_bytes(), headers={"Content-Type": "font/ttf"})

    return AssetFetcher()


def printable(block: dict, scale: float = 1) -> dict:
    """A block as the template wants it: widths are numbers of this sheet, alignments are ours."""
    if block["kind"] == "room":
        return block | {"groups": [range(LINES_TOGETHER)] * (block["lines"] // LINES_TOGETHER)}
    if block["kind"] != "table":
        return block
    columns = [column | {"width": f"{column['width'] * scale:.1f}"} for column in block["columns"]]
    classes = [ALIGNMENTS[column.get("align", "left")] for column in columns]
    rows = [printable_row(row, classes) for row in block["rows"][:MOST_ROWS]]
    if block.get("total"):
        rows.append(printable_total(block["total"], classes))
    is_short = len(rows) <= SHORT_TABLE
    return block | {"columns": columns, "rows": rows, "is_short": is_short, "cut": cut_note(len(block["rows"]))}


def cut_note(count: int) -> str:
    if count <= MOST_ROWS:
        return ""
    return f"Bảng in {thousands(MOST_ROWS)} dòng đầu trong số {thousands(count)} dòng."


def printable_total(total: dict, classes: list[str]) -> dict:
    sums = printable_row(total["texts"], classes[total["span"] :])
    return sums | {"is_total": True, "label": total["label"], "span": str(total["span"])}


def printable_row(texts: list[str], classes: list[str]) -> dict:
    return {"cells": [{"text": text, "class": name} for text, name in zip(texts, classes, strict=True)]}
