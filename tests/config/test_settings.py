"""The production profile, tried as an installation meets it: in a process of its own."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

SENSIBLE = {
    "PROFILE": "production",
    "SECRET_KEY": "k9f2" * 16 + "-a-key-of-a-good-length",
    "ALLOWED_HOSTS": "so.example.org",
}


def manage(tmp_path, *arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=kept | {"DATA_DIR": str(tmp_path)} | SENSIBLE | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )


def test_a_sensible_installation_passes_the_deployment_check(tmp_path):
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")

    assert (result.returncode, result.stdout.split(" (")[0].strip()) == (0, "System check identified no issues")


@pytest.mark.parametrize(
    "nonsense",
    [
        {"DEBUG": "True"},
        {"SECRET_KEY": "short"},
        {"ALLOWED_HOSTS": "*"},
        {"ALLOWED_HOSTS": ""},
        {"PROFILE": "prod"},
        {"DATABASE_URL": "mysql://localhost/a"},
    ],
)
def test_nonsense_stops_the_start(tmp_path, nonsense):
    result = manage(tmp_path, "check", **nonsense)

    assert result.returncode == 1
    assert "ImproperlyConfigured" in result.stderr


def test_cookies_and_https_in_production(tmp_path):
    script = """
from django.test import Client
plain, secure = Client(), Client()
print(plain.get("/dang-nhap/", headers={"host": "so.example.org"})["Location"])
print(plain.get("/healthz", headers={"host": "so.example.org"}).status_code)
response = secure.get("/dang-nhap/", secure=True, headers={"host": "so.example.org"})
print(response["Strict-Transport-Security"])
print(response.cookies["__Host-csrf"].OutputString().split("; ", 1)[1])
from django.conf import settings
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY)
"""
    result = manage(tmp_path, "shell", "--no-imports", "-c", script)

    assert result.stdout.splitlines() == [
        "https://so.example.org/dang-nhap/",
        "200",
        "max-age=63072000",
        "HttpOnly; Path=/; SameSite=Lax; Secure",
        "__Host-session True True",
    ]
