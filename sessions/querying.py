"""What the address bars of the pages of sessions may say."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField
from accounts.querying import QueryForm
from cells.access import belongs_now
from cells.models import Lineage, Organisation
from sessions.fields import DayField
from sessions.forms import capitalised
from sessions.models import REGULAR_KINDS, THEMATIC_KINDS, Session, SessionKind, TaskState

THEN, NOW = "then", "now"
KIND_GROUPS = {"regular": REGULAR_KINDS, "thematic": THEMATIC_KINDS, "extraordinary": (SessionKind.EXTRAORDINARY,)}


class PlanQuery(QueryForm):
    cell = forms.UUIDField(label=_("Chi bộ"), required=False)
    kind = forms.ChoiceField(label=_("Loại"), choices=SessionKind, initial=SessionKind.REGULAR, required=False)


class SessionQuery(QueryForm):
    """`organisation` is a public id; with `structure=now` its past sessions are those of today's tree."""

    first_day = DayField(label=_("Từ ngày"), required=False)
    last_day = DayField(label=_("Đến ngày"), required=False)
    state = forms.ChoiceField(
        label=_("Trạng thái"), choices=[("", _("Tất cả")), *capitalised(Session.State.choices)], required=False
    )
    kind = forms.ChoiceField(
        label=_("Loại"),
        choices=[
            ("", _("Tất cả")),
            ("regular", _("Có phần định kỳ")),
            ("thematic", _("Có phần chuyên đề")),
            ("extraordinary", _("Bất thường")),
        ],
        required=False,
    )
    organisation = forms.UUIDField(label=_("Đơn vị"), required=False)
    structure = forms.ChoiceField(
        label=_("Cơ cấu"),
        choices=[(THEN, _("theo cơ cấu lúc đó")), (NOW, _("theo cơ cấu hiện nay"))],
        initial=THEN,
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, data, user):
        super().__init__(data)
        self.user = user

    def clean_organisation(self) -> Organisation | None:
        public_id = self.cleaned_data["organisation"]
        if not public_id:
            return None
        organisation = Organisation.objects.for_user(self.user).filter(public_id=public_id).first()
        if organisation is None:
            raise ValidationError(_("Không có đơn vị này trong phạm vi của đồng chí."))
        return organisation

    def condition(self) -> Q:
        values = self.values
        condition = Q()
        if values["first_day"]:
            condition &= Q(day__gte=values["first_day"])
        if values["last_day"]:
            condition &= Q(day__lte=values["last_day"])
        if values["state"]:
            condition &= Q(state=values["state"])
        if values["kind"]:
            condition &= Q(kind__in=KIND_GROUPS[values["kind"]])
        if values["organisation"]:
            condition &= self.belongs(values["organisation"], values["structure"])
        return condition

    def belongs(self, organisation: Organisation, structure: str) -> Q:
        if structure == NOW:
            return belongs_now(self.user.reach, "cell", [organisation.pk])
        rows = Lineage.unscoped.filter(ancestor=organisation, descendant=OuterRef("cell"))
        return Q(Exists(rows.filter(first_day__lte=OuterRef("day"), last_day__gte=OuterRef("day"))))


class TaskQuery(QueryForm):
    OPEN, OVERDUE, DONE, ALL = "open", "overdue", "done", "all"

    state = forms.ChoiceField(
        label=_("Trạng thái"),
        choices=[(OPEN, _("Đang làm")), (OVERDUE, _("Quá hạn")), (DONE, _("Đã kết thúc")), (ALL, _("Tất cả"))],
        initial=OPEN,
        required=False,
    )
    owner = CleanCharField(label=_("Người phụ trách"), max_length=150, required=False)

    def condition(self, today: dt.date) -> Q:
        owner = Q(owner_name__icontains=self.values["owner"]) if self.values["owner"] else Q()
        return (
            owner
            & {
                self.OPEN: Q(state=TaskState.OPEN),
                self.OVERDUE: Q(state=TaskState.OPEN, due__lt=today),
                self.DONE: ~Q(state=TaskState.OPEN),
                self.ALL: Q(),
            }[self.values["state"]]
        )

    def order(self) -> tuple:
        """What is due first comes first, what has no day last; of what is over, the newest."""
        if self.values["state"] in {self.OPEN, self.OVERDUE}:
            return (F("due").asc(nulls_last=True), "pk")
        return ("-session__day", "-pk")
