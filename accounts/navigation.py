"""The one navigation: the same entries in the same order for all roles, less what a role has no use for."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    icon: str
    also: str = ""  # the name of another page whose place is here


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    icon: str
    is_current: bool


ENTRIES = [
    Entry(_("Trang chủ"), "reports:home", "house"),
    Entry(_("Buổi sinh hoạt"), "sessions:list", "calendar-event", also="sessions:year_plans"),
    Entry(_("Theo dõi"), "reports:dashboard", "bar-chart-line"),
    Entry(_("Văn bản"), "resolutions:list", "file-earmark-text"),
    Entry(_("Báo cáo"), "reports:list", "printer"),
    Entry(_("Quản trị"), "accounts:administration", "key"),
    Entry(_("Tổ chức"), "cells:organisations", "diagram-3"),
]

_shown_when: dict[str, Callable] = {}


def show_when(url_name: str, is_shown: Callable) -> None:
    """Apps to the right say when Django starts who sees an entry: `is_shown(user) -> bool`; default: everyone."""
    _shown_when[url_name] = is_shown


def items(request) -> list[Item]:
    user = request.user
    shown = [entry for entry in ENTRIES if _shown_when.get(entry.url_name, everyone)(user)]
    addresses = [(entry, address(entry.url_name)) for entry in shown]
    return [
        Item(entry.label, url, entry.icon, is_current=is_at(request.path, entry, url))
        for entry, url in addresses
        if url
    ]


def is_at(path: str, entry: Entry, url: str) -> bool:
    also = address(entry.also) if entry.also else ""
    return is_below(path, url) or (bool(also) and is_below(path, also))


def everyone(user) -> bool:
    return user.is_authenticated


def address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def is_below(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def navigation(request) -> dict:
    """Context processor: `navigation`, worked out only when a template asks for it."""
    return {"navigation": SimpleLazyObject(lambda: items(request))}
