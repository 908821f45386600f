"""The layout of a paper by its date, and the marks that it decides: numbers of headings and the end of the text."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from cells.models import HeadingStyle, LayoutCode, PaperLayout
from cells.papers.sheets import SHEETS

HD_36 = "Hướng dẫn 36-HD/VPTW ngày 03/4/2018"
HD_05 = "Hướng dẫn 05-HD/VPTW ngày 27/5/2026"
SEEDS = (
    SHEETS[LayoutCode.HD36_2018]
    | {"code": LayoutCode.HD36_2018, "end_mark": "./.", "source": HD_36}
    | {"first_day": dt.date(2018, 4, 3), "last_day": dt.date(2026, 5, 26)},
    SHEETS[LayoutCode.HD05_2026]
    | {"code": LayoutCode.HD05_2026, "end_mark": ".", "source": HD_05, "first_day": dt.date(2026, 5, 27)},
)
LEVELS = {"heading": 0, "subheading": 1, "section": 2, "subsection": 3}


def layout_on(day: dt.date | None = None) -> PaperLayout:
    """For a paper of that day; what is older than all layouts is printed in the first one."""
    day = day or timezone.localdate()
    layouts = PaperLayout.unscoped.all()
    return layouts.on(day).order_by("-first_day").first() or layouts.order_by("first_day").first()


def seed(apps) -> None:
    """The layouts with which every installation begins; its administrator may change them."""
    layouts = apps.get_model("cells", "PaperLayout")._base_manager
    if not layouts.exists():
        layouts.bulk_create([layouts.model(**values) for values in SEEDS])


def numbered_headings(blocks: Iterable[dict], style: str) -> list[dict]:
    """Puts the number of its level before each heading that asks for one."""
    counts = [0] * len(LEVELS)
    printed = []
    for block in blocks:
        if block.pop("is_numbered", False):
            level = LEVELS[block["kind"]]
            counts[level:] = [counts[level] + 1] + [0] * (len(counts) - level - 1)
            block = block | {"text": f"{NUMBERS[style](counts, level)} {block['text']}"}
        printed.append(block)
    return printed


def by_roman(counts: list[int], level: int) -> str:
    number = counts[level]
    return (f"{roman(number)}-", f"{number}.", f"{letter(number).lower()})", "-")[level]


def by_letters(counts: list[int], level: int) -> str:
    number = counts[level]
    return (f"{letter(number)}.", f"{roman(number)}.", f"{number}.", f"{counts[level - 1]}.{number}.")[level]


NUMBERS = {HeadingStyle.ROMAN: by_roman, HeadingStyle.LETTERS: by_letters}


def roman(number: int) -> str:
    values = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, digits in values:
        text += digits * (number // value)
        number %= value
    return text


def letter(number: int) -> str:
    return chr(ord("A") + number - 1)


def ended(text: str, mark: str) -> str:
    """The last sentence with the mark that ends the text: `….` or `…./.`."""
    return f"{text.rstrip('./ ')}{mark}"
