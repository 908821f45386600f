"""What holds for all templates, stylesheets and scripts, also those that will be written."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAPERS = {"pdf", "papers"}  # what WeasyPrint lays out: column widths stand in the mark-up, no browser sees it
SCREENS = [path for path in (ROOT / "templates").rglob("*.html") if PAPERS.isdisjoint(path.parts)]
SPRITE = (ROOT / "static" / "icons.svg").read_text()


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", SCREENS, ids=names(SCREENS))
def test_a_template_carries_no_inline_style_and_no_inline_script(path):
    text = path.read_text()

    assert re.findall(r"\sstyle\s*=|<style|\son[a-z]+\s*=|<script(?![^>]*\ssrc=)|javascript:|hx-on", text) == []


def test_a_refusal_of_a_whole_form_stands_in_an_alert():
    """Printed bare it looks like one more line of text, and the button like one that does nothing."""
    lines = [line for path in SCREENS for line in path.read_text().splitlines()]

    assert [line for line in lines if "{{ form.non_field_errors }}" in line and "alert" not in line] == []


def test_every_icon_that_is_drawn_is_in_the_sprite():
    used = {name for path in SCREENS for name in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text())}
    used |= {name for path in SCREENS for name in re.findall(r'icon_name="([a-z0-9-]+)"', path.read_text())}

    assert used - set(re.findall(r'<symbol id="([^"]+)"', SPRITE)) == set()


def test_the_sprite_is_what_the_list_says():
    listed = [line for line in (ROOT / "scripts/icons.txt").read_text().split("\n") if line and line[0] != "#"]

    assert re.findall(r'<symbol id="([^"]+)"', SPRITE) == sorted(listed)


def test_stylesheets_and_scripts_of_ours_ask_no_other_host():
    ours = [*(ROOT / "static/css").glob("*.css"), *(ROOT / "static/js").rglob("*.js")]

    assert {path.name: re.findall(r"https?://|//[a-z]+\.", path.read_text()) for path in ours} == {
        path.name: [] for path in ours
    }
