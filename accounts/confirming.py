"""What changes how somebody logs in is asked for the password once more: the page may be open at a shared computer."""

from functools import wraps
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.urls import reverse

from accounts.middleware import redirected


def confirmed(view):
    """A form sent too late is not kept for after: it may hold codes. The page is opened anew instead."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not is_reauthentication_required(request, app="allauth.mfa"):
            return view(request, *args, **kwargs)
        address = f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}"
        return redirected(request, address)

    return guarded
