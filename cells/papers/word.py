"""A composed paper as a Word file, from a template that an office may replace by its own (docs/decisions/minutes.md).

The template is a Word file with marks of docxtpl; blocks, words and figures are those of the PDF.
"""

import io
from pathlib import Path

from django.conf import settings

from cells.papers.pdf import BASE, TEMPLATES, in_column

LONGEST_TITLE = 255  # of the properties of a Word file
WITH_TABLE = {"table", "signatures", "ending"}


def template_for(layout: str) -> Path:
    """The office's own in the folder of data, or else the one delivered."""
    own = settings.DATA_DIR / "papers" / f"{layout}.docx"
    if own.is_file():
        return own
    delivered = TEMPLATES / layout / "document.docx"
    return delivered if delivered.is_file() else TEMPLATES / BASE / "document.docx"


def render(content: dict) -> bytes:
    # Late: only a web process that was asked for a Word file needs these.
    from docxtpl import DocxTemplate

    template = DocxTemplate(template_for(content["layout"]))
    template.render(printed(content), autoescape=True)  # what people typed is text, whatever it looks like
    document = template.docx
    document.core_properties.title = content["title"][:LONGEST_TITLE]
    set_widths(document, content["blocks"])
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def printed(content: dict) -> dict:
    head = content["letterhead"]
    number = head.get("number")
    lines = {
        "parent_lines": in_column(head["parent"], "Tinos-Regular.ttf"),
        "issuer_lines": in_column(head["issuer"], "Tinos-Bold.ttf"),
        "symbol": head.get("symbol") or (f"{number['before']} ……{number['after']}" if number else ""),
        "draft": head.get("draft", ""),
    }
    return content | {"letterhead": head | lines, "blocks": [printed_block(block) for block in content["blocks"]]}


def printed_block(block: dict) -> dict:
    """As the template knows it: sums are a last row, room to write is dotted lines, small headings are headings."""
    if block["kind"] == "table" and block.get("total"):
        sums = block["total"]
        return block | {"rows": [*block["rows"], [sums["label"], *[""] * (sums["span"] - 1), *sums["texts"]]]}
    if block["kind"] in {"section", "subsection"}:
        return block | {"kind": "subheading"}
    return block


def set_widths(document, blocks: list[dict]) -> None:
    """The columns of each table, which no mark of the template can set. The first table is the letterhead."""
    from docx.shared import Mm

    with_table = [block for block in blocks if block["kind"] in WITH_TABLE]
    for table, block in zip(document.tables[1:], with_table, strict=False):
        if block["kind"] != "table":
            continue
        table.autofit = False
        for grid, column in zip(table._tbl.tblGrid.gridCol_lst, block["columns"], strict=False):
            grid.w = Mm(column["width"])
        for row in table.rows:
            for cell, column in zip(row.cells, block["columns"], strict=False):
                cell.width = Mm(column["width"])
