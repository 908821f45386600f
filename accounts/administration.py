"""What administrators do, one card each on /quan-tri/; apps to the right add theirs when Django starts."""

from dataclasses import dataclass
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe


@dataclass(frozen=True)
class Link:
    url_name: str
    label: str
    icon: str
    help: str

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_links: list[Link] = []


def link(url_name: str, label: str, icon: str, help: str) -> None:
    """Called in `AppConfig.ready`: a page that every administrator may open."""
    added = Link(url_name, label, icon, help)
    if added not in _links:
        _links.append(added)


def for_administrators(view):
    """The pages of this app know nothing of posts; those of apps to the right say `@roles(ADMINISTRATOR)`."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_administrator:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_administrators
def index(request):
    return render(request, "accounts/administration.html", {"links": _links})
