"""Decisions about organisations, as they were drafted and carried out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.models.tree import Organisation


class ReorganisationQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those carried out with organisations that one knows from above, and one's own drafts and attempts."""
        from cells import access

        known = Organisation.unscoped.all()
        if not user.reach.is_administrator:
            known = known.filter(access.ruled(user.reach))
        parts = ReorganisationPart.unscoped.filter(organisation__in=known.values("pk"))
        carried_out = ~Q(state=Reorganisation.State.DRAFT) & Q(pk__in=parts.values("reorganisation"))
        return self.filter(carried_out | (~Q(state=Reorganisation.State.DONE) & Q(author=user)))


class Reorganisation(models.Model):
    """One decision about one or more organisations, carried out as a whole (domain.md 1.9, rule 4).

    What it changed stands in the periods, spans and posts themselves; `journal` says which rows, for the undo.
    """

    class Kind(models.TextChoices):
        FOUND = "found", _("thành lập")
        RENAME = "rename", _("đổi tên")
        MOVE = "move", _("chuyển trực thuộc")
        MERGE = "merge", _("hợp nhất")
        ABSORB = "absorb", _("sáp nhập")
        SPLIT = "split", _("chia, tách")
        DISSOLVE = "dissolve", _("giải thể, kết thúc hoạt động")

    class State(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        DONE = "done", _("đã thực hiện")
        TAKEN_BACK = "taken_back", _("đã hoàn tác")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    state = models.CharField(_("trạng thái"), max_length=20, choices=State, default=State.DRAFT)
    decision_number = models.CharField(_("số quyết định"), max_length=100, blank=True)
    decision_day = models.DateField(_("ngày quyết định"), null=True, blank=True)
    day = models.DateField(_("ngày có hiệu lực"), null=True, blank=True)
    reason = models.CharField(_("lý do, ghi chú"), max_length=500, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    order = models.JSONField(default=dict)  # what was filled in, as typed; nothing of a draft is lost
    journal = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]

    def __str__(self):
        return self.get_kind_display()


class ReorganisationPart(models.Model):
    """An organisation that took part: one that was before, one that is after, or one that hangs elsewhere since."""

    class Side(models.TextChoices):
        PREDECESSOR = "predecessor", _("trước sắp xếp")
        SUCCESSOR = "successor", _("sau sắp xếp")
        REHUNG = "rehung", _("chuyển trực thuộc theo")

    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.CASCADE, related_name="parts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reorganisations")
    side = models.CharField(max_length=20, choices=Side)

    unscoped = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reorganisation", "organisation", "side"], name="reorganisation_part_key")
        ]
