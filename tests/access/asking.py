"""Asks one page as one person, keeps nothing of what that writes, and reads all that came back."""

import contextlib
import functools
import io
import re
import uuid
import zipfile
from dataclasses import dataclass

from django.db import transaction
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from tests.access.world import CANARY, COUNTED, PLANNED_YEAR, RUBRIC

READABLE = (".txt", "sheet", "String")  # parts of archives
FORM = "application/x-www-form-urlencoded"
LOG_IN = reverse("accounts:login")
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def goes_to_log_in(self) -> bool:
        return self.status == 302 and self.headers["Location"].partition("?")[0] == LOG_IN

    @property
    def text(self) -> str:
        """Everything in it that can be read; workbooks unpacked."""
        parts = [self.body]
        if self.body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(self.body)) as archive:
                parts = [
                    archive.read(name)
                    for name in archive.namelist()
                    if name.endswith(".txt") or "sheet" in name or "String" in name
                ]
        telling = (item for item in self.headers.items() if item[0] != "Content-Length")  # may be 7023 by chance
        headers = "\n".join(f"{name}: {value}" for name, value in telling)
        return headers + "\n" + "\n".join(part.decode(errors="replace") for part in parts)

    @property
    def canaries(self) -> set[tuple[str, int]]:
        text = TOKEN.sub(r"\1", self.text)  # chance may spell a canary
        said = {(kind.lower(), int(number)) for kind, number in CANARY.findall(text)}
        return said | {("count", int(number)) for number in COUNTED.findall(text)}

    @property
    def less_chance(self) -> tuple:
        """What a stranger may compare: all but the id asked for and the tokens that differ each time."""
        body = TOKEN.sub(r"\1", UUID.sub("<id>", self.body.decode(errors="replace")))
        return self.status, {name: UUID.sub("<id>", value) for name, value in self.headers.items()}, body


def ask(client, method: str, address: str, body: str = "", keeps: bool = False) -> Answer:
    """`keeps` leaves it to the caller to take back what was written."""
    cookies = dict(client.cookies)
    with tried() if method in WRITES and not keeps else contextlib.nullcontext():
        response = client.generic(method, address, body, content_type=FORM)
        content = b"".join(response.streaming_content) if response.streaming else response.content
    client.cookies.clear()  # whoever logged out is in again, as the savepoint has it
    client.cookies.update(cookies)
    kept = {name: value for name, value in response.headers.items() if name != "Vary"}
    return Answer(response.status_code, kept, content)


@contextlib.contextmanager
def tried():
    """In a savepoint that is taken back, so that the next one finds the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@functools.cache
def named_urls() -> dict[str, URLPattern]:
    found = {}
    for name, pattern in patterns(get_resolver().url_patterns, ""):
        assert pattern.name, f"{pattern.pattern} bears no name"
        assert name not in found, f"{name} stands twice"
        found[name] = pattern
    return found


def patterns(entries, space: str):
    for entry in entries:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry
        else:
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from patterns(entry.url_patterns, inner)


OWED = "report-20261001-20261231"  # by everybody who was there then, but for the root
FIXED = {
    "year": PLANNED_YEAR,
    "rubric": RUBRIC,
    "book": "lop",
    "name": "present",
    "owed": OWED,
    "task": "buoi-sinh-hoat",
}  # parts of paths that name no object


def address_of(name: str, public_id: uuid.UUID | None = None) -> str:
    """The address of a page, with this object wherever its path has a place for one."""
    return reverse(name, kwargs={part: FIXED.get(part, public_id) for part in parameters_of(name)})


def parameters_of(name: str) -> list[str]:
    return list(named_urls()[name].pattern.converters)
