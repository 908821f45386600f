"""The pieces a composed report is made of, as plain JSON; `cells.papers.pdf` knows how each looks."""

ROOM = 6  # dotted lines for a section that people write


def heading(text: str) -> dict:
    return {"kind": "heading", "text": text}


def subheading(text: str) -> dict:
    return {"kind": "subheading", "text": text}


def paragraph(text: str) -> dict:
    return {"kind": "paragraph", "text": text}


def lead_in(text: str) -> dict:
    return {"kind": "paragraph", "text": text, "introduces": True}


def item(text: str) -> dict:
    return {"kind": "item", "text": text}


def note(text: str) -> dict:
    return {"kind": "note", "text": text}


def room() -> dict:
    return {"kind": "room", "lines": ROOM}


def column(title: str, width: float, align: str = "left") -> dict:
    return {"title": title, "width": width, "align": align}


def table(columns: list[dict], rows: list[list[str]], sums: dict | None = None) -> dict:
    return {"kind": "table", "columns": columns, "rows": rows, "total": sums}


def total(label: str, span: int, texts: list[str]) -> dict:
    return {"label": label, "span": span, "texts": texts}
