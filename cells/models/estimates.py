"""What a figure keeps of the way it was come by."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Estimate(models.TextChoices):
    """The word a figure keeps when it was estimated; the order is that of figures.md for sums."""

    EXACT = "", _("chính xác")
    NEARLY = "nearly", _("gần")
    ABOUT = "about", _("khoảng")
    OVER = "over", _("trên")
