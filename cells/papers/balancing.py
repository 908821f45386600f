"""Breaks the name of an organisation into balanced lines at the joints between word groups.

The capitals of Vietnamese names show the joints: in "Hội Liên hiệp Phụ nữ tỉnh" a group begins with a large letter or
with a word for a level of administration, so that "PHỤ NỮ" is never torn.
"""

from collections.abc import Callable
from itertools import combinations, pairwise

MOST_LINES = 5
LEVELS = {"tỉnh", "huyện", "quận", "xã", "phường", "thôn", "bản", "khối", "các", "và", "trực"}
LEVEL_PAIRS = {("thành", "phố"), ("thị", "xã"), ("thị", "trấn"), ("khu", "phố"), ("tổ", "dân"), ("đặc", "khu")}


def balanced(name: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Lines of `name` that all fit, as few as possible, then torn least, then of most equal length."""
    words = name.split()
    for count in range(1, min(len(words), MOST_LINES) + 1):
        choices = [lines for lines in split_into(words, count) if all(measure(line) <= width for line in lines)]
        if choices:
            return min(choices, key=lambda lines: (tears(lines), unevenness(lines, measure)))
    return [name] if words else []  # one endless word: the page breaks it anywhere


def split_into(words: list[str], count: int) -> list[list[str]]:
    places = [(0, *inner, len(words)) for inner in combinations(range(1, len(words)), count - 1)]
    return [[" ".join(words[a:b]) for a, b in pairwise(place)] for place in places]


def tears(lines: list[str]) -> int:
    return sum(tear(line.split(), following.split()) for line, following in pairwise(lines))


def tear(before: list[str], after: list[str]) -> int:
    """0 at the joint of two groups, 1 inside what may be a proper name, 2 inside a word."""
    pair = (before[-1].lower(), after[0].lower())
    if pair in LEVEL_PAIRS:
        return 2
    if after[0].lower() == "các":
        return 0
    if before[-1].lower() in LEVELS or (len(before) > 1 and (before[-2].lower(), before[-1].lower()) in LEVEL_PAIRS):
        return 2  # the level stays with the name it belongs to
    if after[0].lower() in LEVELS or (len(after) > 1 and (after[0].lower(), after[1].lower()) in LEVEL_PAIRS):
        return 0
    if not after[0][0].isupper():
        return 2
    begins_group = len(after) > 1 and after[1][0].islower() and after[1].lower() not in LEVELS
    return 0 if begins_group else 1


def unevenness(lines: list[str], measure) -> float:
    widths = [measure(line) for line in lines]
    return max(widths) - min(widths)
