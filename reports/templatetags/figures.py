"""Numbers that lead to their rows, and charts with their text."""

from django import template
from django.utils.html import format_html

from cells.papers import wording

register = template.Library()


@register.simple_tag
def linked(number, css_class=""):
    """A number of the dashboard: a link where it has rows, else plain."""
    if not number.url:
        return number.text
    return format_html('<a href="{}" class="{}">{}</a>', number.url, css_class, number.text)


@register.filter
def thousands(number) -> str:
    return wording.thousands(number)


@register.inclusion_tag("reports/includes/chart.html")
def chart(chart, name):
    return {"chart": chart, "name": name}
