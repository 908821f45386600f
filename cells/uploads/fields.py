"""The two fields of every form that takes a file: the file, and what its uploader states about it."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from cells.uploads.accepting import Accepted, accept, largest
from cells.uploads.inspecting import Refused
from cells.uploads.kinds import PAPERS, FileKind, extensions_of


class UploadForm(forms.Form):
    """Call `accept_file` after `is_valid`, before the transaction of the row: a refusal becomes the field's error."""

    allowed: Iterable[FileKind] = PAPERS
    may_wait = True

    file = forms.FileField(label=_("Tệp"), max_length=300)
    is_attested = forms.BooleanField(
        label=_("Tôi xác nhận tệp không chứa bí mật nhà nước"), error_messages={"required": _("Hãy đánh dấu xác nhận.")}
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        extensions = extensions_of(self.allowed)
        self.fields["file"].widget.attrs["accept"] = ",".join(extensions)
        self.fields["file"].help_text = _("Kiểu %(extensions)s, tối đa %(size)d MB.") % {
            "extensions": ", ".join(extensions),
            "size": largest(self.allowed),
        }

    def accept_file(self, *, actor, request) -> Accepted | None:
        """None: refused, and the form says why."""
        try:
            return accept(
                self.cleaned_data["file"],
                self.allowed,
                is_attested=self.cleaned_data["is_attested"],
                actor=actor,
                request=request,
                may_wait=self.may_wait,
            )
        except Refused as refusal:
            self.add_error("is_attested" if refusal.reason == "not_attested" else "file", str(refusal))
            return None
