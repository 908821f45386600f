"""The quick suite tries a part of each table, the same in every run; the slow one tries all of it."""

import random
from collections.abc import Iterable

import pytest

SEED = 20261121

in_part_and_whole = pytest.mark.parametrize("most", [2, pytest.param(999, marks=pytest.mark.slow, id="all")])


def some(values: Iterable, most: int, *about) -> list:
    """At most this many of the values, chosen by what the test is about."""
    values = list(values)
    chosen = random.Random(f"{SEED} {about}").sample(range(len(values)), min(most, len(values)))
    return [values[index] for index in sorted(chosen)]
