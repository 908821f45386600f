"""Questions about a document for self-study. Who took part is counted; how anybody did is kept nowhere."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import shared
from cells.models import Organisation
from resolutions.models.documents import Document, keeps_at, places_of


class QuestionQuerySet(models.QuerySet):
    def for_user(self, user):
        """Of documents that one sees: what one's own organisations and those above them ask."""
        asked = shared(user.reach, "owner", places_of(user), user.reach.tops)
        return self.filter(asked, document__in=Document.objects.for_user(user).order_by())

    def in_use(self):
        return self.filter(withdrawn_at=None, document__withdrawn_at=None)

    def kept_by(self, user):
        return self.filter(owner__in=keeps_at(user.reach))


class Question(models.Model):
    class Kind(models.TextChoices):
        SINGLE = "single", _("một câu trả lời đúng")
        MULTIPLE = "multiple", _("nhiều câu trả lời đúng")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="questions")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("của"))
    kind = models.CharField(_("loại câu hỏi"), max_length=10, choices=Kind, default=Kind.SINGLE)
    text = models.CharField(_("câu hỏi"), max_length=500)
    explanation = models.CharField(_("giải thích"), max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = QuestionQuerySet.as_manager()
    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text

    @property
    def audit_place(self) -> int:
        return self.owner_id


class Option(models.Model):
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("câu trả lời"), max_length=300)
    is_right = models.BooleanField(_("đúng"), default=False)

    unscoped = models.Manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["question", "position"], name="option_key")]


class ParticipationQuerySet(models.QuerySet):
    def for_user(self, user):
        """One's own; others are only counted."""
        return self.filter(Q(user=user.pk))


class QuizParticipation(models.Model):
    """That somebody has worked through the questions of a document: once, however often, without any result."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    cell = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    last_at = models.DateTimeField(default=timezone.now)

    unscoped = models.Manager()
    objects = ParticipationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "user"], name="quiz_participation_key")]
