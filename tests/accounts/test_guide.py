"""The guide names buttons and entries as they are, and each of its pages can be opened."""

import re

import pytest
from django.conf import settings

from accounts.guide import TASKS
from accounts.models import User

pytestmark = pytest.mark.once

PAGES = sorted((settings.BASE_DIR / "templates" / "help" / "pages").glob("*.html"))
QUOTED = re.compile(r'{% on_screen "([^"]+)" %}')


def told_on_screens() -> str:
    """All that templates and code can say, less the guide, migrations and the sample."""
    paths = [path for path in (settings.BASE_DIR / "templates").rglob("*.html") if "help" not in path.parts]
    for app in ("accounts", "cells", "speakers", "resolutions", "sessions", "reports"):
        found = (settings.BASE_DIR / app).rglob("*.py")
        paths += [path for path in found if not {"migrations", "sample"} & set(path.parts) and path.name != "guide.py"]
    return "\n".join(path.read_text() for path in paths)


def test_each_name_that_the_guide_quotes_stands_on_a_screen():
    told = told_on_screens()
    quoted = {name for page in PAGES for name in QUOTED.findall(page.read_text())}
    small = {name: name[0].lower() + name[1:] for name in quoted}  # forms begin the names of fields with a capital

    missing = {name for name in quoted if not is_said(name, told) and f'_("{small[name]}")' not in told}

    assert len(quoted) > 100
    assert missing == set()


def is_said(name: str, told: str) -> bool:
    return any(one in told for one in (f'"{name}"', f"%}}{name}{{%", f"%}}{name} ("))


@pytest.mark.django_db
def test_each_page_opens_and_leads_to_the_next(client):
    client.force_login(User.objects.create_user("lan"))
    contents = client.get("/huong-dan/").content.decode()

    assert {task.slug for task in TASKS} == {path.stem for path in PAGES}
    for task in TASKS:
        response = client.get(f"/huong-dan/{task.slug}/")
        assert (response.status_code, f"<h1>{task.title}</h1>" in response.content.decode()) == (200, True)
        assert f'href="/huong-dan/{task.slug}/"' in contents
    assert client.get("/huong-dan/khong-co/").status_code == 404
