"""Whom a report is addressed to and who takes it in, as dated rows (domain.md 1.7; T2-14)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from cells.dated import DatedQuerySet, days_in_order
from cells.models import Organisation


class ReportSpan(models.TextChoices):
    MONTH = "month", _("tháng")
    QUARTER = "quarter", _("quý")
    HALF = "half", _("6 tháng")
    YEAR = "year", _("năm")
    CONFERENCE = "conference", _("sau hội nghị")


class ReportRoute(models.Model):
    """A rule for all that stands below an organisation, or everywhere; the nearest one holds."""

    class Issuers(models.TextChoices):
        CELLS = "cells", _("chi bộ")
        COMMITTEES = "committees", _("cấp ủy")

    class Addressee(models.TextChoices):
        COMMITTEE = "committee", _("cấp ủy cấp trên trực tiếp")
        STANDING = "standing", _("ban thường vụ cấp ủy cấp trên trực tiếp")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="report_routes"
    )
    issuers = models.CharField(_("nơi báo cáo"), max_length=12, choices=Issuers)
    span = models.CharField(_("loại báo cáo"), max_length=12, choices=ReportSpan)
    addressee = models.CharField(_("gửi"), max_length=12, choices=Addressee)
    through_board = models.BooleanField(_("qua ban tuyên giáo"), default=False)
    # A line of recipients; that it is owed once a year, rules about obligations say (T2-15).
    to_executive = models.BooleanField(_("báo cáo cả ban chấp hành của mình"), default=False)
    source = models.CharField(_("căn cứ"), max_length=300, blank=True)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["span", "issuers", "-first_day"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "issuers", "span", "first_day"], name="report_route_key"),
            models.UniqueConstraint(
                fields=["issuers", "span", "first_day"],
                condition=models.Q(organisation__isnull=True),
                name="report_route_everywhere_key",
            ),
            days_in_order("report_route"),
        ]
