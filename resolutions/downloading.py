"""Hands out the files of outlines: found by stored name, typed by our own table, whole or from where they broke off."""

import re
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext_lazy as _
from whitenoise.responders import SlicedFile

from accounts.file_names import disposition, download_name
from resolutions.models import Outline

OFFICE = "application/vnd.openxmlformats-officedocument"
PART = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True)
class FileKind:
    label: str
    content_type: str
    extensions: tuple[str, ...]  # the first is given to files that bear none of them


KINDS = {
    kind.content_type: kind
    for kind in (
        FileKind("PDF", "application/pdf", (".pdf",)),
        FileKind("Word", f"{OFFICE}.wordprocessingml.document", (".docx",)),
        FileKind("Word", "application/msword", (".doc",)),
        FileKind("PowerPoint", f"{OFFICE}.presentationml.presentation", (".pptx",)),
        FileKind("PowerPoint", "application/vnd.ms-powerpoint", (".ppt",)),
        FileKind("Excel", f"{OFFICE}.spreadsheetml.sheet", (".xlsx",)),
        FileKind(_("ảnh"), "image/jpeg", (".jpg", ".jpeg")),
        FileKind(_("ảnh"), "image/png", (".png",)),
    )
}
UNKNOWN = FileKind(_("tệp"), "application/octet-stream", (".bin",))


class FileMissing(Exception):
    """The row is there and its file is not, or not as long as it was."""


class NoSuchPart(Exception):
    """Asked for bytes beyond the end."""


def kind_of(outline: Outline) -> FileKind:
    return KINDS.get(outline.content_type, UNKNOWN)


def open_file(outline: Outline) -> BinaryIO:
    """The caller closes it, or the response that streams it does."""
    try:
        file = (settings.DATA_DIR / "uploads" / outline.stored_name).open("rb")
    except OSError as error:
        raise FileMissing(outline.pk) from error
    if file.seek(0, 2) != outline.size:
        file.close()
        raise FileMissing(outline.pk)
    file.seek(0)
    return file


def asked_part(header: str, size: int) -> range | None:
    """The bytes that a `Range` header asks for; None is all. Several parts at once are answered with all, too."""
    asked = PART.fullmatch(header.strip())
    if not asked or asked[0] == "bytes=-" or (all(asked.groups()) and int(asked[1]) > int(asked[2])):
        return None
    if not asked[1]:
        part = range(max(size - int(asked[2]), 0), size)
    else:
        part = range(int(asked[1]), min(int(asked[2] or size), size - 1) + 1)
    if not part:
        raise NoSuchPart(header)
    return part


def answer(outline: Outline, file: BinaryIO, part: range | None) -> HttpResponse:
    kind = kind_of(outline)
    response = FileResponse(
        SlicedFile(file, part.start, part.stop - 1) if part else file,
        content_type=kind.content_type,
        status=206 if part else 200,
    )
    response.headers["Content-Disposition"] = disposition(download_name(outline.file_name, kind.extensions))
    response.headers["Content-Length"] = len(part) if part else outline.size
    if part:
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{outline.size}"
    response.headers["Accept-Ranges"] = "bytes"
    # A stored file is never written again, so a download may go on where it broke off, days later.
    response.headers["ETag"] = f'"{outline.sha256}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def no_such_part(outline: Outline) -> HttpResponse:
    return HttpResponse(status=416, headers={"Content-Range": f"bytes */{outline.size}"})
