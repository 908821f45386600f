"""One request leaves one record that a program can read, and nothing of what people typed (reliability.md 59, 67)."""

import io
import json
import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.test import RequestFactory
from django.utils.log import log_response

from accounts import errors, tracing
from accounts.models import AuditEntry

CANARY = "Nguyễn Thị Chim Yến"
HOSTILE = ['a\r\n{"level": "INFO"}', "\x1b[31mđỏ\x1b[0m", '"},{"message": "', "\x00\u2028"]


@pytest.fixture
def log():
    """What the handler of the installation would write."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(tracing.JsonFormatter())
    handler.addFilter(tracing.RequestIdFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().split("\n") if line]
    root.removeHandler(handler)


@pytest.mark.once
@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_logged_stays_one_record(log, typed):
    logging.getLogger("sessions").warning("tried %s", typed)

    (line,) = log()
    assert (line["level"], line["message"]) == ("WARNING", f"tried {typed}")


@pytest.mark.once
def test_an_error_shows_its_place_and_not_its_words(log):
    try:
        raise IntegrityError(f"Key (full_name)=({CANARY}) already exists")
    except IntegrityError as error:
        logging.getLogger("cells").exception("import failed: %s", error)

    (line,) = log()
    assert CANARY not in json.dumps(line, ensure_ascii=False)
    assert (line["error"], line["message"]) == ("django.db.utils.IntegrityError", "import failed: IntegrityError")
    assert "test_an_error_shows_its_place" in line["frames"][0]


@pytest.mark.once
def test_a_refusal_leaves_no_traceback(log):
    request = RequestFactory().get(f"/dang-vien/{CANARY}/", {"search": CANARY}, HTTP_USER_AGENT=HOSTILE[0])
    try:
        raise PermissionDenied
    except PermissionDenied as error:
        response = errors.forbidden(request)
        log_response(
            "Forbidden (Permission denied): %s", request.path, response=response, request=request, exception=error
        )

    (line,) = log()
    assert (line["message"], line["level"]) == ("GET - 403", "WARNING")
    assert "frames" not in line


@pytest.mark.django_db
def test_a_walk_with_canaries_leaves_none_in_the_log(client, cast, log):
    cast.hoa.full_name = CANARY
    cast.hoa.save()
    client.force_login(cast.hoa)

    for address in ("/", f"/van-ban/?search={CANARY}", f"/khong-co/{CANARY}/", "/quan-tri/"):
        client.get(address, HTTP_USER_AGENT=HOSTILE[0], HTTP_REFERER=f"http://testserver/?q={CANARY}")
    client.post("/dang-xuat/", {"next": CANARY})
    client.post("/dang-nhap/", {"username": CANARY, "password": CANARY})

    lines = log()
    assert [line["message"] for line in lines if line["logger"] == "django.request"] == [
        "GET - 404",
        "GET accounts:administration 403",
    ]
    assert CANARY not in json.dumps(lines, ensure_ascii=False)
    assert len({line["request"] for line in lines}) == len(lines)


@pytest.mark.django_db
def test_a_refused_page_is_on_record(client, cast):
    client.force_login(cast.hoa)

    client.get("/quan-tri/", REMOTE_ADDR="192.0.2.9")

    entry = AuditEntry.objects.get(action="page.denied")
    assert (entry.actor, entry.address) == (cast.hoa, "192.0.2.9")
    assert entry.detail == {"method": "GET", "page": "accounts:administration", "object": ""}
