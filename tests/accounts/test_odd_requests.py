"""Whatever is sent to the pages of accounts, the answer is one of ours and never an error of the program."""

import random

import pytest

pytestmark = pytest.mark.once

VALUES = [
    *["", " ", "\x00", "a\x00b", "\ufffd", "\u202e", "abc", "-1", "1" * 30, "1e309", "NaN", "0x1f", "true", "null"],
    *["'\"><", "${7*7}", "{{7*7}}", "{% debug %}", "%s%n", "../../x", "C:\\x", "a\r\nSet-Cookie: a=b", "\t", "é" * 500],
    *["//example.org", "https://example.org/", "http://[", "javascript:alert(1)", "/\\example.org", "/mat-khau/", "?"],
    *["Nguye\u0302\u0303n", "ﬀ", "İ", "ß", "😀", "٣", "\u200b", "(" * 200, "x" * 65536],
]
FIELDS = ["username", "password", "next", "expired", "form_key", "csrfmiddlewaretoken", "old_password", "new_password1"]
HEADERS = [
    "referer",
    "hx-current-url",
    "x-forwarded-for",
    "x-forwarded-proto",
    "accept-language",
    "user-agent",
    "x-poll",
]
ADDRESSES = ["/", "/dang-nhap/", "/dang-xuat/", "/mat-khau/", "/healthz", "/readyz", "/khong-co/"]
METHODS = ["get", "post", "put", "delete", "head", "options", "patch", "trace"]
OURS = {200, 302, 400, 403, 404, 405, 429}


def test_three_hundred_odd_requests(lan, client):
    chance = random.Random(20261105)
    client.raise_request_exception = False
    for _ in range(300):
        if chance.random() < 0.2:
            client.force_login(lan)
        method, address = chance.choice(METHODS), chance.choice(ADDRESSES)
        data = {field: chance.choice(VALUES) for field in chance.sample(FIELDS, 3)}
        query = {field: chance.choice(VALUES) for field in chance.sample(FIELDS, 2)}
        headers = {name: chance.choice(VALUES).encode("ascii", "ignore").decode() for name in chance.sample(HEADERS, 2)}
        headers |= {"hx-request": "true"} if chance.random() < 0.3 else {}

        response = getattr(client, method)(
            address, **({"data": data} if method == "post" else {}), query_params=query, headers=headers
        )

        assert response.status_code in OURS, (method, address, data, query, headers)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"a=1&b=%ff%fe", "application/x-www-form-urlencoded"),
        (b"username=lan", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"username=lan", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"&".join(b"a%d=1" % number for number in range(5000)), "application/x-www-form-urlencoded"),
        (b"username=" + b"a" * 3_000_000, "application/x-www-form-urlencoded"),
    ],
)
def test_odd_bodies(db, client, body, content_type):
    client.raise_request_exception = False

    response = client.generic("POST", "/dang-nhap/", body, content_type=content_type)

    assert response.status_code in {200, 400, 413}
