"""What a reader wants to know of a file before tapping it: its kind and its size."""

from django import template
from django.utils.formats import number_format

from cells.uploads.kinds import kind_of

register = template.Library()


@register.filter
def kind(outline) -> str:
    return str(kind_of(outline).label)


@register.filter
def size(outline) -> str:
    """`245 kB`, `1,2 MB`: what a plan with few megabytes left will be charged."""
    kilobytes = -(-outline.size // 1000)
    if kilobytes < 1000:
        return f"{kilobytes}\u00a0kB"
    return f"{number_format(outline.size / 1_000_000, decimal_pos=1)}\u00a0MB"


@register.filter
def kind_and_size(outline) -> str:
    return f"{kind(outline)}, {size(outline)}"
