"""Whatever stands in a path, a query string or a form, the answer is one of ours: never a 500, a traceback, a wait."""

import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

import pytest
from django.db import connection

from tests.access.asking import FIXED, Answer, address_of, ask, parameters_of, tried
from tests.access.fields import Filled, form_parameters, query_parameters
from tests.access.policy import POLICY

pytestmark = pytest.mark.django_db

SEED = 20261121
LONGEST = 2.0  # seconds of this process's own work, whatever else the machine does
PRINCIPALS = ["secretary", "secretary", "committee", "committee", "board", "member", "administrator", "anonymous"]
WRITERS = ["secretary", "secretary", "secretary", "two_hats", "committee", "anonymous"]
# Half a surrogate pair cannot be sent as UTF-8; browsers do not, others do.
VALUES = [
    *["", " ", "\x00", "a\x00b", "\ud800", "x\udfffy", "\ufffd", "\ufffe", "\u202e‮abc", "\u200b", "\u2028", "\x1b[2J"],
    *["abc", "-1", "0", "1", "1" * 30, "9" * 5000, "-9223372036854775809", "9223372036854775808", "2147483648"],
    *["1e309", "NaN", "Infinity", "0x1f", "1_000", "1.5", "1,5", "٣", "²", "true", "null", "None", "undefined"],
    *["0000", "99999", "0001-01-01", "10000-01-01", "31/02/2024", "00/00/0000", "29/02/2023", "01/01/0001"],
    *["31/12/9999", "2024-13", "2024-Q9", "Q5", "25:61", "24:00", "-00:01", "then;now"],
    *[
        "'\"><",
        "<script>alert(1)</script>",
        "${7*7}",
        "{{7*7}}",
        "{% debug %}",
        "%s%n",
        "%",
        "' OR 1=1 --",
        "\\",
        "[(*",
    ],
    *["../../etc/passwd", "..%2f", "C:\\x", "a\r\nSet-Cookie: a=b", "\t\n", "//example.org", "javascript:alert(1)"],
    *["Nguye\u0302\u0303n", "Nguyễn", "ﬀ", "İ", "ß", "😀", "👨‍👩‍👧", "e" + "\u0301" * 300, "(" * 200],
    *['{"a":', "[]", '{"a":[1,[2]]}', "[" * 3000, "x" * 65536, "ệ" * 20000, "a b " * 5000],
    *["00000000-0000-0000-0000-000000000000", "{own}", "{foreign}", "zz{own}"],
]


@dataclass(frozen=True)
class Target:
    page: str
    part: str  # path, query or form
    parameter: str


@pytest.mark.parametrize("count", [1000, pytest.param(20000, marks=pytest.mark.slow)])
def test_odd_requests_are_answered(count, world, clients, caplog):
    # The two databases fail differently, and are asked different things.
    chance = random.Random(f"{SEED} {count} {connection.vendor}")
    forms = {name: filled_form(name, world, clients) for name, page in POLICY.items() if page.post}
    everything = list(targets(forms))
    chance.shuffle(everything)
    answered, odd, slowest = Counter(), [], 0.0
    for number in range(count):
        target = everything[number % len(everything)] if number < 2 * len(everything) else chance.choice(everything)
        value, principal = chance.choice(VALUES), chance.choice(WRITERS if target.part == "form" else PRINCIPALS)
        request = make(target, value, forms.get(target.page), world, chance)
        answer, seconds = timed(clients[principal], request)
        answered[answer.status] += 1
        slowest = max(slowest, seconds)
        if answer.status >= 500 or seconds > LONGEST:
            odd.append(f"{answer.status} after {seconds:.1f} s: {target}, value {value[:40]!r}, as {principal}")
    tracebacks = [record.getMessage() for record in caplog.records if is_traceback(record)]
    figures = ", ".join(f"{status}: {times}" for status, times in sorted(answered.items()))
    print(f"seed {SEED}, {count} requests to {len(everything)} parameters, {figures}, slowest {slowest:.2f} s")  # noqa: T201
    assert not odd, "\n".join(odd)
    assert tracebacks == []


def is_traceback(record) -> bool:
    """Django notes a refusal, answered with 400, under its own name."""
    return bool(record.exc_info) and record.levelname == "ERROR" and not record.name.startswith("django.security.")


def targets(forms: dict[str, dict]):
    in_queries, in_forms = sorted(query_parameters()), sorted(form_parameters())
    for name, page in POLICY.items():
        for parameter in parameters_of(name):
            yield Target(name, "path", parameter)
        if page.get:
            for parameter in in_queries:
                yield Target(name, "query", parameter)
        if page.post:
            for parameter in sorted({*forms[name], *in_forms, "csrfmiddlewaretoken", "form_key", "next"}):
                yield Target(name, "form", parameter)


def filled_form(name: str, world, clients) -> dict[str, str]:
    page = POLICY[name]
    principal = "anonymous" if name == "accounts:login" else "secretary"
    found = {}
    if page.get:
        found = Filled(ask(clients[principal], "GET", own_address(name, world)).text).data
    return found | {"form_key": str(uuid.uuid4())}


def own_address(name: str, world) -> str:
    return address_of(name, world[POLICY[name].tried_at].objects.get(POLICY[name].of) if POLICY[name].of else None)


@dataclass(frozen=True)
class Request:
    method: str
    address: str
    body: str = ""


def make(target: Target, value: str, form: dict | None, world, chance) -> Request:
    value = value.replace("{own}", str(world["own_cell"].organisation.public_id))
    value = value.replace("{foreign}", str(world["foreign_cell"].organisation.public_id))
    address = own_address(target.page, world)
    if target.part == "path":
        page = POLICY[target.page]
        own = FIXED.get(target.parameter, world[page.tried_at].objects.get(page.of) if page.of else None)
        return Request(chance.choice(["GET", "POST"]), address.replace(str(own), escaped(value, quote)))
    pair = f"{target.parameter}={escaped(value)}"
    pairs = [pair, pair] if chance.random() < 0.1 else [pair]  # a list where one value is meant
    if target.part == "query":
        rest = chance.choice(["", "span=Y&year=2024", "structure=now", "page=2"])
        return Request("GET", f"{address}?{'&'.join([*pairs, rest])}")
    rest = [f"{escaped(name)}={escaped(given)}" for name, given in form.items() if name != target.parameter]
    return Request("POST", address, "&".join([*pairs, *rest]))


def escaped(value: str, how=quote_plus) -> str:
    return how(value.encode(errors="surrogatepass"), safe="")


def timed(client, request: Request) -> tuple[Answer, float]:
    """What took too long is asked once more: the first one may have loaded what the others find."""
    for _attempt in range(2):
        start = time.process_time()
        with tried():
            answer = ask(client, request.method, request.address, body=request.body)
        seconds = time.process_time() - start
        if seconds < LONGEST:
            break
    return answer, seconds
