"""The second level of reporting: the standing committee before its own executive committee (T2-15)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reports.models.reports import Report


class ExecutiveEntry(models.Model):
    """On which day a year was reported on to the executive committee; of one year the newest entry stands.

    Without a day it takes back what stood before. Rows are added and never changed.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="executive_entries")  # as of that day
    day = models.DateField(_("ngày báo cáo trước Ban Chấp hành"), null=True, blank=True)
    reason = models.CharField(_("lý do sửa"), max_length=300, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager()

    class Meta:
        ordering = ["id"]
