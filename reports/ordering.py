"""How lists of figures are searched and ordered: one shape for all that are read into memory."""

from collections.abc import Callable, Iterable, Mapping

from accounts.text import folded


def words_of(text: str) -> list[str]:
    return folded(text).split()


def holds(text: str, words: Iterable[str]) -> bool:
    """Whether all the words are in it, in any order; `text` is folded already."""
    return all(word in text for word in words)


def ordered(rows: Iterable, orders: Mapping[str, Callable], sort: str) -> list:
    """By `sort`, turned round where it begins with a minus; equals stay as they came."""
    return sorted(rows, key=orders[sort.removeprefix("-")], reverse=sort.startswith("-"))
