"""In which layout papers are made on which days, and what a place may choose within it (domain.md 2.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from cells.dated import DatedQuerySet, days_in_order
from cells.papers.sheets import USUAL


class LayoutCode(models.TextChoices):
    """Each has a folder of templates."""

    HD36_2018 = "hd36_2018", _("Hướng dẫn 36-HD/VPTW (2018)")
    HD05_2026 = "hd05_2026", _("Hướng dẫn 05-HD/VPTW (2026)")


class HeadingStyle(models.TextChoices):
    ROMAN = "roman", "I- / 1. / a) / -"
    LETTERS = "letters", "A. / I. / 1. / 4.1."


class PaperLayout(models.Model):
    """Papers dated on these days; the one that began last holds."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    code = models.CharField(_("thể thức"), max_length=20, choices=LayoutCode)
    headings = models.CharField(_("đánh số đề mục"), max_length=10, choices=HeadingStyle, default=HeadingStyle.ROMAN)
    end_mark = models.CharField(_("dấu kết thúc"), max_length=3, choices=[(".", "."), ("./.", "./.")], default=".")
    top = models.PositiveSmallIntegerField(_("lề trên (mm)"), default=USUAL["top"])
    bottom = models.PositiveSmallIntegerField(_("lề dưới (mm)"), default=USUAL["bottom"])
    left = models.PositiveSmallIntegerField(_("lề trái (mm)"), default=USUAL["left"])
    right = models.PositiveSmallIntegerField(_("lề phải (mm)"), default=USUAL["right"])
    body_size = models.PositiveSmallIntegerField(_("cỡ chữ nội dung (pt)"), default=USUAL["body_size"])
    leading = models.PositiveSmallIntegerField(_("khoảng cách dòng (pt)"), default=USUAL["leading"])
    page_number_size = models.PositiveSmallIntegerField(_("cỡ số trang (pt)"), default=USUAL["page_number_size"])
    source = models.CharField(_("căn cứ"), max_length=300)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day"]
        constraints = [
            models.UniqueConstraint(fields=["first_day"], name="paper_layout_key"),
            days_in_order("paper_layout"),
        ]

    def __str__(self):
        return self.get_code_display()

    @property
    def sheet(self) -> dict[str, int]:
        """Goes along with a composed paper to whoever typesets it."""
        return {name: getattr(self, name) for name in USUAL}
