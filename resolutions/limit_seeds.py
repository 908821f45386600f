"""The limits on conferences with which every installation begins; its administrator changes them."""

import datetime as dt

from resolutions.models import ConferenceRule

SINCE = dt.date(2025, 12, 11)
SOURCE = "Kết luận 226-KL/TW ngày 11/12/2025"
Subject = ConferenceRule.Subject
RULES = (
    (Subject.ONLINE_SHARE, 60, SOURCE),
    (Subject.HYBRID_IS_ONLINE, 1, f"{SOURCE}; cách tính hội nghị kết hợp cần đối chiếu"),
    (Subject.MINUTES, 240, f"{SOURCE}: nửa ngày; số phút cần đối chiếu"),
    (Subject.PROVINCE_A_YEAR, 2, SOURCE),
    (Subject.COMMUNE_A_YEAR, 3, SOURCE),
    (Subject.NO_REHOLDING, 1, SOURCE),
)


def seed(apps) -> None:
    rules = apps.get_model("resolutions", "ConferenceRule")
    known = set(rules._base_manager.values_list("subject", flat=True))
    rules._base_manager.bulk_create(
        rules(subject=subject, number=number, source=source, first_day=SINCE)
        for subject, number, source in RULES
        if subject not in known
    )
