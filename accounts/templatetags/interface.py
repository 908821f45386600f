"""What pages have in common: icons, the key of a writing form, links that keep the rest of the question."""

import uuid

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext

from accounts.idempotency import FIELD
from accounts.returning import BackQuery

register = template.Library()


@register.simple_tag
def icon(name, css_class=""):
    """An icon of static/icons.svg, silent to screen readers: `{% icon "house" %}`."""
    address = f"{static('icons.svg')}#{name}"
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', css_class, address
    )


@register.simple_tag
def on_screen(name):
    """The name of a button or an entry, as the guide quotes it: `{% on_screen "Lưu" %}`."""
    return format_html('<b class="on-screen">{}</b>', gettext(name))


@register.simple_tag
def form_key():
    """The hidden field of every writing form (accounts/idempotency.py)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())


@register.simple_tag
def query_link(query, **changes):
    """`href` of the same list asked differently: `{% query_link query page=3 %}`, see QueryForm.link."""
    return query.link(**changes)


@register.inclusion_tag("includes/way_back.html", takes_context=True)
def way_back(context):
    """A link to the page that led here, where the address names one (accounts/returning.py)."""
    return {"address": BackQuery(context["request"].GET).values["back"]}


@register.filter
def beside(left, right):
    """Pairs of what stands at the same place in two lists: `columns|beside:row`."""
    return zip(left, right, strict=True)
