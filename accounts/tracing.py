"""One id for everything a request causes: shown as the incident number, written in each line of the log.

A line is one JSON object, so that nothing that came from outside begins a new one. It holds ids and names of code:
no address with its query, no text of an exception, for both may hold what somebody typed.
"""

import contextvars
import datetime as dt
import json
import logging
import secrets
import traceback

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


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "request": getattr(record, "request_id", "-"),
            "logger": record.name,
            "message": message_of(record),
        }
        return json.dumps(line | error_of(record))


def message_of(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is not None:  # Django's own words hold the path, and a path holds what was typed into it
        match = getattr(request, "resolver_match", None)
        return f"{request.method} {match.view_name if match else '-'} {getattr(record, 'status_code', '')}"
    message = record.getMessage()
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return message
    for words in filter(None, (repr(error), str(error))):
        message = message.replace(words, type(error).__name__)
    return message


def error_of(record: logging.LogRecord) -> dict:
    """Class and places of the code; refusals (4xx) are no errors of the program."""
    if not record.exc_info or not record.exc_info[0] or getattr(record, "status_code", 500) < 500:
        return {}
    kind, _error, trace = record.exc_info
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return {"error": f"{kind.__module__}.{kind.__name__}", "frames": frames}
