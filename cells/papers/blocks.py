"""The pieces a composed report is made of, as plain JSON; `cells.papers.pdf` knows how each looks.

A number of a report may bear the name of its figure: `figure("present", "84")` put into a sentence. The block then has
its plain `text`, and the same text as `parts`, so that a page can lead from the number to what it was counted from.
"""

import re

ROOM = 6  # dotted lines for a section that people write
# Letters that no keyboard and no form gives (CleanCharField refuses none of them, but nothing else understands them).
BEGIN, MIDDLE, END = "\ue0f0", "\ue0f1", "\ue0f2"
FIGURE = re.compile(f"{BEGIN}([a-z_]+){MIDDLE}([^{BEGIN}{END}]*){END}")


def figure(name: str, text: str) -> str:
    return f"{BEGIN}{name}{MIDDLE}{text}{END}"


def plain(text: str) -> str:
    return FIGURE.sub(r"\2", text)


def parts_of(text: str) -> list[list[str]]:
    """[text, name of the figure or ""] in order."""
    pieces = FIGURE.split(text)
    found = [[pieces[0], ""]]
    for name, number, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        found += [[number, name], [after, ""]]
    return [part for part in found if part[0]]


def told(kind: str, text: str, **more) -> dict:
    block = {"kind": kind, "text": plain(text)} | more
    return block | {"parts": parts_of(text)} if BEGIN in text else block


def heading(text: str) -> dict:
    return {"kind": "heading", "text": text}


def subheading(text: str) -> dict:
    return {"kind": "subheading", "text": text}


def chapter(text: str, kind: str = "heading") -> dict:
    """A heading whose number the layout gives (`cells.papers.layouts`)."""
    return {"kind": kind, "text": text, "is_numbered": True}


def paragraph(text: str) -> dict:
    return told("paragraph", text)


def lead_in(text: str) -> dict:
    return told("paragraph", text, introduces=True)


def item(text: str) -> dict:
    return told("item", text)


def note(text: str) -> dict:
    return {"kind": "note", "text": text}


def room() -> dict:
    return {"kind": "room", "lines": ROOM}


def column(title: str, width: float, align: str = "left") -> dict:
    return {"title": title, "width": width, "align": align}


def table(columns: list[dict], rows: list[list[str]], sums: dict | None = None) -> dict:
    return {"kind": "table", "columns": columns, "rows": rows, "total": sums}


def total(label: str, span: int, texts: list[str]) -> dict:
    """The last row; its numbers may bear the names of their figures."""
    sums = {"label": label, "span": span, "texts": [plain(text) for text in texts]}
    return sums | {"figures": [figure_of(text) for text in texts]} if any(map(figure_of, texts)) else sums


def figure_of(text: str) -> str:
    found = FIGURE.search(text)
    return found[1] if found else ""


def named_item(text: str, more: str) -> dict:
    """A line whose second half stays in the cell: `for_outside` leaves it out."""
    return {"kind": "item", "text": f"{text}: {more}", "text_outside": text}


def signatures(text: str, left: tuple[str, str], right: tuple[str, str]) -> dict:
    """The last sentence, and two who sign side by side: (what for, name)."""
    sides = {side: {"title": title, "name": name} for side, (title, name) in (("left", left), ("right", right))}
    return {"kind": "signatures", "text": text} | sides


def for_outside(blocks: list[dict]) -> list[dict]:
    return [block | {"text": block["text_outside"]} if "text_outside" in block else block for block in blocks]
