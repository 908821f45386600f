"""The sheet that a layout writes on: margins in millimetres and sizes in points (domain.md 2.1 and 2.2).

A composed paper takes the sheet of the dated row along. One composed before that, or by whoever has no rows, has its
layout's own.
"""

A4_WIDTH = 210
LEFT_COLUMN = 73  # of the letterhead and the signatures; the right one has the rest
USUAL = {"top": 20, "bottom": 20, "left": 30, "right": 15, "body_size": 14, "leading": 19, "page_number_size": 13}
SHEETS = {"hd05_2026": USUAL, "hd36_2018": USUAL | {"page_number_size": 14}}
TEXT_WIDTH = A4_WIDTH - USUAL["left"] - USUAL["right"]  # for which the columns of tables are composed


def sheet_of(content: dict) -> dict:
    return content.get("sheet") or SHEETS[content["layout"]]


def text_width(sheet: dict) -> int:
    return A4_WIDTH - sheet["left"] - sheet["right"]


def scale(sheet: dict) -> float:
    return text_width(sheet) / TEXT_WIDTH


def style(sheet: dict) -> str:
    """What follows from the sheet, after the style that all layouts share."""
    width = text_width(sheet)
    body = f"font-size: {sheet['body_size']}pt; line-height: {sheet['leading']}pt"
    return f"""
@page {{
  margin: {sheet["top"]}mm {sheet["right"]}mm {sheet["bottom"]}mm {sheet["left"]}mm;
  @top-center {{ font-size: {sheet["page_number_size"]}pt }}
}}
.columns, table {{ width: {width}mm }}
.left {{ width: {LEFT_COLUMN}mm }}
.right {{ width: {width - LEFT_COLUMN}mm }}
.subject {{ max-width: {width - 20}mm }}
body > p, body > h2, body > h3, body > h4, body > h5, .ending > p {{ {body} }}
"""
