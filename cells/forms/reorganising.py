"""What is filled in for a reorganisation; a field more or less for each kind of it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from cells.models import CELL_KINDS, Membership, Organisation, OrganisationPeriod, Person
from cells.models import Kind as OrganisationKind
from cells.restructuring.orders import Kind, New, Order
from cells.restructuring.permitting import may_hang_below, may_touch, sees_all_rosters

CARRIES, ENDS = "carry", "end"
STAYS, GOES = "part", "whole"
HELP_FOR_CODE = _("Mã không trùng với đơn vị nào khác và không đổi về sau.")


class PlaceField(forms.ChoiceField):
    """One of some organisations, by name; gives the organisation."""

    def __init__(self, organisations, *, empty="", **options):
        self.organisations = {str(one.public_id): one for one, _name in organisations}
        choices = [(str(one.public_id), name) for one, name in organisations]
        super().__init__(choices=[("", empty), *choices] if empty else choices, **options)

    def clean(self, value):
        return self.organisations.get(super().clean(value))


class OrderForm(forms.Form):
    decision_number = CleanCharField(label=_("Số quyết định"), max_length=100)
    decision_day = DayField(label=_("Ngày quyết định"))
    day = DayField(
        label=_("Ngày có hiệu lực"),
        help_text=_("Ngày đầu tiên theo cơ cấu mới, nên là ngày đầu tháng. Được ghi ngày đã qua hoặc sắp tới."),
    )

    def __init__(self, *args, kind: str, user, organisations: list[Organisation], **options):
        super().__init__(*args, **options)
        self.kind, self.user, self.organisations = kind, user, organisations
        self.periods = current_periods(organisations, user.reach.day)
        self.people: list[Person] = []
        self.children: list[Organisation] = []
        ADDERS[kind](self)
        if kind in {Kind.MERGE, Kind.ABSORB, Kind.SPLIT, Kind.DISSOLVE}:
            self.add_posts()
        self.fields["reason"] = CleanCharField(label=_("Ghi chú"), max_length=500, required=False)

    @property
    def are_cells(self) -> bool:
        return bool(self.periods) and all(period.is_cell for period in self.periods.values())

    def named(self, organisation: Organisation) -> str:
        return self.periods[organisation.pk].name if organisation.pk in self.periods else organisation.code

    def add_found(self):
        self.fields["name1"] = CleanCharField(label=_("Tên đơn vị mới"), max_length=250)
        self.fields["code1"] = CleanCharField(label=_("Mã"), max_length=60, help_text=HELP_FOR_CODE)
        self.fields["new_kind"] = forms.ChoiceField(label=_("Loại"), choices=kinds(OrganisationKind))
        self.add_parent(_("Trực thuộc"))

    def add_rename(self):
        first = self.organisations[0]
        self.fields["name1"] = CleanCharField(label=_("Tên mới"), max_length=250, initial=self.named(first))

    def add_move(self):
        self.add_parent(_("Trực thuộc mới"))

    def add_merge(self):
        self.add_new(1, _("Tên đơn vị mới"), _("Mã đơn vị mới"))
        self.add_new_kind()
        self.add_parent(_("Đơn vị mới trực thuộc"))

    def add_absorb(self):
        choices = [(one, self.named(one)) for one in self.organisations]
        self.fields["heir"] = PlaceField(choices, label=_("Đơn vị tiếp nhận"), widget=forms.RadioSelect)

    def add_split(self):
        self.fields["ends"] = forms.ChoiceField(
            label=_("Cách làm"),
            choices=[
                (STAYS, _("Tách: đơn vị cũ còn, một phần thành đơn vị mới")),
                (GOES, _("Chia: đơn vị cũ kết thúc, thành hai đơn vị mới")),
            ],
            initial=STAYS,
            widget=forms.RadioSelect,
        )
        self.add_new(1, _("Tên đơn vị mới thứ nhất"), _("Mã đơn vị mới thứ nhất"))
        self.add_new(2, _("Tên đơn vị mới thứ hai"), _("Mã đơn vị mới thứ hai"), required=False)
        self.fields["name2"].help_text = _("Cần khi chia; khi tách thì không bắt buộc. Đơn vị thứ nhất kế tục hồ sơ.")
        self.add_new_kind()
        self.add_parent(_("Đơn vị mới trực thuộc"))
        self.add_assignments()

    def add_dissolve(self):
        if not self.are_cells:
            self.fields["parent"] = PlaceField(
                self.committees(),
                label=_("Các đơn vị trực thuộc chuyển về"),
                empty=_("cấp trên trực tiếp của đơn vị kết thúc"),
                required=False,
            )
        self.fields["heir"] = PlaceField(
            self.possible_heirs(),
            label=_("Đơn vị tiếp nhận đảng viên và kế tục hồ sơ") if self.are_cells else _("Đơn vị kế tục hồ sơ"),
            empty=_("không có"),
            required=False,
        )

    def add_new(self, number: int, name: str, code: str, required: bool = True):
        proposed = f"{self.organisations[0].code}-{self.user.reach.day.year}"
        initial = proposed if number == 1 else f"{proposed}-{number}"
        self.fields[f"name{number}"] = CleanCharField(label=name, max_length=250, required=required)
        self.fields[f"code{number}"] = CleanCharField(
            label=code, max_length=60, initial=initial, required=required, help_text=HELP_FOR_CODE
        )

    def add_new_kind(self):
        period = self.periods.get(self.organisations[0].pk)
        fitting = [kind for kind in OrganisationKind if (kind in CELL_KINDS) == self.are_cells]
        self.fields["new_kind"] = forms.ChoiceField(
            label=_("Loại"), choices=kinds(fitting), initial=period.kind if period else None
        )

    def add_parent(self, label):
        parents = [period.parent.public_id for period in self.periods.values() if period.parent]
        self.fields["parent"] = PlaceField(
            self.committees(), label=label, empty=_("chọn đơn vị"), initial=str(parents[0]) if parents else ""
        )

    def add_posts(self):
        self.fields["posts"] = forms.ChoiceField(
            label=_("Nhiệm vụ của người dùng ở đơn vị kết thúc"),
            choices=[(CARRIES, _("Chuyển sang đơn vị kế tục")), (ENDS, _("Kết thúc cùng đơn vị"))],
            initial=CARRIES,
            widget=forms.RadioSelect,
        )

    def add_assignments(self):
        source = self.organisations[0]
        places = [("", _("ở lại đơn vị cũ")), ("0", _("đơn vị mới thứ nhất")), ("1", _("đơn vị mới thứ hai"))]
        if self.are_cells and sees_all_rosters(self.user, [source]):
            spans = Membership.objects.for_user(self.user).filter(cell=source).overlapping(self.user.reach.day, None)
            self.people = list(Person.objects.for_user(self.user).filter(pk__in=spans.values("person")))
        else:
            below = OrganisationPeriod.unscoped.on(self.user.reach.day).filter(parent=source)
            rows = below.select_related("organisation").order_by("sort_key", "pk")
            self.children = [(row.organisation, row.name) for row in rows]
        for person in self.people:
            self.fields[f"goes-{person.public_id}"] = forms.ChoiceField(
                label=person.full_name, choices=places, required=False
            )
        for child, name in self.children:
            self.fields[f"goes-{child.public_id}"] = forms.ChoiceField(label=name, choices=places, required=False)

    def committees(self):
        organisations = Organisation.objects.for_user(self.user).filter(may_hang_below(self.user))
        rows = OrganisationPeriod.unscoped.on(self.user.reach.day).filter(organisation__in=organisations.values("pk"))
        rows = rows.exclude(kind__in=CELL_KINDS).exclude(organisation__in=self.organisations)
        return named_places(rows)

    def possible_heirs(self):
        """Cells beside the cells that end; any committee for committees."""
        if not self.are_cells:
            return self.committees()
        organisations = Organisation.objects.for_user(self.user).filter(may_touch(self.user))
        parents = {period.parent_id for period in self.periods.values()}
        rows = OrganisationPeriod.unscoped.on(self.user.reach.day).filter(
            organisation__in=organisations.values("pk"), parent__in=parents, kind__in=CELL_KINDS
        )
        return named_places(rows.exclude(organisation__in=self.organisations))

    def clean(self):
        cleaned = super().clean()
        if self.kind == Kind.SPLIT and cleaned.get("ends") == GOES:
            for name in ("name2", "code2"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Khi chia phải có đơn vị mới thứ hai."))
        if self.kind == Kind.SPLIT and self.are_cells and not sees_all_rosters(self.user, self.organisations):
            raise ValidationError(_("Chia, tách chi bộ phải do cấp ủy cấp trên làm, vì cần xem danh sách đảng viên."))
        if self.kind == Kind.SPLIT and not cleaned.get("name2") and "1" in self.assigned().values():
            self.add_error("name2", _("Đã có người hoặc đơn vị xếp vào đơn vị mới thứ hai: hãy ghi tên."))
        return cleaned

    def assigned(self) -> dict[str, str]:
        found = {name: self.cleaned_data.get(name) for name in self.fields if name.startswith("goes-")}
        return {name: value for name, value in found.items() if value}

    def order(self) -> Order:
        told = self.cleaned_data
        heir = told.get("heir")
        return Order(
            kind=self.kind,
            day=told["day"],
            decision=f"{told['decision_number']} {told['decision_day']:%d/%m/%Y}",
            organisations=tuple(one for one in self.organisations if self.kind != Kind.ABSORB or one != heir),
            name=told.get("name1", ""),
            parent=told.get("parent"),
            heir=heir,
            new=tuple(self.new()),
            people=self.numbers((person.pk, person) for person in self.people),
            children=self.numbers((child.pk, child) for child, _name in self.children),
            ends=told.get("ends") == GOES,
            carries_posts=told.get("posts") == CARRIES,
        )

    def new(self):
        if self.kind == Kind.RENAME:
            return
        for number in (1, 2):
            name, code = self.cleaned_data.get(f"name{number}"), self.cleaned_data.get(f"code{number}")
            if name and code:
                yield New(code, name, self.cleaned_data["new_kind"])

    def numbers(self, rows) -> dict[int, int]:
        assigned = self.assigned()
        keys = ((pk, f"goes-{row.public_id}") for pk, row in rows)
        return {pk: int(assigned[key]) for pk, key in keys if key in assigned}


ADDERS = {
    Kind.FOUND: OrderForm.add_found,
    Kind.RENAME: OrderForm.add_rename,
    Kind.MOVE: OrderForm.add_move,
    Kind.MERGE: OrderForm.add_merge,
    Kind.ABSORB: OrderForm.add_absorb,
    Kind.SPLIT: OrderForm.add_split,
    Kind.DISSOLVE: OrderForm.add_dissolve,
}


def kinds(some):
    return [(kind.value, capfirst(kind.label)) for kind in some]


def current_periods(organisations, day) -> dict[int, OrganisationPeriod]:
    rows = OrganisationPeriod.unscoped.filter(organisation__in=organisations).select_related("parent")
    found = {}
    for row in rows.order_by("first_day"):
        if row.first_day <= day or row.organisation_id not in found:
            found[row.organisation_id] = row
    return found


def named_places(rows):
    rows = rows.select_related("organisation").order_by("sort_key", "pk")
    return [(row.organisation, f"{row.name} ({row.organisation.code})") for row in rows]


class KindForm(forms.Form):
    kind = forms.ChoiceField(choices=Kind)
    organisation = forms.UUIDField(required=False)


class PickForm(forms.Form):
    """One step of choosing: take one in, let one go, or take in all below one."""

    add = forms.UUIDField(required=False)
    drop = forms.UUIDField(required=False)
    below = forms.UUIDField(required=False)
