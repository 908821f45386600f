"""The posts that give users their roles."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.dated import DatedQuerySet, days_in_order
from cells.models.tree import Organisation


class Role(models.TextChoices):
    MINUTE_TAKER = "minute_taker", _("thư ký")
    DEPUTY_SECRETARY = "deputy_secretary", _("phó bí thư")
    SECRETARY = "secretary", _("bí thư")
    BOARD = "board", _("ban tuyên giáo")
    COMMITTEE = "committee", _("cấp ủy")
    INSPECTOR = "inspector", _("kiểm tra")


class PostQuerySet(DatedQuerySet):
    def for_user(self, user):
        from cells import access

        return self if user.reach.is_administrator else self.filter(access.posts(user.reach))


class Post(models.Model):
    """A role of a user at an organisation, for a time."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(_("vai trò"), max_length=20, choices=Role)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)

    unscoped = PostQuerySet.as_manager()
    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role", "first_day"], name="post_key"),
            days_in_order("post"),
        ]
