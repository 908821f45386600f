"""One go at a row: whose it is, and that it stays so while somebody works on it."""

import uuid
from collections.abc import Callable

from cells.jobs.claiming import claim, kept_alive, sign_of_life
from cells.jobs.models import Job


def work_on(jobs: type[Job], pk: int, attempt: Callable) -> bool:
    """`attempt(job, lost)` if the row is due; False if it was not (done, another's, gone)."""
    token = uuid.uuid4()
    with sign_of_life(token):
        job = claim(jobs, pk, token)
        if job is None:
            return False
        with kept_alive(job) as lost:
            attempt(job, lost)
    return True
