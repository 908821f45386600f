"""What every stored file has in common, whatever it hangs on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id


class FileState(models.TextChoices):
    RELEASED = "released", _("dùng được")
    WAITING = "waiting", _("chờ người thứ hai xem")  # no program can read what stands in it
    QUARANTINE = "quarantine", _("chờ quét vi-rút")
    REMOVED = "removed", _("đã gỡ")


class StoredFile(models.Model):
    """A file under DATA_DIR by a random name, never written again; its own name serves only for downloads."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    file_name = models.CharField(_("tên tệp"), max_length=200)
    stored_name = models.CharField(max_length=60, unique=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("dung lượng"))
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("tình trạng tệp"), max_length=20, choices=FileState, default=FileState.RELEASED)
    is_scanned = models.BooleanField(_("đã quét vi-rút"), default=False)

    class Meta:
        abstract = True

    @property
    def is_released(self) -> bool:
        return self.state == FileState.RELEASED

    @property
    def awaits_scan(self) -> bool:
        """Then nobody opens it, not even the second person who is to look at it."""
        waits = self.state == FileState.WAITING and settings.SCANNER and not self.is_scanned
        return self.state == FileState.QUARANTINE or bool(waits)

    def forget_content(self) -> None:
        """Called when the file is taken away: whatever else was kept of what stands in it goes, too."""
