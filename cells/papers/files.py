"""A composed paper as the file that a reader takes away."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from accounts.file_names import download_name
from cells.uploads.kinds import PDF, WORD

FILE_KINDS = {"pdf": PDF, "docx": WORD}


def as_file(body: bytes, title: str, form: str) -> HttpResponse:
    kind = FILE_KINDS[form]
    response = HttpResponse(body, content_type=kind.content_type)
    name = download_name(f"{title}{kind.extensions[0]}", kind.extensions)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
