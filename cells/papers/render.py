"""`python -m cells.papers.render`: a composed report as JSON on standard input, its PDF on standard output.

A process of its own (cells.papers.confining), so that one that hangs or swells is ended without harm to the worker.
On standard error stand lines "done total", and as the last one "! reason" if the typesetting failed (exit 1).
"""

import gc
import json
import logging
import sys

from cells.papers.pdf import PdfError, render


def main() -> int:
    gc.disable()  # a process for one document: the collector finds nothing and takes a tenth of the time
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # its warnings quote the text of the report
    try:
        pdf = render(json.load(sys.stdin), progress=tell)
    except PdfError as error:
        sys.stderr.write(f"! {error.reason}\n")
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


def tell(done: int, total: int) -> None:
    sys.stderr.write(f"{done} {total}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
