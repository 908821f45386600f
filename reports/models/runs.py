"""The preparation of the drafts of many organisations at once, at the end of a quarter."""

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.dated import covering
from cells.models import Organisation, OrganisationPeriod
from cells.reach import DOWN_THE_TREE
from reports.periods import Period


class ReportRunQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the whole installation, of which everybody sees the own part, and those begun at one's own post."""
        tops = user.reach.at(DOWN_THE_TREE)
        return self.filter(models.Q(top=None) | models.Q(top__in=tops)) if tops else self.none()

    def with_names(self):
        """`top_name`: as the organisation was called on the cut-off day."""
        names = OrganisationPeriod.unscoped.filter(covering(OuterRef("until")), organisation=OuterRef("top"))
        return self.annotate(top_name=Subquery(names.values("name")[:1]))


class ReportRun(models.Model):
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    top = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(_("kỳ báo cáo"), max_length=10)
    until = models.DateField(_("ngày chốt số liệu"))
    started_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager()
    objects = ReportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-until", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["top", "period", "until"], name="report_run_key"),
            models.UniqueConstraint(
                fields=["period", "until"], condition=models.Q(top__isnull=True), name="report_run_everywhere_key"
            ),
        ]

    @property
    def covered(self) -> Period:
        return Period.stored(self.period, self.until)
