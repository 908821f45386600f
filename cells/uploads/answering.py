"""What a page does with one stored file: hands it out, or lets a second person decide about it.

Where that cannot be, it says why and leads back.
"""

import logging
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.idempotency import once
from cells.uploads import releasing, serving
from cells.uploads.stored import StoredFile

logger = logging.getLogger(__name__)


def downloaded(request, stored: StoredFile, back: str, action: str, detail: dict | None = None) -> HttpResponse:
    """The bytes, whole or in part; `action` and `detail` are written into the audit trail."""
    try:
        response = serving.answer(request, stored)
    except serving.NotScannedYet:
        messages.info(request, str(releasing.NotScanned()))
        return redirect(back)
    except serving.FileMissing:
        logger.error("the file of %s %s is missing or cut short", stored._meta.model_name, stored.pk)
        messages.error(request, _("Không tìm thấy tệp này trên máy chủ. Hãy báo người quản trị."))
        return redirect(back)
    if request.method == "GET" and response.status_code != 416:
        part = response.headers.get("Content-Range", "")
        record(action, target=stored, detail=(detail or {}) | ({"part": part} if part else {}), request=request)
    return response


def decided(request, back: str, said: str, decide: Callable[[], None]) -> HttpResponse:
    """`decide` releases or refuses the file, or refuses to."""

    def write() -> str:
        decide()
        messages.success(request, said)
        return back

    try:
        return once(request, write)
    except releasing.NotDecided as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
