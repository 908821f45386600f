"""One id for everything a request causes: shown as the incident number, written in each line of the log."""

import contextvars
import logging
import secrets

_current = contextvars.ContextVar("request_id", default="")


def begin() -> str:
    request_id = secrets.token_hex(4).upper()
    _current.set(request_id)
    return request_id


def current() -> str:
    """The id of the request being answered; empty outside of one."""
    return _current.get()


class RequestIdFilter(logging.Filter):
    def filter(self, record):
        record.request_id = current() or "-"
        return True
