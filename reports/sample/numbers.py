"""A number register that is in use: the demo cell's, with a number taken by mistake and cancelled."""

import datetime as dt

from accounts.models import User
from cells import numbering
from cells.models import DocumentType, Organisation
from reports.sample.demo import DEMO_CELL
from reports.sample.tree import MARK

TAKEN = [
    (75, DocumentType.REPORT, "Kết quả sinh hoạt chuyên đề quý trước", ""),
    (40, DocumentType.RESOLUTION, "Nhiệm vụ trọng tâm của chi bộ", ""),
    (38, DocumentType.REPORT, "Kết quả nhiệm vụ tháng", "Ghi nhầm loại văn bản"),
    (12, DocumentType.REPORT, "Kết quả nhiệm vụ tháng", ""),
]


def write_numbers(today: dt.date) -> None:
    cell = Organisation.unscoped.get(code=DEMO_CELL)
    lan = User.objects.filter(username="lan").first()  # in the demo profile only
    for days, document_type, subject, mistake in TAKEN:
        day = today - dt.timedelta(days=days)
        entry = numbering.take_number(cell, document_type, day, subject=f"{subject} {MARK}", actor=lan)
        if mistake:
            numbering.cancel(entry, mistake, actor=lan)
