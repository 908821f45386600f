"""Query strings pass through forms, so that nothing in an address bar reaches a query unread."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

HIGHEST_PAGE = 100_000


class QueryForm(forms.Form):
    """A GET form. What is missing or makes no sense becomes the field's `initial`; `problems` says so in plain words.

    Usage: `query = SessionQuery(request.GET)`, then `query.values["page"]` and, in the template,
    `{% include "includes/query_problems.html" %}`. It never raises and never answers 400.
    """

    page = forms.IntegerField(
        label=_("Trang"), min_value=1, max_value=HIGHEST_PAGE, initial=1, required=False, widget=forms.HiddenInput
    )

    @property
    def values(self) -> dict:
        self.full_clean_once()
        return {name: self.value_of(name) for name in self.fields}

    @property
    def problems(self) -> list[str]:
        self.full_clean_once()
        labels = [self.fields[name].label for name in self.errors if name in self.fields]
        return [
            _("Giá trị của “%(label)s” không dùng được, trang đang theo giá trị mặc định.") % {"label": label}
            for label in labels
        ]

    def link(self, **changes) -> str:
        """The same question with something changed: `?sort=name&page=2`; back to page 1 unless `page` is given."""
        if "page" not in changes:
            changes["page"] = None
        query = QueryDict(mutable=True)
        for name, value in self.given().items():
            if name not in changes:
                query.setlist(name, value)
        for name, value in changes.items():
            if value not in (None, ""):
                query[name] = value
        return f"?{query.urlencode()}"

    def given(self) -> dict:
        """What the address said and the form understood, as text."""
        self.full_clean_once()
        names = [name for name in self.fields if name not in self.errors and self.add_prefix(name) in self.data]
        lists = {name: self.data.getlist(self.add_prefix(name)) for name in names}
        return {name: values for name, values in lists.items() if any(values)}

    def value_of(self, name):
        value = self.cleaned_data.get(name)
        if name in self.errors or value in self.fields[name].empty_values:
            return self.get_initial_for_field(self.fields[name], name)
        return value

    def full_clean_once(self):
        return self.errors
