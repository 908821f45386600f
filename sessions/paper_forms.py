"""The forms of minutes and resolutions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, CleanTextField
from cells.uploads.fields import UploadForm
from cells.uploads.kinds import SCANS
from sessions.models import SignerPost


class AdoptForm(forms.Form):
    with_number = forms.BooleanField(
        label=_("Lấy số từ sổ văn bản"),
        required=False,
        initial=True,
        help_text=_("Bỏ đánh dấu nếu chi bộ ghi số bằng tay vào bản in."),
    )
    # Of the text on the page; the page writes it itself, so that after a change it is that of the new one.
    seen = forms.CharField(label=_("Bản vừa đọc"), widget=forms.HiddenInput, required=False, max_length=64)


def long_text(label, help_text="") -> CleanTextField:
    return CleanTextField(
        label=label, help_text=help_text, required=False, widget=forms.Textarea(attrs={"rows": 6}), max_length=10_000
    )


class ResolutionForm(forms.Form):
    review = long_text(_("I. Đánh giá tình hình tháng qua"), _("Bảng kết quả nhiệm vụ buổi trước tự vào bên dưới."))
    next_tasks = long_text(_("II. Nhiệm vụ tháng tới"))
    assignment = long_text(_("III. Phân công thực hiện"), _("Bảng nhiệm vụ giao tại buổi này tự vào bên trên."))
    self_rating = long_text(_("IV. Tự đánh giá buổi sinh hoạt"), _("Nếu đã chấm điểm, dòng điểm và xếp loại tự vào."))
    seat = CleanCharField(
        label=_("Địa danh"),
        max_length=100,
        required=False,
        help_text=_("Tên xã, phường, tỉnh đứng trước ngày tháng."),
    )
    signer = CleanCharField(label=_("Người ký"), max_length=150, required=False)
    signer_post = forms.ChoiceField(label=_("Chức vụ người ký"), choices=SignerPost)
    version = forms.IntegerField(label=_("Phiên bản"), min_value=0, widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    reason = CleanCharField(
        label=_("Lý do rút"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class CorrectionForm(forms.Form):
    text = CleanTextField(
        label=_("Nội dung đính chính"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ghi rõ chỗ sai trong bản đã thông qua và nội dung đúng."),
        error_messages={"required": _("Hãy ghi nội dung đính chính.")},
    )
    reason = CleanCharField(
        label=_("Lý do"), max_length=500, error_messages={"required": _("Hãy ghi lý do đính chính.")}
    )


class ScanForm(UploadForm):
    """The signed copy; from above only what a second person has looked at is seen."""

    allowed = SCANS
