"""`python -m cells.papers.join`: which papers, as JSON on standard input; one PDF of all of them on standard output.

A process of its own (cells.papers.confining), so that one that swells is ended without harm to the worker. On standard
error stand lines "done total", and as the last one "! unreadable N" (exit 1) if the N-th file is not what was made.
"""

import gc
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from cells.papers.joining import join

AT_ONCE = 10  # papers between two looks for what is no longer needed


class Unreadable(Exception):
    """The file is gone, or another one than was signed."""


def main() -> int:
    gc.disable()  # what a paper leaves behind is looked for at times that suit
    asked = json.load(sys.stdin)
    try:
        join(papers(asked["papers"]), asked["title"], sys.stdout.buffer)
    except Unreadable as error:
        sys.stderr.write(f"! unreadable {error}\n")
        return 1
    return 0


def papers(asked: list[dict]) -> Iterator[tuple[str, bytes]]:
    for index, paper in enumerate(asked):
        if index % AT_ONCE == 0:
            gc.collect()
            tell(index, len(asked))
        yield paper["title"], content_of(paper, index)
    tell(len(asked), len(asked))


def content_of(paper: dict, index: int) -> bytes:
    try:
        content = Path(paper["path"]).read_bytes()
    except OSError as error:
        raise Unreadable(index) from error
    if hashlib.sha256(content).hexdigest() != paper["sha256"]:
        raise Unreadable(index)
    return content


def tell(done: int, total: int) -> None:
    sys.stderr.write(f"{done} {total}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
