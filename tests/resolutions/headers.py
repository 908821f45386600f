"""Reads headers of downloads back as a browser does."""

import re
from urllib.parse import unquote


def saved_name(disposition: str) -> str:
    """The file name in a Content-Disposition: RFC 5987 if there is one, else the quoted string."""
    extended = re.fullmatch(r"attachment; filename\*=utf-8''([A-Za-z0-9%._~/-]+)", disposition)
    if extended:
        return unquote(extended[1], errors="strict")
    plain = re.fullmatch(r'attachment; filename="((?:[^"\\]|\\.)*)"', disposition)
    return re.sub(r"\\(.)", r"\1", plain[1])
