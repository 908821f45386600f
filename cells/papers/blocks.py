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


def named_item(text: str, more: str) -> dict:
    """A line whose second half stays in the cell: `for_outside` leaves it out."""
    return {"kind": "item", "text": f"{text}: {more}", "text_outside": text}


def signatures(text: str, left: tuple[str, str], right: tuple[str, str]) -> dict:
    """The last sentence, and two who sign side by side: (what for, name)."""
    sides = {side: {"title": title, "name": name} for side, (title, name) in (("left", left), ("right", right))}
    return {"kind": "signatures", "text": text} | sides


def for_outside(blocks: list[dict]) -> list[dict]:
    return [block | {"text": block["text_outside"]} if "text_outside" in block else block for block in blocks]
