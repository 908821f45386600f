"""Refuses to start with a page that does not say for which roles it is."""

from django.core.checks import Error, register
from django.urls import URLPattern, get_resolver

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


def is_decided(view) -> bool:
    return hasattr(view, "roles") or not getattr(view, "login_required", True)


def views(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.callback
        else:
            yield from views(pattern.url_patterns)
