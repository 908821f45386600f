"""Error pages. They ask the database for nothing and say the same to everybody, whatever lies behind an address."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from accounts import tracing


def bad_request(request, exception=None):
    return page("400.html", 400)


def forbidden(request, exception=None):
    return page("403.html", 403)


def not_found(request, exception=None):
    return page("404.html", 404)


def conflict(request):
    return page("409.html", 409, message=_("Biểu mẫu này đã được gửi trước đó với nội dung khác."))


def server_error(request):
    """The number stands in every line that the request left in the log."""
    return page("500.html", 500, incident=tracing.current())


def csrf_failure(request, reason=""):
    return page("403_csrf.html", 403)


def page(template: str, status: int, **context) -> HttpResponse:
    # Without the request: context processors would ask who is logged in, and a 500 may mean that nobody can tell.
    return HttpResponse(render_to_string(template, context), status=status)
