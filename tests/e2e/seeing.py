"""How stories go from page to page, and what they look at: pictures, and whether a page fits window and finger."""

import os
from pathlib import Path


def arrive(press):
    """Presses what leads to another page, `arrive(link.click)`: back when that page is there, with its scripts."""
    with press.__self__.page.expect_navigation():
        press()


def look(page, name):
    """A picture of the page as it is seen: the window, and the whole."""
    page.wait_for_load_state()
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        width = page.viewport_size["width"]
        page.screenshot(path=f"{folder}/{name}-{width}.png")
        page.screenshot(path=f"{folder}/{name}-{width}-whole.png", full_page=True)


def shows_whole_tables(page):
    """None is cut off by the edge of its region, to be found only by whoever pushes it aside."""
    page.evaluate("document.fonts.ready.then(() => true)")  # other letters are of another width
    regions = page.locator(".table-region")
    cut = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel || e.innerText.slice(0, 60))"
    assert regions.evaluate_all(cut) == []


def fits(page):
    """No sideways scrolling, and a finger meets what it aims at; a circle to tick is as tall as its label."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    too_small = page.evaluate(
        """[...document.querySelectorAll("main :is(a, button, input, select, summary), header :is(a, summary)")]
           .filter(e => e.type !== "hidden" && e.checkVisibility())
           .filter(e => ((e.closest(".form-check") && e.labels?.[0]) || e).getBoundingClientRect().height < 48)
           .map(e => e.outerHTML)"""
    )
    assert too_small == []
