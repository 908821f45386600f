"""The PDF of a composed paper while its reader waits, in a child process like all PDFs."""

import json
import tempfile

from django.conf import settings

from cells.papers.confining import run_confined

LONGEST = 20  # seconds; a paper of a cell takes one or two


def typeset(content: dict) -> bytes:
    """Raises what `run_confined` raises."""
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as output:
        source = json.dumps(content, ensure_ascii=False).encode()
        run_confined(settings.RENDER_COMMAND, source, output, seconds=LONGEST, memory=settings.RENDER_MEMORY)
        output.seek(0)
        return output.read()
