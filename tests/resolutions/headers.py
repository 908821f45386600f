"""Reads headers of downloads back as a browser does."""

import re
from urllib.parse import unquote

HEADER = re.compile(r"attachment; filename=\"([^\"\\]*)\"; filename\*=UTF-8''([A-Za-z0-9%._~-]+)", re.ASCII)


def saved_name(disposition: str) -> str:
    """The file name in a Content-Disposition for browsers that know RFC 5987."""
    return unquote(HEADER.fullmatch(disposition)[2], errors="strict")


def old_name(disposition: str) -> str:
    """The name for programs that do not."""
    return HEADER.fullmatch(disposition)[1]
