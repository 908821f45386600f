"""Which rows are jobs: each app says so when Django starts, and the sweeper and `run_jobs` look after all of them."""

from collections.abc import Callable
from dataclasses import dataclass

from cells.jobs.models import Job


@dataclass(frozen=True)
class Kind:
    model: type[Job]
    work: Callable[[int], bool]  # with the row's key; False if there was nothing to do


KINDS: list[Kind] = []


def register(model: type[Job], work: Callable[[int], bool]) -> None:
    KINDS.append(Kind(model, work))
