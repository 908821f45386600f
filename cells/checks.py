"""Refuses to start with a page that does not say for which roles it is, or a key that is not where it should be."""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, register
from django.urls import URLPattern, get_resolver

from cells.papers.signing import TOKEN, Token

GUARDED_APPS = ("cells", "speakers", "resolutions", "sessions", "reports")


@register()
def every_view_names_its_roles(app_configs, **options):
    return [
        Error(
            f"View {view.__module__}.{view.__name__} says neither @roles(...) nor @login_not_required.", id="cells.E001"
        )
        for view in views(get_resolver().url_patterns)
        if view.__module__.split(".")[0] in GUARDED_APPS and not is_decided(view)
    ]


@register()
def the_signing_key_is_there(app_configs, **options):
    wanted = {
        "SIGNING_KEY": not settings.SIGNING_KEY or is_key(settings.SIGNING_KEY),
        "SIGNING_SECRET_FILE": not settings.SIGNING_SECRET_FILE or Path(settings.SIGNING_SECRET_FILE).is_file(),
        "SIGNING_ROOTS": not settings.SIGNING_ROOTS or Path(settings.SIGNING_ROOTS).is_dir(),
    }
    return [
        Error(f"{name} names nothing that is there.", id="cells.E002") for name, holds in wanted.items() if not holds
    ]


def is_key(address: str) -> bool:
    if not address.startswith(TOKEN):
        return Path(address).is_file()
    try:
        return Path(Token.named(address).library).is_file()
    except ValueError:
        return False


def is_decided(view) -> bool:
    return hasattr(view, "roles") or not getattr(view, "login_required", True)


def views(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.callback
        else:
            yield from views(pattern.url_patterns)
