"""What holds for every request and every answer, whoever asks."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import idling, second_factor, tracing
from accounts.auditing import record

# Nothing here needs the device's sensors; later pages that scan codes widen this for themselves.
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"

LONGEST_WAY_BACK = 4000  # an address that no server would take cannot be led back to either

ALLOWED_METHODS = ["GET", "HEAD", "POST"]


def request_id(get_response):
    def middleware(request):
        request.id = tracing.begin()
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def refuse_other_methods(get_response):
    """Pages look (GET, HEAD) and forms write (POST); a view that only asks "is it POST?" never meets the rest."""

    def middleware(request):
        if request.method not in ALLOWED_METHODS:
            return HttpResponseNotAllowed(ALLOWED_METHODS)
        return get_response(request)

    return middleware


def no_store(get_response):
    """Every answer below the static files: the next person at this computer must not find it."""

    def middleware(request):
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def note_denials(get_response):
    """In a transaction of its own, after whatever the view did was taken back."""

    def middleware(request):
        response = get_response(request)
        if response.status_code == 403 and request.user.is_authenticated:
            record("page.denied", detail=asked_for(request), request=request)
        return response

    return middleware


def asked_for(request) -> dict:
    match = request.resolver_match
    if match is None:
        return {"method": request.method}
    return {"method": request.method, "page": match.view_name, "object": str(match.kwargs.get("public_id", ""))}


def session_limits(get_response):
    def middleware(request):
        if request.user.is_authenticated and not idling.stay(request):
            record("session.ended", target=request.user, request=request)
            request.session.flush()
            request.user = AnonymousUser()
        return get_response(request)

    return middleware


# Where whoever still needs a second factor may go: what sets one up, and out.
WHILE_WITHOUT = {
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "accounts:logout",
    "accounts:log_in_ends",
    "reports:healthz",
    "reports:readyz",
}


class demand_second_factor:
    """Whoever must have a second factor and has not shown one is led to the page that sets it up, and nowhere else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        user = request.user
        if not settings.SECOND_FACTOR or not user.is_authenticated or second_factor.has_passed(request):
            return None
        if request.resolver_match.view_name in WHILE_WITHOUT or not second_factor.is_demanded(user):
            return None
        if second_factor.of(user).exists():
            # Logged in before it was set up elsewhere: it has to be shown.
            logout(request)
            return redirected(request, resolve_url(settings.LOGIN_URL))
        return redirected(request, reverse("mfa_index"))


def redirected(request, address: str) -> HttpResponse:
    """Of the whole page: htmx would put another page into the middle of the one it stands on."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


class LoginRequired(LoginRequiredMiddleware):
    """Sends strangers to the log-in page, and tells those whose session ended what became of their work."""

    def handle_no_permission(self, request, view_func):
        back = way_back(request)
        query = {"next": back if len(back) <= LONGEST_WAY_BACK else "/"}
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            query["expired"] = "1" if request.method in {"GET", "HEAD"} else "unsaved"
        address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query)}"
        return redirected(request, address)


def way_back(request) -> str:
    """The page to open after log-in: this one, or the page with the form when this request cannot be repeated."""
    if request.headers.get("HX-Request"):
        return own_path(request, request.headers.get("HX-Current-URL", ""))
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return own_path(request, request.headers.get("Referer", ""))


def own_path(request, address: str) -> str:
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return "/"
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
