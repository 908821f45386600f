"""What may be typed about accounts and posts; who may do it stands in cells/posting.py."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from accounts.querying import QueryForm
from accounts.text import folded
from cells.choosing import tied_code
from cells.models import Organisation, OrganisationPeriod, Role

NEW = "new"
BACK, AHEAD = dt.timedelta(days=31), dt.timedelta(days=2 * 366)
FAR_END = dt.timedelta(days=10 * 366)


class AccountQuery(QueryForm):
    q = CleanCharField(label=_("Tìm theo tên"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[
            ("", _("Tất cả")),
            ("active", _("Đang hoạt động")),
            ("invited", _("Chờ nhận lời mời")),
            ("inactive", _("Đã khóa")),
        ],
    )
    role = forms.ChoiceField(
        label=_("Vai trò"),
        required=False,
        choices=[
            ("", _("Tất cả")),
            ("administrator", _("Quản trị hệ thống")),
            *((value, capfirst(label)) for value, label in Role.choices),
        ],
    )
    factor = forms.ChoiceField(
        label=_("Xác thực hai lớp"),
        required=False,
        choices=[("", _("Tất cả")), ("yes", _("Đã bật")), ("no", _("Chưa bật"))],
    )


class OrganisationField(CleanCharField):
    """A code or the full name of an organisation that is in force today; the value is the organisation."""

    default_error_messages = {
        "unknown": _("Không có tổ chức nào đang hoạt động với mã hoặc tên này."),
        "several": _("Có nhiều tổ chức cùng tên. Hãy ghi mã của tổ chức."),
    }

    def __init__(self, *, user, **options):
        super().__init__(max_length=250, **options)
        self.user = user

    def clean(self, value):
        text = super().clean(value)
        return self.find(text) if text else None

    def find(self, text: str) -> Organisation:
        today = OrganisationPeriod.unscoped.on(timezone.localdate())
        known = Organisation.objects.for_user(self.user).filter(pk__in=today.values("organisation"))
        by_code = known.filter(code__iexact=text).first()
        if by_code:
            return by_code
        found = known.filter(pk__in=today.filter(search=folded(text)).values("organisation"))[:2]
        if not found:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if len(found) > 1:
            raise ValidationError(self.error_messages["several"], code="several")
        return found[0]


class NameForm(forms.Form):
    full_name = CleanCharField(
        label=_("Họ và tên"), max_length=150, error_messages={"required": _("Hãy ghi họ và tên.")}
    )


class DaysForm(forms.Form):
    role = forms.ChoiceField(label=_("Vai trò"), widget=forms.RadioSelect)
    first_day = DayField(label=_("Từ ngày"), error_messages={"required": _("Hãy ghi ngày bắt đầu.")})
    last_day = DayField(
        label=_("Đến hết ngày"),
        required=False,
        help_text=_("Để trống nếu chưa biết ngày hết. Thay bí thư tạm thời thì phải ghi."),
    )

    def __init__(self, *args, roles, **options):
        super().__init__(*args, **options)
        # In the order of the roles, whatever set they come in.
        self.fields["role"].choices = [(value, capfirst(label)) for value, label in Role.choices if value in roles]
        self.fields["first_day"].initial = timezone.localdate()

    def clean_first_day(self):
        return near(self.cleaned_data["first_day"])

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and not first <= last <= first + FAR_END:
            self.add_error("last_day", _("Ngày hết phải sau ngày bắt đầu, nhiều nhất mười năm."))
        return cleaned


def near(day: dt.date) -> dt.date:
    today = timezone.localdate()
    if not today - BACK <= day <= today + AHEAD:
        text = _("Ngày phải từ %(first)s đến %(last)s.")
        days = {"first": f"{today - BACK:%d/%m/%Y}", "last": f"{today + AHEAD:%d/%m/%Y}"}
        raise ValidationError(text % days)
    return day


class WhoMixin(forms.Form):
    """`who`: an account, somebody on the roster, or somebody new, whose name is then asked for."""

    who = forms.ChoiceField(label=_("Người nhận"))
    full_name = CleanCharField(
        label=_("Họ và tên người mới"),
        max_length=150,
        required=False,
        help_text=_("Chỉ ghi khi ở trên chọn “Người mới”."),
    )

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.fields["who"].choices = [("", _("Hãy chọn…")), *people, (NEW, _("Người mới, chưa có trong danh sách"))]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("who") == NEW and not cleaned.get("full_name") and "full_name" not in self.errors:
            self.add_error("full_name", _("Hãy ghi họ và tên người mới."))
        return cleaned


class PostForm(WhoMixin, DaysForm):
    """Gives a post at one organisation."""

    field_order = ["who", "full_name", "role", "first_day", "last_day"]


class AccountForm(DaysForm, NameForm):
    """Somebody new, with a first post if it is known."""

    organisation = OrganisationField(
        user=None,
        label=_("Tổ chức"),
        required=False,
        help_text=_("Mã hoặc tên đầy đủ. Để trống nếu giao vai trò sau."),
    )
    field_order = ["full_name", "organisation", "role", "first_day", "last_day"]

    def __init__(self, *args, user, **options):
        super().__init__(*args, roles=Role.values, **options)
        self.fields["organisation"].user = user
        self.fields["role"].required = False

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("organisation") and not cleaned.get("role"):
            self.add_error("role", _("Hãy chọn vai trò ở tổ chức này."))
        if cleaned.get("role") and not cleaned.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", _("Hãy ghi tổ chức nơi giữ vai trò này."))
        return cleaned


class FurtherPostForm(DaysForm):
    organisation = OrganisationField(user=None, label=_("Tổ chức"), help_text=_("Mã hoặc tên đầy đủ."))
    field_order = ["organisation", "role", "first_day", "last_day"]

    def __init__(self, *args, user, **options):
        super().__init__(*args, roles=Role.values, **options)
        self.fields["organisation"].user = user


class EndForm(forms.Form):
    last_day = DayField(label=_("Ngày cuối cùng giữ vai trò"))
    version = CleanCharField(label=_("Phiên bản"), max_length=10, required=False, widget=forms.HiddenInput)

    def clean_last_day(self):
        return near(self.cleaned_data["last_day"])


class HandOverForm(WhoMixin):
    day = DayField(label=_("Người mới bắt đầu từ ngày"), help_text=_("Người cũ giữ chức đến hết ngày trước đó."))

    def clean_day(self):
        return near(self.cleaned_data["day"])


class TieForm(forms.Form):
    code = CleanCharField(
        label=_("Mã đảng viên"),
        max_length=60,
        required=False,
        help_text=_("Ghi đúng mã trong danh sách của chi bộ. Để trống để bỏ gắn."),
    )
    version = CleanCharField(label=_("Phiên bản"), max_length=60, required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, user, data=None):
        code = tied_code(user)
        return cls(data, initial={"code": code, "version": code})
