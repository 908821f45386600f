from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    # Django's own log-in sessions hold the label "sessions".
    name = "sessions"
    label = "cell_sessions"

    def ready(self):
        from accounts.administration import link
        from accounts.navigation import show_when
        from cells import dependants
        from cells.exchange.planning import register
        from cells.exchange.removing import call, is_derived
        from cells.person_data import forgets
        from sessions.forgetting import forget_reasons
        from sessions.models import (
            AnnouncedAbsence,
            Attendance,
            MonthlyRollup,
            Session,
            SessionNotice,
            SignedSheet,
        )
        from sessions.presented import blocks_presented
        from sessions.recounting import ClosedSessions
        from sessions.restructured import SessionsOfCells
        from sessions.workbook import RollCallSheet, SessionsSheet
        from speakers import presented

        dependants.register(SessionsOfCells(), ClosedSessions())
        presented.register(blocks_presented)
        register(SessionsSheet(), RollCallSheet())
        call(Session, _("buổi sinh hoạt"))
        call(Attendance, _("điểm danh"))
        call(AnnouncedAbsence, _("người xin vắng"))
        call(SessionNotice, _("thông báo hoãn, hủy"))
        call(SignedSheet, _("ảnh tờ ký"))
        is_derived(MonthlyRollup)
        forgets(forget_reasons)
        show_when("sessions:list", lambda user: bool(user.reach.places))
        link(
            "sessions:national_rules",
            _("Quy định về sinh hoạt"),
            "list-check",
            _("Ngày sinh hoạt, thời lượng, ngày nghỉ lễ và Tết."),
        )
        link(
            "sessions:rubrics",
            _("Phiếu tự đánh giá"),
            "list-check",
            _("Tiêu chí, thang điểm và mức xếp loại buổi sinh hoạt."),
        )
        post_migrate.connect(seed_after_migrating, sender=self)


def seed_after_migrating(apps=current_apps, **_details):
    """After each migration, and after the flush of a test: rules and agendas begin the same everywhere."""
    from sessions import agenda_seeds, handbook, rubric_seeds, seeding

    known = apps.all_models["cell_sessions"]  # on the way back to before there were any, not all are
    if "sessionrule" in known:
        seeding.seed(apps)
    if "agendatemplateblock" in known:
        agenda_seeds.seed(apps)
    if "criterion" in known:
        rubric_seeds.seed(apps)
        handbook.seed(apps)
