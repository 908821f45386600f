from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self):
        from accounts.administration import link
        from accounts.navigation import show_when
        from accounts.retaining import keep
        from cells.exchange.removing import call, is_derived
        from cells.jobs.kinds import register
        from reports import binding, building, joining
        from reports.access import READS_FIGURES, SEES_REPORTS
        from reports.models import Bundle, Letter, ObligationRule, Reminder, Report, Waiver
        from reports.obligations import posting
        from reports.obligations.calendars import due_events
        from sessions.calendars import add_source

        link(
            "reports:first_start",
            _("Bắt đầu sử dụng"),
            "list-check",
            _("Xóa dữ liệu mẫu, khai tổ chức của mình và các chi bộ."),
        )
        link(
            "reports:rules",
            _("Thể thức, nơi nhận báo cáo"),
            "printer",
            _("Thể thức văn bản theo ngày, đánh số đề mục; báo cáo nào gửi đâu, qua ban nào."),
        )
        link(
            "reports:obligation_rules",
            _("Quy định về việc phải làm"),
            "list-check",
            _("Việc nào phải làm, hạn ngày nào: hội nghị, báo cáo, việc định kỳ."),
        )
        show_when("reports:dashboard", lambda user: user.reach.holds(READS_FIGURES))
        show_when("reports:list", lambda user: user.reach.holds(SEES_REPORTS))
        register(Report, building.build)
        register(Bundle, joining.join)
        keep("bundles", "RETENTION_BUNDLES_DAYS", binding.forget_old)
        posting.keep_for_a_while()
        add_source(due_events)
        call(Report, _("báo cáo"))
        call(Bundle, _("tập báo cáo"))
        call(Waiver, _("lần miễn việc phải làm"))
        call(ObligationRule, _("quy định về việc phải làm"))
        is_derived(Reminder, Letter)
        post_migrate.connect(seed_after_migrating, sender=self)


def seed_after_migrating(apps=current_apps, **_details):
    """After each migration, and after the flush of a test: what is owed, and whom reports go to, begin the same."""
    from reports import routing
    from reports.obligations import seeding

    if "obligationrule" in apps.all_models["reports"]:
        seeding.seed(apps)
    if "reportroute" in apps.all_models["reports"]:
        routing.seed(apps)
