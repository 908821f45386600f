"""What an operator names on the command line; what cannot be understood is one line on standard error, exit 1."""

import datetime as dt

from django.core.management import CommandError
from django.utils.translation import gettext as _

from accounts.text import clean_line
from cells.exchange.values import Unreadable, parsed_day
from cells.models import Organisation
from reports.periods import Period, PeriodError


def asked_organisation(code: str) -> Organisation:
    organisation = Organisation.unscoped.filter(code=clean_line(code)).first()
    if organisation is None:
        raise CommandError(_("Không có tổ chức mang mã “%s”.") % code[:60])
    return organisation


def asked_period(code: str, until: str | None) -> Period:
    try:
        return Period.parse(code, asked_day(until))
    except PeriodError as error:
        raise CommandError(str(error)) from error


def asked_day(text: str | None) -> dt.date | None:
    """2024-09-15 or 15/09/2024; None where nothing was given."""
    if text is None:
        return None
    try:
        return parsed_day(clean_line(text))
    except Unreadable as error:
        raise CommandError(_("Ngày “%s” không đúng: ghi như 2024-09-15 hoặc 15/09/2024.") % text[:20]) from error
