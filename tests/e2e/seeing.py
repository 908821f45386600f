"""What the stories look at: pictures for people, and whether a page fits a small window and a finger."""

import os
from pathlib import Path


def look(page, name):
    """A picture of the page as it is seen: the window, and the whole."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        width = page.viewport_size["width"]
        page.screenshot(path=f"{folder}/{name}-{width}.png")
        page.screenshot(path=f"{folder}/{name}-{width}-whole.png", full_page=True)


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    too_small = page.evaluate(
        """[...document.querySelectorAll("main :is(a, button, input, select, summary)")]
           .filter(e => e.type !== "hidden" && e.checkVisibility() && e.getBoundingClientRect().height < 48)
           .map(e => e.outerHTML)"""
    )
    assert too_small == []
