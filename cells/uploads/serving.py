"""Hands out stored files: found by stored name, typed by our own table, whole or from where they broke off."""

import re
from typing import BinaryIO

from django.conf import settings
from django.http import FileResponse, HttpResponse
from whitenoise.responders import SlicedFile

from accounts.file_names import disposition, download_name
from cells.uploads.keeping import uploads_folder
from cells.uploads.kinds import kind_of
from cells.uploads.stored import StoredFile

PART = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class FileMissing(Exception):
    """The row is there and its file is not, or not as long as it was."""


class NotScannedYet(FileMissing):
    """For its readers it is not there before the scanner has called it clean."""


class NoSuchPart(Exception):
    """Asked for bytes beyond the end."""


def open_file(stored: StoredFile) -> BinaryIO:
    """The caller closes it, or the response that streams it does."""
    if stored.awaits_scan:
        raise NotScannedYet(stored.pk)
    try:
        file = (uploads_folder() / stored.stored_name).open("rb")
    except OSError as error:
        raise FileMissing(stored.pk) from error
    if file.seek(0, 2) != stored.size:
        file.close()
        raise FileMissing(stored.pk)
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


def answer(request, stored: StoredFile) -> HttpResponse:
    """The download, whole or the part asked for. Raises FileMissing."""
    file = open_file(stored)
    try:
        part = asked_part(request.headers.get("Range", ""), stored.size)
    except NoSuchPart:
        file.close()
        return no_such_part(stored)
    return with_headers(handed_over(stored, file) if settings.X_ACCEL else streamed(stored, file, part), stored)


def streamed(stored: StoredFile, file: BinaryIO, part: range | None) -> HttpResponse:
    response = FileResponse(SlicedFile(file, part.start, part.stop - 1) if part else file, status=206 if part else 200)
    response.headers["Content-Length"] = len(part) if part else stored.size
    if part:
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{stored.size}"
    return response


def handed_over(stored: StoredFile, file: BinaryIO) -> HttpResponse:
    """The web server in front sends the bytes, and minds the range; who may have them was decided here."""
    file.close()
    return HttpResponse(headers={"X-Accel-Redirect": f"{settings.X_ACCEL}{stored.stored_name}"})


def with_headers(response: HttpResponse, stored: StoredFile) -> HttpResponse:
    kind = kind_of(stored)
    response.headers["Content-Type"] = kind.content_type
    response.headers["Content-Disposition"] = disposition(download_name(stored.file_name, kind.extensions))
    response.headers["Accept-Ranges"] = "bytes"
    # A stored file is never written again, so a download may go on where it broke off, days later.
    response.headers["ETag"] = f'"{stored.sha256}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def no_such_part(stored: StoredFile) -> HttpResponse:
    return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}"})
