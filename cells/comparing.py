"""Two who edit one thing at once: the second is shown what they typed beside what was stored meanwhile, and decides."""

from contextlib import suppress

from django import forms
from django.utils.translation import gettext as _


def side_by_side(form, stored) -> dict:
    """For the page once more: what differs, and the form again, based on what is stored now.

    `stored` is the same form as it would be opened now, with the version among its initial values.
    """
    return {"versions": both_versions(form, stored), "form": with_version(form, stored["version"].value())}


def both_versions(form, stored) -> list[tuple[str, str, str]]:
    """(label, mine, saved meanwhile) of what differs."""
    names = [name for name in form.fields if name != "version"]
    rows = [(form[name].label, shown(form, name), shown(stored, name)) for name in names]
    return [row for row in rows if row[1] != row[2]]


def shown(form, name: str) -> str:
    field, value = form.fields[name], form[name].value()
    if isinstance(field, forms.BooleanField):
        return _("có") if value else _("không")
    if hasattr(field, "choices"):
        choices = {str(key): str(label) for key, label in field.choices}
        picked = value if isinstance(value, list | tuple) else [value]
        return ", ".join(sorted(choices.get(str(one), "") for one in picked))
    # As the field reads and writes it: `8h00`, `8:00` and the time from the table are one and the same.
    with suppress(forms.ValidationError):
        value = field.to_python(value)
    return "" if value is None else str(field.widget.format_value(field.prepare_value(value)) or "")


def with_version(form, version):
    """The same form once more, about the version that is stored now."""
    form.data = form.data.copy()
    form.data["version"] = str(version)
    return form
