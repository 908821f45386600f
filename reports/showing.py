"""A report on the screen: the composed paper that the PDF is made of, with its numbers leading to their sources."""

from dataclasses import dataclass

from django.urls import reverse

from cells.papers.pdf import ALIGNMENTS
from cells.reading import one_state
from reports.composing import as_draft, compose, source_of
from reports.freezing import Changed, changed_since, freeze
from reports.models import Report


@dataclass(frozen=True)
class Cell:
    text: str
    css: str = ""
    url: str = ""
    span: int = 1
    is_head: bool = False
    label: str = ""  # the title of its column, which stands beside it on a phone


def content_of(report: Report) -> dict:
    """What was signed, or what would be signed now, said to be a draft."""
    if report.content is not None:
        return report.content
    with one_state():
        return as_draft(compose(report))


def shown(report: Report, content: dict) -> dict:
    return content | {"blocks": [screen_block(block, report) for block in content["blocks"]]}


def screen_block(block: dict, report: Report) -> dict:
    if block["kind"] == "table":
        return block | {"lines": table_lines(block, report)}
    if "parts" in block:
        return block | {"pieces": [Cell(text, url=figure_url(report, name)) for text, name in block["parts"]]}
    return block


def table_lines(block: dict, report: Report) -> list[list[Cell]]:
    classes = [ALIGNMENTS[column.get("align", "left")] for column in block["columns"]]
    titles = [column["title"] for column in block["columns"]]
    marked = block.get("figures")
    lines = []
    for number, row in enumerate(block["rows"]):
        urls = [""] * len(row)
        if marked:
            urls[marked["column"]] = figure_url(report, marked["names"][number])
        cells = zip(row, classes, urls, titles, strict=True)
        lines.append([Cell(text, css, url, label=title) for text, css, url, title in cells])
    if block.get("total"):
        lines.append(total_line(block["total"], classes, titles, report))
    return lines


def total_line(total: dict, classes: list[str], titles: list[str], report: Report) -> list[Cell]:
    names, span = total.get("figures") or [""] * len(total["texts"]), total["span"]
    cells = zip(total["texts"], classes[span:], names, titles[span:], strict=True)
    sums = [Cell(text, css, figure_url(report, name), label=title) for text, css, name, title in cells]
    return [Cell(total["label"], span=span, is_head=True), *sums]


def figure_url(report: Report, name: str) -> str:
    return reverse("reports:figure", args=[report.public_id, name]) if name else ""


def changes_of(report: Report) -> Changed | None:
    """What would come out otherwise than it was signed; None for drafts, which follow their sources."""
    if report.figures is None or not report.is_signed:
        return None
    with one_state():
        return changed_since(report.figures, freeze(source_of(report)))
