from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CellsConfig(AppConfig):
    name = "cells"

    def ready(self):
        from accounts.administration import link
        from accounts.idling import shorten_for
        from accounts.navigation import show_when
        from accounts.passwords import context_words_from
        from accounts.resetting import allow
        from accounts.retaining import keep
        from accounts.second_factor import demand_of
        from cells import checks  # noqa: F401 - registers itself
        from cells.exchange.planning import register
        from cells.exchange.removing import call, is_derived
        from cells.importing import working
        from cells.importing.deciding import forget_old
        from cells.jobs.kinds import register as register_jobs
        from cells.logging_in import may_reset, needs_second_factor, own_organisations
        from cells.models import ImportBatch, Lineage, Membership, Organisation, OrganisationPeriod, Post, Role
        from cells.reach import DOWN_THE_TREE
        from cells.workbook import MembersSheet, OrganisationsSheet

        register(OrganisationsSheet(), MembersSheet())
        link("cells:audit", _("Nhật ký"), "list-check", _("Ai đã làm gì, lúc nào, từ đâu; trước và sau khi sửa."))
        link(
            "cells:personal_data",
            _("Dữ liệu cá nhân"),
            "person-x",
            _("Trả lời yêu cầu của một người: xem, xuất, ẩn danh; những gì đã hết hạn lưu."),
        )
        show_when("cells:organisations", lambda user: bool(user.reach.places) or user.is_administrator)
        shorten_for(lambda user: user.reach.holds(DOWN_THE_TREE))
        link(
            "cells:accounts",
            _("Tài khoản"),
            "people",
            _("Mời người dùng, giao và kết thúc vai trò, khóa và mở tài khoản."),
        )
        demand_of(needs_second_factor)
        context_words_from(own_organisations)
        allow(lambda user: user.reach.holds({Role.COMMITTEE}), may_reset)
        call(OrganisationPeriod, _("tổ chức trực thuộc"))
        call(Organisation, _("tổ chức được kế tục"))
        call(Membership, _("đảng viên trong danh sách"))
        call(Post, _("người giữ chức vụ"))
        call(ImportBatch, _("lần nhập danh sách khác"))
        is_derived(Lineage)
        register_jobs(ImportBatch, working.work)
        keep("import_files", "IMPORT_DAYS_KEPT", forget_old)
        link(
            "cells:imports",
            _("Nhập dữ liệu"),
            "file-earmark-spreadsheet",
            _("Đưa sổ trao đổi hoặc danh sách đảng viên từ Excel vào, xem trước và hoàn tác."),
        )
        post_migrate.connect(seed_after_migrating, sender=self)


def seed_after_migrating(apps=current_apps, **_details):
    """After each migration, and after the flush of a test: the layouts begin the same everywhere."""
    from cells.papers import layouts

    if "paperlayout" in apps.all_models["cells"]:
        layouts.seed(apps)
