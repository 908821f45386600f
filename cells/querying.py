"""What the address bars of the pages of organisations and rosters may say."""

from functools import reduce
from operator import and_

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.actions import ACTIONS
from accounts.fields import CleanCharField, DayField
from accounts.querying import QueryForm
from accounts.text import folded, title_key
from cells.models import DocumentType, Person, RegisteredNumber, Standing, Status, Term


def named_like(text: str, column: str = "search") -> Q:
    """Names with every word of the text, in any order and without marks: `dinh tan` finds `Tân Định`."""
    return reduce(and_, (Q(**{f"{column}__contains": word}) for word in folded(text).split()), Q())


class OrganisationQuery(QueryForm):
    """Which organisations, and as the tree stood on which day."""

    search = CleanCharField(label=_("Tìm theo tên"), max_length=100, required=False, initial="")
    day = DayField(label=_("Xem theo cơ cấu ngày"), required=False)

    def get_initial_for_field(self, field, field_name):
        return timezone.localdate() if field_name == "day" else super().get_initial_for_field(field, field_name)

    @property
    def is_past(self) -> bool:
        return self.values["day"] != timezone.localdate()


class NumberQuery(QueryForm):
    """Which numbers of which register; offered are the terms that the user may see."""

    term = forms.ChoiceField(label=_("Nhiệm kỳ"), required=False, initial="")
    type = forms.ChoiceField(label=_("Loại văn bản"), required=False, initial="")
    state = forms.ChoiceField(label=_("Trạng thái"), required=False, initial="")
    search = CleanCharField(label=_("Tìm trong trích yếu"), max_length=100, required=False, initial="")

    def __init__(self, *args, terms: list[Term], names: dict[int, str], **options):
        super().__init__(*args, **options)
        self.terms = {str(term.public_id): term for term in terms}
        self.fields["term"].choices = [
            ("", _("Tất cả")),
            *((key, named_term(term, names.get(term.organisation_id, ""))) for key, term in self.terms.items()),
        ]
        self.fields["type"].choices = [("", _("Tất cả")), *((one.value, capfirst(one.label)) for one in DocumentType)]
        self.fields["state"].choices = [("", _("Tất cả")), *as_heads(RegisteredNumber.State.choices)]

    @property
    def chosen_term(self) -> Term | None:
        """The chosen one; where there is only one, that."""
        chosen = self.terms.get(self.values["term"])
        return chosen or (next(iter(self.terms.values())) if len(self.terms) == 1 else None)

    def condition(self) -> Q:
        chosen = {"term__public_id": "term", "document_type": "type", "state": "state"}
        given = {column: self.values[name] for column, name in chosen.items() if self.values[name]}
        search = self.values["search"]
        return Q(**given) & (Q(subject__icontains=search) | Q(symbol__icontains=search) if search else Q())


def named_term(term: Term, name: str) -> str:
    body = f" – {term.get_function_display()}" if term.function else ""
    until = f"{term.last_day:%d/%m/%Y}" if term.last_day else _("nay")
    return _("%(name)s%(body)s, khóa %(ordinal)s (%(first)s – %(until)s)") % {
        "name": name,
        "body": body,
        "ordinal": term.ordinal,
        "first": f"{term.first_day:%d/%m/%Y}",
        "until": until,
    }


def as_heads(choices) -> list[tuple[str, str]]:
    return [(value, capfirst(label)) for value, label in choices]


class TrailQuery(QueryForm):
    """`kind` and `object` come from the links of the rows; `before` leads on to older ones."""

    who = CleanCharField(
        label=_("Người làm"),
        max_length=100,
        required=False,
        initial="",
        widget=forms.TextInput(attrs={"placeholder": _("họ tên hoặc tên đăng nhập")}),
    )
    action = forms.ChoiceField(label=_("Việc"), required=False, initial="")
    first_day = DayField(label=_("Từ ngày"), required=False)
    last_day = DayField(label=_("Đến ngày"), required=False)
    address = forms.GenericIPAddressField(label=_("Địa chỉ mạng"), required=False)
    kind = CleanCharField(label=_("Loại đối tượng"), max_length=40, required=False, widget=forms.HiddenInput)
    object = CleanCharField(label=_("Đối tượng"), max_length=40, required=False, widget=forms.HiddenInput)
    before = forms.IntegerField(
        label=_("Các dòng cũ hơn"), min_value=1, max_value=2**62, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        named = sorted(((action, str(label)) for action, label in ACTIONS.items()), key=lambda pair: title_key(pair[1]))
        self.fields["action"].choices = [("", _("Tất cả")), *named]


class RosterQuery(QueryForm):
    """Whose spans of which day: by name or code, by standing or status."""

    search = CleanCharField(label=_("Tìm theo tên hoặc mã"), max_length=100, required=False, initial="")
    shown = forms.ChoiceField(
        label=_("Xem"),
        choices=[
            ("", _("Tất cả")),
            *((value, capfirst(label)) for value, label in [*Standing.choices, *Status.choices]),
        ],
        required=False,
        initial="",
    )
    day = DayField(label=_("Danh sách ngày"), required=False)

    def get_initial_for_field(self, field, field_name):
        return timezone.localdate() if field_name == "day" else super().get_initial_for_field(field, field_name)

    def condition(self) -> Q:
        search, shown = self.values["search"], self.values["shown"]
        condition = Q()
        if search:
            # The names are looked through once, by themselves, and not again for every span.
            condition &= Q(person__in=Person.objects.filter(named_like(search) | Q(code__iexact=search)).values("pk"))
        if shown:
            condition &= Q(standing=shown) if shown in Standing else Q(status=shown)
        return condition


class SpanQuery(QueryForm):
    """Which span of a person is meant (cells.moving.key_of)."""

    span = CleanCharField(label=_("Giai đoạn"), max_length=20, required=False, initial="")


class TwinQuery(QueryForm):
    """Which other record may be the same person."""

    other = forms.UUIDField(label=_("Hồ sơ trùng"), required=False)


class ReorganisationQuery(QueryForm):
    """The list of reorganisations; a new one may begin at an organisation."""

    organisation = forms.UUIDField(label=_("Đơn vị"), required=False)


class PersonDataQuery(QueryForm):
    format = forms.ChoiceField(
        label=_("Dạng tệp"), choices=[("xlsx", "Excel"), ("json", "JSON")], initial="xlsx", required=False
    )
