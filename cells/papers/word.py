"""A composed paper as a Word file, from a template that an office may replace by its own (docs/decisions/minutes.md).

The template is a Word file with marks of docxtpl; blocks, words and figures are those of the PDF.
"""

import io
from pathlib import Path

from django.conf import settings

from cells.papers.pdf import BASE, TEMPLATES, in_column
from cells.papers.sheets import LEFT_COLUMN, scale, sheet_of, text_width

LONGEST_TITLE = 255  # of the properties of a Word file
WITH_TABLE = {"table", "signatures", "ending"}
BODY_STYLES = ("Văn bản", "Văn bản dẫn", "Gạch đầu dòng", "Mục lớn", "Khoản")  # an office's own may have others


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
    sheet = sheet_of(content)
    set_sheet(document, sheet)
    set_widths(document, content["blocks"], sheet)
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


def set_sheet(document, sheet: dict) -> None:
    """Margins and sizes of the layout's dated row, whatever the template has."""
    from docx.shared import Mm, Pt

    for section in document.sections:
        for side in ("top", "bottom", "left", "right"):
            setattr(section, f"{side}_margin", Mm(sheet[side]))
        for run in (run for paragraph in section.header.paragraphs for run in paragraph.runs):
            run.font.size = Pt(sheet["page_number_size"])
    for style in document.styles:
        if style.name in BODY_STYLES:
            style.font.size = Pt(sheet["body_size"])
            style.paragraph_format.line_spacing = Pt(sheet["leading"])


def set_widths(document, blocks: list[dict], sheet: dict) -> None:
    """The columns of each table, which no mark of the template can set. The first table is the letterhead."""
    halves = [LEFT_COLUMN, text_width(sheet) - LEFT_COLUMN]
    with_table = [block for block in blocks if block["kind"] in WITH_TABLE]
    widths = [
        [column["width"] * scale(sheet) for column in block["columns"]] if block["kind"] == "table" else halves
        for block in with_table
    ]
    for table, columns in zip(document.tables, [halves, *widths], strict=False):
        set_columns(table, columns)


def set_columns(table, widths: list[float]) -> None:
    from docx.shared import Mm

    table.autofit = False
    for grid, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=False):
        grid.w = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=False):
            cell.width = Mm(width)
