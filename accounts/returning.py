"""The way back: a link may say from which page it was followed, and the page that it leads to offers that one."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django import forms
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.querying import QueryForm

LONGEST = 600


class BackQuery(QueryForm):
    back = forms.CharField(label=_("Trang trước"), required=False, max_length=LONGEST, widget=forms.HiddenInput)

    def clean_back(self):
        address = self.cleaned_data["back"]
        if address and not is_ours(address):
            raise ValidationError("")
        return address


def is_ours(address: str) -> bool:
    """A path of this program and no other host, however a browser may read it."""
    if not address.startswith("/") or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return False
    try:
        resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return False
    return True


def came_from(request) -> str:
    """The page on which a link was pressed, as the browser tells it; blank where that is none of ours, or this one."""
    parts = urlsplit(request.headers.get("Referer", ""))
    address = urlunsplit(("", "", parts.path, parts.query, ""))
    is_here = parts.netloc != request.get_host() or parts.path == request.path
    return "" if is_here or not is_ours(address) else address


def leading_back(url: str, request) -> str:
    """`url` with the page that is being shown as the way back; without one that would be too long."""
    here = request.get_full_path()
    return url if len(here) > LONGEST else f"{url}{'&' if '?' in url else '?'}{urlencode({'back': here})}"
