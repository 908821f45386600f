"""Forms of teams and of turns to speak."""

import datetime as dt

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from accounts.querying import QueryForm
from cells.uploads.fields import UploadForm
from speakers.forms.rosters import VersionForm, heads
from speakers.models import SpeakerTeam, TeamMember, Turn


class DaysForm(forms.Form):
    def clean(self):
        cleaned = super().clean()
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        if first_day and last_day and last_day < first_day:
            self.add_error("last_day", _("Đến ngày không được trước từ ngày."))
        return cleaned


class TeamForm(DaysForm):
    name = CleanCharField(label=_("Tên đội, tổ"), max_length=200)
    decision_number = CleanCharField(label=_("Số quyết định"), max_length=100, required=False)
    decision_date = DayField(label=_("Ngày quyết định"), required=False)
    first_day = DayField(label=_("Từ ngày"))
    last_day = DayField(label=_("Đến ngày"), required=False, help_text=_("Để trống nếu đội còn hoạt động."))
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, required=False, widget=forms.HiddenInput)


class MemberForm(DaysForm):
    person = forms.ChoiceField(label=_("Người"))
    role = forms.ChoiceField(label=_("Vai trò"), choices=heads(TeamMember.Role.choices), initial=TeamMember.Role.MEMBER)
    is_committee = forms.BooleanField(label=_("Là cấp ủy viên"), required=False)
    fields_text = CleanCharField(
        label=_("Lĩnh vực phụ trách"),
        max_length=250,
        required=False,
        help_text=_("Nhiều lĩnh vực thì cách nhau bằng dấu phẩy. Để trống nếu nói được mọi lĩnh vực."),
    )
    first_day = DayField(label=_("Từ ngày"))
    last_day = DayField(label=_("Đến ngày"), required=False)
    version = forms.IntegerField(label=_("Phiên bản"), min_value=1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.people = {str(person.public_id): person for person in people}
        choices = [(key, person.full_name) for key, person in self.people.items()]
        self.fields["person"].choices = [("", _("chọn người")), *choices]


class RulesForm(UploadForm):
    """The working rules of a team."""


class PlanQuery(QueryForm):
    field = CleanCharField(label=_("Đề xuất theo lĩnh vực"), max_length=100, initial="", required=False)


class PlanForm(forms.Form):
    """A line for every month that nobody has: who, on what. Empty is left open."""

    def __init__(self, *args, months, members: list[TeamMember], proposed, field="", **options):
        super().__init__(*args, **options)
        self.months = months
        self.members = {str(member.public_id): member for member in members}
        keys = {member.person_id: key for key, member in self.members.items()}
        choices = [("", _now("chưa phân công")), *((key, named(one)) for key, one in self.members.items())]
        for month in months:
            label = {"month": f"{month:%m/%Y}"}
            self.fields[f"person-{month:%Y-%m}"] = forms.ChoiceField(
                label=_now("Người trình bày tháng %(month)s") % label,
                choices=choices,
                required=False,
                initial=keys.get(proposed.get(month), ""),
            )
            self.fields[f"field-{month:%Y-%m}"] = CleanCharField(
                label=_now("Lĩnh vực tháng %(month)s") % label, max_length=100, required=False, initial=field
            )
            self.fields[f"topic-{month:%Y-%m}"] = CleanCharField(
                label=_now("Nội dung tháng %(month)s") % label, max_length=250, required=False
            )

    def lines(self):
        names = ("person", "field", "topic")
        return [(month, *(self[f"{name}-{month:%Y-%m}"] for name in names)) for month in self.months]

    def clean(self):
        cleaned = super().clean()
        for month in self.months:
            member = self.members.get(cleaned.get(f"person-{month:%Y-%m}"))
            field = cleaned.get(f"field-{month:%Y-%m}")
            fields = [one.casefold() for one in member.field_list] if member else []
            if field and fields and field.casefold() not in fields:
                self.add_error(f"person-{month:%Y-%m}", _now("Người này không phụ trách lĩnh vực đó."))
        return cleaned

    @property
    def chosen(self) -> dict[dt.date, tuple]:
        found = {}
        for month in self.months:
            member = self.members.get(self.cleaned_data[f"person-{month:%Y-%m}"])
            if member:
                texts = (self.cleaned_data[f"{name}-{month:%Y-%m}"] for name in ("field", "topic"))
                found[month] = (member.person, *texts)
        return found


def named(member: TeamMember) -> str:
    return f"{member.person.full_name} ({member.fields})" if member.fields else member.person.full_name


class RegisterForm(forms.Form):
    month = forms.ChoiceField(label=_("Tháng"))
    topic = CleanCharField(label=_("Nội dung muốn trình bày"), max_length=250, required=False)

    def __init__(self, *args, months, **options):
        super().__init__(*args, **options)
        self.fields["month"].choices = [(f"{one:%Y-%m}", f"{one:%m/%Y}") for one in months]

    @property
    def chosen_month(self) -> dt.date:
        return dt.date.fromisoformat(f"{self.cleaned_data['month']}-01")


class DeclineForm(VersionForm):
    reason = CleanCharField(label=_("Lý do"), max_length=250, help_text=_("Người phân công sẽ đọc được lý do này."))


class SwapForm(forms.Form):
    other = forms.ChoiceField(label=_("Đổi với"))

    def __init__(self, *args, turns: list[Turn], **options):
        super().__init__(*args, **options)
        self.turns = {str(turn.public_id): turn for turn in turns}
        names = [(key, f"{one.month:%m/%Y}, {one.person.full_name}") for key, one in self.turns.items()]
        self.fields["other"].choices = names


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("yes", _("Đồng ý đổi")), ("no", _("Không đổi"))])


class AbsenceForm(DaysForm):
    first_day = DayField(label=_("Vắng từ ngày"))
    last_day = DayField(label=_("Đến hết ngày"))


def team_values(team: SpeakerTeam) -> dict:
    names = ("name", "decision_number", "decision_date", "first_day", "last_day", "version")
    return {name: getattr(team, name) for name in names}
