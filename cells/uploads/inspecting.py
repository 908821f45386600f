"""Has a child process look into an upload; the child may be killed, and nothing of the file touches a disk."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

CHILD = Path(__file__).with_name("child.py")
SECONDS = 45

REFUSALS = {
    "empty": _("Tệp rỗng. Hãy chọn lại tệp."),
    "extension": _("Không nhận kiểu tệp này. Hãy dùng một trong các kiểu: %s."),
    "too_large": _("Tệp quá lớn hoặc quá nhiều thành phần. Hãy giảm ảnh trong tệp hoặc chia nhỏ rồi thử lại."),
    "other_type": _("Nội dung tệp không đúng với đuôi tên tệp. Hãy mở tệp bằng đúng chương trình rồi lưu lại."),
    "two_types": _("Tệp chứa thêm một tệp kiểu khác. Hãy in lại thành PDF rồi thử lại."),
    "damaged": _("Tệp bị hỏng, không đọc được. Hãy mở và lưu lại rồi thử lại."),
    "encrypted": _("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi thử lại."),
    "active": _("Tệp chứa macro, lệnh chạy hoặc tệp gắn kèm. Hãy lưu lại bản không có các phần đó."),
    "external": _("Tệp tự tải nội dung từ nơi khác (mẫu hoặc ảnh liên kết). Hãy bỏ liên kết rồi lưu lại."),
    "too_slow": _("Kiểm tra tệp quá lâu nên đã dừng. Hãy chia nhỏ tệp rồi thử lại."),
    "infected": _("Chương trình quét vi-rút báo tệp có mã độc. Tệp không được lưu."),
    "quota": _("Hôm nay đồng chí đã gửi quá nhiều tệp. Hãy thử lại ngày mai."),
    "not_attested": _("Hãy đánh dấu xác nhận tệp không chứa bí mật nhà nước."),
    "classified": _(
        "Tệp mang dấu hoặc ký hiệu độ mật nên không được nhận và không được lưu ở đây. "
        "Hãy giao nhận văn bản giấy và ghi vào sổ giao nhận."
    ),
}


class Refused(Exception):
    """The file is not taken in; the text says why and how to mend it."""

    def __init__(self, reason: str, *values: str):
        self.reason = reason
        text = str(REFUSALS[reason])
        super().__init__(text % values if values else text)


@dataclass(frozen=True)
class Findings:
    text: str  # all words of the file
    is_legible: bool  # False: a picture, or a page without a text layer, hides words from us
    content: bytes  # what to store: the file itself, or the picture drawn anew


def look_into(content: bytes, content_type: str) -> Findings:
    """Raises Refused if the content is not of that type, or bears something active."""
    try:
        answer = subprocess.run(
            [sys.executable, "-I", str(CHILD), content_type],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Refused("too_slow") from None
    if answer.returncode:
        # A negative code is a signal: the limits on memory or processor time struck.
        raise Refused("too_large" if answer.returncode < 0 else "damaged")
    head, _newline, drawn = answer.stdout.partition(b"\n")
    found = json.loads(head)
    if "refused" in found:
        raise Refused(found["refused"])
    return Findings(found["text"], found["is_legible"], drawn or content)
