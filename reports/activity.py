"""What a report tells beside the figures of figures.md: changes of the roster, ratings, work of speakers, receipts.

Each count has its definition here and its records, like the figures. No names of people: who joined or left a roster
is counted, and nothing else.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cells.dated import covering
from cells.models import Lineage, Membership, Organisation, Standing, Status
from reports.belonging import belonging
from reports.periods import Period
from reports.statistics import sessions_in
from resolutions.models import FollowUp, Outline, Receipt
from sessions.models import AgendaBlock, SessionRating
from speakers.models import SpeakerAppointment, TrainingClass

DEFINITIONS = {
    "joined": (_("Đảng viên tăng"), _("thuộc các chi bộ vào ngày chốt, chưa thuộc vào ngày trước kỳ")),
    "left": (_("Đảng viên giảm"), _("thuộc các chi bộ vào ngày trước kỳ, không còn thuộc vào ngày chốt")),
    "confirmed": (_("Dự bị thành chính thức"), _("dự bị vào ngày trước kỳ, chính thức vào ngày chốt")),
    "rated": (_("Buổi đã tự đánh giá"), _("buổi đã kết thúc trong kỳ có đủ điểm theo phiếu")),
    "appointed": (
        _("Công nhận mới"),
        _("lượt công nhận BCV, TTV, CTV dư luận xã hội bắt đầu trong kỳ"),
    ),
    "ended": (_("Thôi công nhận"), _("lượt công nhận có ngày cuối trong kỳ")),
    "served": (_("Buổi có báo cáo viên"), _("buổi có mục do người đang được công nhận trình bày")),
    "classes": (_("Lớp bồi dưỡng"), _("lớp kết thúc trong kỳ")),
    "completed": (_("Lượt hoàn thành lớp"), _("cộng qua các lớp nói trên (nhập tay)")),
    "outlines": (_("Đề cương ban hành"), _("tệp đề cương do chính tổ chức đưa lên trong kỳ")),
    "follow_ups": (_("Việc sau học tập đến hạn"), _("việc có hạn trong kỳ, trừ việc không phải làm nữa")),
    "followed_up": (_("Đã xong"), _("trong số nói trên, xong không muộn hơn ngày chốt")),
    "overdue": (_("Quá hạn"), _("trong số nói trên, đến ngày chốt đã quá hạn mà chưa xong")),
    "receipts": (_("Lượt nhận đề cương"), _("chi bộ xác nhận hoặc tải về lần đầu trong kỳ, mỗi bản một lượt")),
}


@dataclass(frozen=True)
class Activity:
    counts: dict[str, int]
    levels: dict[str, int]  # {"Tốt": sessions}
    served: list[str]  # codes of sessions
    classes: list[str]  # names
    outlines: list[str]  # titles

    def as_dict(self) -> dict:
        return {"counts": self.counts, "levels": self.levels} | {
            name: getattr(self, name) for name in ("served", "classes", "outlines")
        }


NO_ACTIVITY = Activity({}, {}, [], [], [])


def activity_of(organisation: Organisation, period: Period) -> Activity:
    """The same dozen queries for a cell and for a bloc."""
    sessions = sessions_in(organisation, period).order_by()
    levels = Counter(levels_of(sessions))
    served = list(served_by_speakers(sessions))
    classes = list(classes_in(organisation, period))
    outlines = list(outlines_of(organisation, period))
    begun, over = appointments_changed(organisation, period)
    return Activity(
        counts={
            **roster_changes(organisation, period),
            "rated": sum(levels.values()),
            "appointed": begun,
            "ended": over,
            "served": len(served),
            "classes": len(classes),
            "completed": sum(completed for _name, completed in classes),
            "outlines": len(outlines),
            "receipts": receipts_in(organisation, period).count(),
            **followed_up(organisation, period),
        },
        levels=dict(sorted(levels.items())),
        served=served,
        classes=[name for name, _completed in classes],
        outlines=outlines,
    )


def roster_changes(organisation: Organisation, period: Period) -> dict[str, int]:
    before = home_members(organisation, period.first_day - dt.timedelta(days=1))
    after = home_members(organisation, period.until)
    stayed = before.keys() & after.keys()
    return {
        "joined": len(after.keys() - before.keys()),
        "left": len(before.keys() - after.keys()),
        "confirmed": sum(before[one] == Standing.PROBATIONARY and after[one] == Standing.OFFICIAL for one in stayed),
    }


def home_members(organisation: Organisation, day: dt.date) -> dict[int, str]:
    """{person: standing} of the home rows at the cells below it on that day."""
    below = Lineage.unscoped.under(organisation, day).filter(is_cell=True).values("descendant")
    rows = Membership.unscoped.on(day).filter(cell__in=below).exclude(status=Status.HOSTED)
    return dict(rows.values_list("person_id", "standing"))


def levels_of(sessions):
    ratings = SessionRating.unscoped.complete().filter(is_main=True, session__in=sessions.values("pk"))
    return ratings.order_by().values_list("level", flat=True)


def served_by_speakers(sessions):
    """Codes of the sessions in which somebody recognised that day presented something."""
    recognised = SpeakerAppointment.unscoped.filter(covering(OuterRef("session__day")), person=OuterRef("presenter"))
    blocks = AgendaBlock.unscoped.filter(Exists(recognised), session__in=sessions.values("pk"))
    return blocks.order_by("session__code").values_list("session__code", flat=True).distinct()


def appointments_changed(organisation: Organisation, period: Period) -> tuple[int, int]:
    span = (period.first_day, period.until)
    scope = belonging([organisation])
    begun = scope.filter(SpeakerAppointment.unscoped.filter(first_day__range=span), "organisation", "first_day")
    over = scope.filter(SpeakerAppointment.unscoped.filter(last_day__range=span), "organisation", "last_day")
    return begun.count(), over.count()


def classes_in(organisation: Organisation, period: Period):
    held = TrainingClass.unscoped.filter(last_day__range=(period.first_day, period.until))
    found = belonging([organisation]).filter(held, "organisation", "last_day").order_by("last_day", "pk")
    return found.values_list("name", "completed")


def outlines_of(organisation: Organisation, period: Period):
    own = Q(owner=organisation) | Q(owner=None, document__owner=organisation)
    published = Outline.unscoped.published().filter(own, published__date__range=(period.first_day, period.until))
    return published.order_by("published", "pk").values_list("title", flat=True)


def followed_up(organisation: Organisation, period: Period) -> dict[str, int]:
    given = FollowUp.unscoped.exclude(state=FollowUp.State.WAIVED)
    given = given.filter(due__range=(period.first_day, period.until))
    done = Q(state=FollowUp.State.DONE, done_on__lte=period.until)
    found = belonging([organisation]).filter(given, "organisation", "due")
    return found.aggregate(
        follow_ups=Count("pk"),
        followed_up=Count("pk", filter=done),
        overdue=Count("pk", filter=~done & Q(due__lt=period.until)),
    )


def receipts_in(organisation: Organisation, period: Period):
    below = Lineage.unscoped.under(organisation, period.until).filter(is_cell=True).values("descendant")
    return Receipt.unscoped.filter(cell__in=below, at__date__range=(period.first_day, period.until)).order_by(F("pk"))
