"""From where a request comes, as far as that can be believed."""

import ipaddress

from django.conf import settings


def client_address(request) -> str:
    """The peer's address, or what the outermost proxy of ours saw; "0.0.0.0" when there is none (a Unix socket)."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        # Only the last entries are written by proxies of ours; whatever stands before them was typed by the client.
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        given = chain[-settings.TRUSTED_PROXIES] if len(chain) >= settings.TRUSTED_PROXIES else given
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - "unknown", nothing listens there
    return str(getattr(address, "ipv4_mapped", None) or address)


def neighbourhood(address: str) -> str:
    """What counts as one sender: an IPv4 address, or an IPv6 network of 64 bits, which one home commands whole."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
