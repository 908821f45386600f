"""In which order the national e-handbook (sổ tay đảng viên điện tử) asks for what a session came to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HandbookPart(models.TextChoices):
    GENERAL = "general", _("thông tin chung")
    ATTENDANCE = "attendance", _("thành phần và điểm danh")
    CONTENT = "content", _("nội dung")
    CONCLUSION = "conclusion", _("kết luận")
    VOTES = "votes", _("biểu quyết")
    TASKS = "tasks", _("nhiệm vụ")
    RATING = "rating", _("tự đánh giá")


class HandbookBlock(models.Model):
    """One text to copy over; administrators bring them into another order when the e-handbook changes its own."""

    part = models.CharField(max_length=20, choices=HandbookPart, unique=True)
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(_("tiêu đề"), max_length=150)

    unscoped = models.Manager()
    objects = models.Manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.heading
