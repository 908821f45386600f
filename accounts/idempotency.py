"""A writing form sent twice is carried out once.

The form carries `{% form_key %}`; the view says `return once(request, lambda: write(form))`, where `write` saves and
gives back the address to go to. The key is stored in the same transaction, so either both are there or neither.
"""

import hashlib
import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect

from accounts.errors import bad_request, conflict
from accounts.models import IdempotencyKey

FIELD = "form_key"


def once(request, write: Callable[[], str]) -> HttpResponse:
    """Runs `write() -> address` in a transaction and redirects there; a repeat is redirected too and writes nothing.

    The same key with another content is answered 409. What `write` raises passes through and leaves no key behind.
    """
    key = form_key(request)
    if key is None:
        return bad_request(request)
    try:
        with transaction.atomic():
            address = write_with_key(request, key, write)
    except KeyTaken:
        return answer_again(request, key)
    return HttpResponseRedirect(address)


class KeyTaken(Exception):
    """This form was already carried out, or is being carried out by another request."""


def write_with_key(request, key: uuid.UUID, write: Callable[[], str]) -> str:
    row = IdempotencyKey(key=key, user=request.user, digest=digest(request), result_url="")
    try:
        # First of all, so that a second request waits here for the first one's end, not at what both want to write.
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise KeyTaken from error
    row.result_url = write()
    row.save(update_fields=["result_url"])
    return row.result_url


def answer_again(request, key: uuid.UUID) -> HttpResponse:
    known = IdempotencyKey.objects.filter(key=key, user=request.user, digest=digest(request)).first()
    return HttpResponseRedirect(known.result_url) if known else conflict(request)


def form_key(request) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def digest(request) -> str:
    """Of everything that decides what the request does: whose it is, where it goes, what it holds."""
    result = hashlib.sha256(f"{request.user.pk} {request.get_full_path()}".encode())
    for name, values in sorted(request.POST.lists()):
        if name not in {FIELD, "csrfmiddlewaretoken"}:
            result.update(repr((name, values)).encode())
    for name, file in [(name, file) for name, files in sorted(request.FILES.lists()) for file in files]:
        result.update(repr((name, file.name, file.size)).encode())
        for chunk in file.chunks():
            result.update(chunk)
        file.seek(0)
    return result.hexdigest()
