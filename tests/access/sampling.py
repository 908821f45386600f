"""The quick suite tries a part of each table, the same in every run; the slow one tries all of it."""

import random
from collections.abc import Iterable

import pytest

SEED = 20261121

in_part_and_whole = pytest.mark.parametrize("most", [1, pytest.param(999, marks=pytest.mark.slow, id="all")])


def some(values: Iterable, most: int, *about) -> list:
    """At most this many of the values, chosen by what the test is about."""
    values = list(values)
    chosen = random.Random(f"{SEED} {about}").sample(range(len(values)), min(most, len(values)))
    return [values[index] for index in sorted(chosen)]


def in_parts(values: Iterable, share: int, about: str) -> list:
    """Parameters of a test: one in so many for the quick suite, the others for the slow one."""
    values = list(values)
    quick = {id(value) for value in some(values, -(-len(values) // share), about)}
    return [value if id(value) in quick else pytest.param(value, marks=pytest.mark.slow) for value in values]
