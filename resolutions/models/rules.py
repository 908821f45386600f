"""Limits on conferences (Kết luận 226-KL/TW) as dated rows: what lies before their first day is never measured."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from cells.dated import DatedQuerySet, days_in_order


class ConferenceRuleQuerySet(DatedQuerySet):
    def for_user(self, user):
        """They hold for everybody and are read by everybody."""
        return self


class ConferenceRule(models.Model):
    class Subject(models.TextChoices):
        ONLINE_SHARE = "online_share", _("tỷ lệ hội nghị trực tuyến trong năm, ít nhất (%)")
        HYBRID_IS_ONLINE = "hybrid_is_online", _("hội nghị kết hợp tính là trực tuyến (1: có, 0: không)")
        MINUTES = "minutes", _("thời lượng một hội nghị, nhiều nhất (phút)")
        PROVINCE_A_YEAR = "province_a_year", _("hội nghị quán triệt toàn tỉnh trong năm, nhiều nhất")
        COMMUNE_A_YEAR = "commune_a_year", _("hội nghị quán triệt toàn xã trong năm, nhiều nhất")
        NO_REHOLDING = "no_reholding", _("không tổ chức lại nội dung đã truyền đến (1: có, 0: không)")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    subject = models.CharField(_("nội dung"), max_length=30, choices=Subject)
    number = models.PositiveSmallIntegerField(_("giá trị"))
    source = models.CharField(_("căn cứ"), max_length=300)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = ConferenceRuleQuerySet.as_manager()
    objects = ConferenceRuleQuerySet.as_manager()

    class Meta:
        ordering = ["subject", "first_day"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "first_day"], name="conference_rule_key"),
            days_in_order("conference_rule"),
        ]

    def __str__(self):
        return self.get_subject_display()
