"""A child process like the typesetter's, small and quick, that can be told to misbehave: `child.py WAY [ARGUMENT]`."""

import io
import json
import os
import signal
import sys
import time

PDF = b"%PDF-1.7\n% of a child for tests\n%%EOF\n"


def main(way: str, argument: str = "") -> int:
    content = json.load(sys.stdin)
    if way == "poisoned" and argument in json.dumps(content, ensure_ascii=False):
        os.kill(os.getppid(), signal.SIGKILL)
    elif way == "slow":
        time.sleep(float(argument))
    elif way == "wordy":
        sys.stderr.write(argument.replace(",", "\n") + "\n")
    elif way == "failing":
        sys.stderr.write(f"{argument}\n")
        return 1
    elif way == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif way == "greedy":
        held = bytearray(4 * 10**9)
        return len(held) % 2
    elif way == "cut":
        sys.stdout.buffer.write(PDF[:-8])
        return 0
    sys.stdout.buffer.write(one_page(argument) if way == "page" else PDF)
    return 0


def one_page(title: str) -> bytes:
    """A real one, where somebody reads it on."""
    from pypdf import PdfWriter

    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": title})
    writer.write(file)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
