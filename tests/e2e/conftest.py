"""The browser of the stories: `phone_page`, `desktop_page`, `axe_check`. Nothing leaves this machine."""

import os
import shutil
import time
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import expect, sync_playwright

# Playwright keeps an event loop in this thread, so Django would refuse the database to the whole story.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
LOCAL_HOSTS = {"localhost", "127.0.0.1"}
ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
SERIOUS = {"serious", "critical"}
PATIENCE = 30_000  # ms; nobody waits so long but where a page never comes
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium (CHROMIUM names another); `make test` has seen to it that there is one."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    assert program, "no Chromium: install one, or leave the stories out with make test BROWSER=no"
    options = [ONLY_THIS_MACHINE, *["--no-sandbox"] * (os.geteuid() == 0)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()


@pytest.fixture
def quiet_server(live_server):
    """The story ends when its last request does: one still under way would meet an emptied database."""
    under_way = []

    def begin(**_kwargs):
        under_way.append(1)

    def end(**_kwargs):
        if under_way:
            under_way.pop()

    request_started.connect(begin)
    request_finished.connect(end)
    yield live_server
    deadline = time.monotonic() + PATIENCE / 1000
    while under_way and time.monotonic() < deadline:
        time.sleep(0.01)
    request_started.disconnect(begin)
    request_finished.disconnect(end)
    assert not under_way


@pytest.fixture
def open_page(browser, quiet_server):
    """Opens pages of the live server; at the end no page may have asked another host or met an error of its own."""
    contexts, complaints = [], []

    def open_page(**device):
        # A page that glides to a button while it is being pressed makes a busy machine miss it.
        context = browser.new_context(base_url=quiet_server.url, locale="vi-VN", reduced_motion="reduce", **device)
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: complaints.extend(foreign(request.url)))
        context.on("weberror", lambda error: complaints.append(f"script error: {error.error}"))
        context.on("console", lambda message: complaints.extend(refused_by_policy(message)))
        contexts.append(context)
        return context.new_page()

    yield open_page

    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def phone_page(open_page):
    return open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def desktop_page(open_page):
    return open_page(viewport={"width": 1280, "height": 800})


@pytest.fixture(params=["phone_page", "desktop_page"])
def page(request):
    """The story is told twice: where the two widths are laid out differently."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def enter(live_server):
    """`enter(page, user)`: logged in, without counting it as a part of the story."""

    def enter(page, user):
        client = Client()
        client.force_login(user)
        cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
        page.context.add_cookies([cookie])

    return enter


@pytest.fixture
def axe_check():
    """A step of a story: `axe_check(page)` fails on what shuts people out."""

    def axe_check(page):
        page.wait_for_load_state()  # a press returns when the next page is on its way, not when it is there
        found = Axe().run(page).response["violations"]
        assert [describe(violation) for violation in found if violation["impact"] in SERIOUS] == []

    return axe_check


def foreign(url: str) -> list[str]:
    address = urlsplit(url)
    is_local = address.scheme in {"data", "blob", "about"} or address.hostname in LOCAL_HOSTS
    return [] if is_local else [f"request to another host: {url}"]


def refused_by_policy(message) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []


def describe(violation: dict) -> str:
    places = ", ".join(" ".join(map(str, node["target"])) for node in violation["nodes"])
    return f"{violation['impact']}: {violation['help']} ({places})"
