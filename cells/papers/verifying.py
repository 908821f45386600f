"""Reads who signed the uploaded copy of a paper, and whether it still is that paper."""

import datetime as dt
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

CHILD = Path(__file__).with_name("verify.py")
SECONDS = 40

REFUSALS = {
    "unsigned": _("Tệp này không có chữ ký số. Nếu là bản quét của bản giấy đã ký, hãy gửi ở mục bản quét."),
    "changed": _("Tệp đã bị sửa sau khi ký số nên chữ ký không còn giá trị. Hãy tải bản đã ban hành về và ký lại."),
    "other_paper": _(
        "Tệp đã ký không phải bản đã ban hành ở đây. Hãy tải bản đã ban hành về, ký số chính tệp đó rồi gửi."
    ),
    "unreadable": _("Không đọc được chữ ký số trong tệp. Hãy ký lại bằng đúng chương trình ký số rồi gửi."),
}


class NotSigned(Exception):
    """The copy is not taken; the text says why and how to mend it."""

    def __init__(self, reason: str):
        self.reason = reason
        super().__init__(str(REFUSALS[reason]))


@dataclass(frozen=True)
class Signature:
    signer: str
    signed_at: dt.datetime | None  # as the signer's clock told it
    is_intact: bool  # the signature is right, and nothing but further signatures came after it
    is_trusted: bool  # the certificate leads to one of those in SIGNING_ROOTS


def signatures_of_copy(copy: bytes, paper: bytes) -> list[Signature]:
    """Of the signed copy of a paper. Raises NotSigned if it bears none, was changed, or is the copy of something else.

    Signing appends to a file, so a true copy begins with the very bytes of the paper.
    """
    found = signatures_in(copy)
    if not found:
        raise NotSigned("unsigned")
    if not all(signature.is_intact for signature in found):
        raise NotSigned("changed")
    if not copy.startswith(paper):
        raise NotSigned("other_paper")
    return found


def signatures_in(pdf: bytes) -> list[Signature]:
    command = [sys.executable, "-I", str(CHILD), *filter(None, [settings.SIGNING_ROOTS])]
    try:
        answer = subprocess.run(command, input=pdf, capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise NotSigned("unreadable") from error
    return [signature(**told) for told in json.loads(answer.stdout)]


def signature(signed_at: str, **told) -> Signature:
    return Signature(signed_at=dt.datetime.fromisoformat(signed_at) if signed_at else None, **told)
