"""Nobody meets a word of English or a foreign date: on any page, in any role, also when a form is refused.

Words without marks are looked at letter by letter: Vietnamese syllables have a strict shape, and few English words do.
"""

import re
import uuid
from html.parser import HTMLParser

import pytest
from django.test import RequestFactory

from accounts import errors
from tests.access.asking import Answer, address_of, ask
from tests.access.fields import Filled
from tests.access.policy import POLICY, writer_of
from tests.access.sampling import in_part_and_whole, in_parts, some
from tests.access.test_fuzz import escaped
from tests.access.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.once]

READERS = ("anonymous", "stranger", "member", "secretary", "board", "committee")
ONSET = "b|ch|c|d|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x|"
NUCLEUS = "a|e|i|o|u|y|ai|ao|au|ay|eo|eu|ia|ie|ieu|iu|oa|oai|oay|oe|oi|ua|uay|ue|ui|uo|uoi|uou|uu|uy|uya|uye|uyu|ye|yeu"
CODA = "ch|c|m|ng|nh|n|p|t|"
SYLLABLE = re.compile(f"(?:{ONSET})(?:{NUCLEUS})(?:{CODA})", re.IGNORECASE)
# Shaped like Vietnamese, but no Vietnamese word when written without marks.
LOOKS_VIETNAMESE = """
    the that this than there not got get set let yet it at we by but too many more home one none come some name
    time like make bat out sit step stop thing think her his page
"""
# Names, codes and words that Vietnamese offices use as they are.
LOANS = """
    pdf png jpg jpeg video xlsx excel word powerpoint docx pptx kb mb gb qr id http https email web wifi cookie
    google microsoft authenticator javascript mm pt
    tw nq ct kl hd hn kh btctw bcv ttv ctv dlxh vptw bsh dv
    bc tb cv bb ctr ttr qc pa tt cb tu btg
"""
ENGLISH, LOAN_WORDS = frozenset(LOOKS_VIETNAMESE.split()), frozenset(LOANS.split())
READ_ATTRIBUTES = {
    "title",
    "aria-label",
    "aria-description",
    "aria-valuetext",
    "placeholder",
    "alt",
    "label",
    "summary",
}
WORD = re.compile(r"[^\W\d_]+")
PLACEHOLDER = re.compile(r"\{\w+\}")  # filled in by a script
ISO_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
HALF_DAY = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
CHECKSUM = re.compile(r"\b[0-9a-f]{4}(?:\s[0-9a-f]{4}){3}\b")
INCIDENT = re.compile(r"\b[0-9A-F]{8}\b")
BAD = ("", "abc", "31/02/2024", "99:99", "-1", "9" * 30, "x" * 6000, "\x00")
ODD_QUESTIONS = (
    "",
    "?page=abc&until=32/13/2024&year=0&span=Z&structure=x&first_day=x&last_day=x&state=x&kind=x&figure=x",
)
FULL = ("?span=Y&year=2024", "?span=Y&year=2025")


class Read(HTMLParser):
    """What of a page is seen or read aloud."""

    SILENT = {"script", "style", "template"}

    def __init__(self, page: str):
        super().__init__()
        self.texts: list[str] = []
        self.silent = 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.silent += tag in self.SILENT
        given = dict(attributes)
        is_button = tag == "input" and given.get("type") in {"submit", "button", "reset"}
        named = READ_ATTRIBUTES | ({"value"} if is_button else set())
        self.texts += [value or "" for name, value in given.items() if name in named or is_sentence(name, value)]
        if tag == "html" and given.get("lang") != "vi":
            self.texts.append("language of the page")

    def handle_endtag(self, tag):
        self.silent -= tag in self.SILENT

    def handle_data(self, text):
        if not self.silent:
            self.texts.append(text)


def is_sentence(name: str, value: str | None) -> bool:
    """Texts that a script shows later."""
    return name.startswith("data-") and " " in (value or "").strip() and not value.lstrip().startswith(("{", "["))


def foreign(text: str) -> set[str]:
    text = CHECKSUM.sub("", PLACEHOLDER.sub("", text))
    words = {word for word in WORD.findall(text) if word.isascii() and is_foreign(word)}
    dates = {match.group() for pattern in (ISO_DATE, HALF_DAY) for match in pattern.finditer(text)}
    months_first = {match.group() for match in SLASHED.finditer(text) if int(match[2]) > 12}
    return words | dates | months_first


def is_foreign(word: str) -> bool:
    lowered = word.lower()
    if lowered in LOAN_WORDS or len(word) == 1 or is_roman(word):
        return False
    return lowered in ENGLISH or not SYLLABLE.fullmatch(word)


def is_roman(word: str) -> bool:
    return bool(re.fullmatch("[IVX]+", word))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Chi bộ 1.1 họp ngày 23/07/2024, xem thêm", set()),
        ("This field is required.", {"This", "field", "is", "required"}),
        ("Trang 1 of 3", {"of"}),
        ("Enter a valid date.", {"Enter", "valid", "date"}),
        ("Ngày 2024-07-23, 07/23/2024, 3 p.m.", {"2024-07-23", "07/23/2024", "3 p.m"}),
        ("July 23, 2024", {"July"}),
        ("quý III năm 2024, bản PDF", set()),
    ],
)
def test_the_eye_for_foreign_words(text, found):
    assert foreign(text) == found


@in_part_and_whole
@pytest.mark.parametrize("name", POLICY)
def test_no_page_speaks_english(name, most, plain_world, plain_clients):
    found = set()
    for reader in some(READERS, most, name):
        for address in addresses(name, reader, plain_world):
            found |= said(name, reader, ask(plain_clients[reader], "GET", address), plain_world)
    assert found == set()


def addresses(name: str, reader: str, world: World):
    """Own, above and unknown objects; for figures a full year, an empty one, and a question nobody understands."""
    page = POLICY[name]
    places = ("own_cell", "own_committee", "moved_out") if page.of and reader != "anonymous" else ("own_cell",)
    states = STATES.get(page.of, (page.of,))
    for place in places:
        for state in states:
            public_id = world[place].objects.get(state, uuid.UUID(int=0))
            questions = (*ODD_QUESTIONS, *FULL) if len(page.asked) > 1 or page.rows else ODD_QUESTIONS[:1]
            yield from (address_of(name, public_id) + question for question in questions)


SESSION_STATES = ("planned_session", "open_session", "closed_session")
REPORT_STATES = ("report", "failed_report", "submitted_report", "signed_report", "sent_report")
STATES = dict.fromkeys(SESSION_STATES, SESSION_STATES) | dict.fromkeys(REPORT_STATES, REPORT_STATES)


def said(name: str, reader: str, answer: Answer, world: World, typed: str = "") -> set[str]:
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return set()
    texts = Read(answer.body.decode()).texts
    names = {user.username for user in world.users.values()}
    found = {word for text in texts for word in foreign(text) if word not in names and word not in typed}
    return {f"{name} as {reader}: {word}" for word in found}


FORMS = [name for name, page in POLICY.items() if page.post and page.get]


@pytest.mark.parametrize("name", in_parts(FORMS, 2, "refusals"))
@in_part_and_whole
def test_no_refusal_speaks_english(name, most, plain_world, plain_clients):
    for bad in some(BAD, most, name):
        refuse_in_vietnamese(name, bad, plain_world, plain_clients)


def refuse_in_vietnamese(name, bad, plain_world, plain_clients):
    page = POLICY[name]
    reader = "anonymous" if page.is_public else writer_of(name)
    client = plain_clients[reader]
    address = address_of(name, plain_world[page.tried_at].objects[page.of] if page.of else None)
    fields = Filled(ask(client, "GET", address).body.decode()).data.keys() - {"form_key", "csrfmiddlewaretoken"}
    body = "&".join([f"form_key={uuid.uuid4()}", *[f"{escaped(field)}={escaped(bad)}" for field in fields]])

    answer = ask(client, "POST", address, body)

    assert answer.status in {200, 302, 400, 409, 422, 429}
    assert said(name, reader, answer, plain_world, bad) == set()


@pytest.mark.parametrize("page", ["bad_request", "forbidden", "not_found", "conflict", "server_error", "csrf_failure"])
def test_no_error_page_speaks_english(page):
    answer = getattr(errors, page)(RequestFactory().get("/"))

    page = INCIDENT.sub("", answer.content.decode())
    assert {word for text in Read(page).texts for word in foreign(text)} == set()
