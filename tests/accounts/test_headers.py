import logging

import pytest
from django.conf import settings
from django.urls import include, path

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}


def broken(request):
    raise RuntimeError("Nguyễn Văn Mật")


urlpatterns = [path("hong/", broken), path("", include("config.urls"))]
handler400 = "accounts.errors.bad_request"
handler403 = "accounts.errors.forbidden"
handler404 = "accounts.errors.not_found"
handler500 = "accounts.errors.server_error"


@pytest.fixture
def answer(lan, client, settings):
    """An answer of each kind, by name."""
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    client.force_login(lan)
    static = f"/{settings.STATIC_URL.strip('/')}/css/app.css"
    ask = {
        "page": lambda: client.get("/"),
        "redirect": lambda: type(client)().get("/"),
        "log-in": lambda: type(client)().get("/dang-nhap/"),
        "static": lambda: client.get(static),
        "400": lambda: client.get("/", headers={"host": "elsewhere.example.org"}),
        "403": lambda: type(client)(enforce_csrf_checks=True).post("/dang-nhap/"),
        "404": lambda: client.get("/khong-co/"),
        "405": lambda: client.trace("/"),
        "500": lambda: client.get("/hong/"),
        "health": lambda: type(client)().get("/healthz"),
    }
    return lambda name: ask[name]()


STATUS = {
    "page": 200,
    "redirect": 302,
    "log-in": 200,
    "static": 200,
    "400": 400,
    "403": 403,
    "404": 404,
    "405": 405,
    "500": 500,
    "health": 200,
}


@pytest.mark.parametrize("name", STATUS)
def test_every_answer_carries_the_headers(answer, name):
    response = answer(name)

    assert response.status_code == STATUS[name]
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Permissions-Policy"].startswith("camera=()")
    assert "Access-Control-Allow-Origin" not in response.headers
    response.close()


@pytest.mark.parametrize("name", sorted(set(STATUS) - {"static", "405"}))
def test_nothing_but_static_files_is_kept_by_a_browser(answer, name):
    assert answer(name)["Cache-Control"] == "no-store, private"


def test_static_files_are_kept_for_ever_and_sent_compressed(client, db):
    response = client.get(
        f"/{settings.STATIC_URL.strip('/')}/vendor/bootstrap/bootstrap.min.css", headers={"accept-encoding": "gzip, br"}
    )

    assert response["Cache-Control"] == "max-age=315360000, public, immutable"
    assert response["Content-Encoding"] == "br"
    assert int(response["Content-Length"]) < 24_000
    response.close()


@pytest.mark.parametrize("address", ["/", "/dang-nhap/", "/mat-khau/", "/healthz", "/khong-co/"])
def test_trace_is_refused_everywhere(client, db, address):
    assert client.trace(address).status_code == 405


def test_cookies_in_the_demo_profile(lan, client):
    page = client.get("/dang-nhap/")
    client.post("/dang-nhap/", {"username": "lan", "password": "mot cau de nho"})

    assert set(page.cookies) == {"csrf"}
    assert set(client.cookies) == {"csrf", "session"}
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Lax", "/", "")
        assert (cookie["max-age"], cookie["expires"], cookie["domain"]) == ("", "", "")


def test_an_error_shows_a_number_that_stands_in_the_log_and_nothing_else(answer, caplog):
    from accounts.tracing import RequestIdFilter

    caplog.handler.addFilter(RequestIdFilter())
    with caplog.at_level(logging.ERROR, "django.request"):
        response = answer("500")

    (line,) = [record for record in caplog.records if record.name == "django.request"]
    text = response.content.decode()
    assert f'<p class="incident">{line.request_id}</p>' in text
    assert "Nguyễn Văn Mật" not in text
